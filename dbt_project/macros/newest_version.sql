{#
    The versions of each record that each snapshot knows. `entity` names a kind of
    document: an earlier snapshot holds only those that changed since, see
    int_snapshot_members. Without it every snapshot holds all records.
    Adds: snapshot_id.
#}
{% macro known_versions(model, key, entity=none) -%}
    select known.*, snapshots.snapshot_id, snapshots.org_timezone
    from {{ ref(model) }} as known
    inner join
        {{ ref("int_snapshots") }} as snapshots
        on known.org_id = snapshots.org_id
        and known.synced_at <= snapshots.as_of
    {%- if entity %}
        where
            snapshots.is_current
            or exists (
                select 1
                from {{ ref("int_snapshot_members") }} as members
                where
                    members.snapshot_id = snapshots.snapshot_id
                    and members.record_entity = '{{ entity }}'
                    and members.record_id = known.{{ key }}
            )
    {%- endif %}
{%- endmacro %}

{# The newest version of each record that each snapshot knows. #}
{% macro newest_version(model, key, entity=none) -%}
    select versions.*
    from
        (
            select
                known.*,
                row_number() over (
                    partition by known.snapshot_id, known.{{ key }}
                    order by known.version desc
                ) as newness
            from ({{ known_versions(model, key, entity) }}) as known
        ) as versions
    where versions.newness = 1
{%- endmacro %}

{#
    A model's rows as known now. The current snapshot is called as its organization, so
    that models without one get their org_id from it.
#}
{% macro known_now(model, adds_org=false) -%}
    select
        current_rows.* {%- if adds_org %}, current_rows.snapshot_id as org_id{% endif %}
    from {{ ref(model) }} as current_rows
    inner join
        {{ ref("int_snapshots") }} as snapshots
        on current_rows.snapshot_id = snapshots.snapshot_id
        and snapshots.is_current
{%- endmacro %}
