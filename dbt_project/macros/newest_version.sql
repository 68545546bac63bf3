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
            and snapshots.is_current
        union all
        select known.*, members.snapshot_id, members.org_timezone
        from {{ ref(model) }} as known
        inner join
            {{ ref("int_snapshot_members") }} as members
            on known.org_id = members.org_id
            and known.{{ key }} = members.record_id
            and members.record_entity = '{{ entity }}'
            and known.synced_at <= members.as_of
    {%- endif %}
{%- endmacro %}

{#
    The newest version of each record that each snapshot knows. Versions are chosen by
    their keys alone, so that whole rows are read once.
#}
{% macro newest_version(model, key, entity=none) -%}
    select known.*, newest.snapshot_id, newest.org_timezone
    from {{ ref(model) }} as known
    inner join
        (
            select
                versions.snapshot_id,
                versions.org_timezone,
                versions.org_id,
                versions.{{ key }},
                max(versions.version) as version
            from ({{ known_versions(model, key, entity) }}) as versions
            group by
                versions.snapshot_id,
                versions.org_timezone,
                versions.org_id,
                versions.{{ key }}
        ) as newest
        on known.org_id = newest.org_id
        and known.{{ key }} = newest.{{ key }}
        and known.version = newest.version
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
