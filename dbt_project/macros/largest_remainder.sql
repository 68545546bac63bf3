{#
    Split `target` (cents, per group) over rows by whole-number `weight`, exactly: floor
    every share, then one more cent to the largest fractions, ties to the lowest
    ordinal. A group whose weights sum to zero gets zero shares.
    Adds: share_cents.
#}
{% macro largest_remainder(relation, keys, weight, target, ordinal) -%}
    {%- set per_group = "partition by " ~ keys | join(", ") -%}
    select
        ranked.*,
        ranked.floor_cents + case
            when
                row_number() over (
                    {{ per_group }} order by ranked.remainder desc, ranked.{{ ordinal }}
                )
                <= ranked.missing_cents
            then 1
            else 0
        end as share_cents
    from ({{ floored_shares(relation, per_group, weight, target) }}) as ranked
{%- endmacro %}

{# Shares rounded down, what each lost by it, and the cents missing per group. #}
{% macro floored_shares(relation, per_group, weight, target) -%}
    select
        floored.*,
        floored.numerator - floored.floor_cents * floored.divisor as remainder,
        case
            when floored.divisor is null
            then 0
            else {{ target }} - sum(floored.floor_cents) over ({{ per_group }})
        end as missing_cents
    from
        (
            select
                exact.*,
                coalesce(
                    {{ floor_div("exact.numerator", "exact.divisor") }}, 0
                ) as floor_cents
            from ({{ exact_shares(relation, per_group, weight, target) }}) as exact
        ) as floored
{%- endmacro %}

{# Each row's share as a fraction whose divisor is positive, or NULL without weights. #}
{% macro exact_shares(relation, per_group, weight, target) -%}
    select
        weighed.*,
        {{ target }} * {{ weight }} * sign(weighed.group_weight) as numerator,
        nullif(abs(weighed.group_weight), 0) as divisor
    from
        (
            select
                {{ relation }}.*,
                sum({{ weight }}) over ({{ per_group }}) as group_weight
            from {{ relation }}
        ) as weighed
{%- endmacro %}
