{#
    The decisions of a kind that count at each snapshot: of all about one subject, named
    by `keys`, the newest. Rows said together are one decision and stay together.
    Adds: snapshot_id.
#}
{% macro decisions_in_force(kind, keys) -%}
    select ranked.*
    from
        (
            select
                decisions.*,
                snapshots.snapshot_id,
                snapshots.is_current,
                rank() over (
                    partition by
                        snapshots.snapshot_id
                        {%- for key in keys %}, decisions.{{ key }}{% endfor %}
                    order by decisions.effective_at desc, decisions.decision_id desc
                ) as recency
            from {{ ref("stg_decisions__" ~ kind) }} as decisions
            inner join
                {{ ref("int_snapshots") }} as snapshots
                on decisions.org_id = snapshots.org_id
                and decisions.effective_at <= snapshots.as_of
        ) as ranked
    where ranked.recency = 1
{%- endmacro %}
