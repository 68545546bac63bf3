{#
    Settlements of documents in time order, each cut to what the document still owed, and
    the home amount it relieves: round(home x cut / local), the settling one the rest.
    `applications` needs the document's key, settlement_date, kind_order, source_id,
    application_id, local_amount and is_reversed; reversed ones do not use up the document.
    Adds: cut_amount, relief_amount.
#}
{% macro cut_and_relieved(applications, documents, key) -%}
    select
        proportioned.*,
        case
            when proportioned.cut_amount = 0
            then cast(0 as decimal(18, 2))
            when not proportioned.is_reversed and proportioned.is_last
            then
                cast(
                    proportioned.document_home_amount - (
                        proportioned.home_so_far - proportioned.proportional_amount
                    ) as decimal(18, 2)
                )
            else proportioned.proportional_amount
        end as relief_amount
    from ({{ proportioned_settlements(applications, documents, key) }}) as proportioned
{%- endmacro %}

{# Each settlement's share of the document's home amount, and running totals. #}
{% macro proportioned_settlements(applications, documents, key) -%}
    select
        shared.*,
        shared.cut_amount > 0
        and sum(shared.cut_amount) over (
            partition by shared.snapshot_id, shared.{{ key }}, shared.is_reversed
            order by {{ settlement_order("shared") }}
            rows between unbounded preceding and current row
        )
        = shared.document_amount as is_last,
        sum(shared.proportional_amount) over (
            partition by shared.snapshot_id, shared.{{ key }}, shared.is_reversed
            order by {{ settlement_order("shared") }}
            rows between unbounded preceding and current row
        ) as home_so_far
    from
        (
            select
                cut.*,
                case
                    when cut.document_amount = cut.document_home_amount
                    then cut.cut_amount
                    else {{ cents_to_money(home_share("cut")) }}
                end as proportional_amount
            from ({{ cut_settlements(applications, documents, key) }}) as cut
        ) as shared
{%- endmacro %}

{# Cents of a document's home amount that belong to a cut settlement. #}
{% macro home_share(relation) -%}
    {{
        round_div(
            "("
            ~ whole_units(relation ~ ".document_home_amount", 2)
            ~ " * "
            ~ whole_units(relation ~ ".cut_amount", 2)
            ~ ")",
            whole_units(relation ~ ".document_amount", 2),
        )
    }}
{%- endmacro %}

{# Settlements cut to what the document still owed when they came. #}
{% macro cut_settlements(applications, documents, key) -%}
    select
        ordered.*,
        cast(
            greatest(
                least(
                    ordered.local_amount,
                    ordered.document_amount - case
                        when ordered.is_reversed then 0 else ordered.before_amount
                    end
                ),
                0
            ) as decimal(18, 2)
        ) as cut_amount
    from
        (
            select
                {{ applications }}.*,
                {{ documents }}.amount as document_amount,
                {{ documents }}.home_amount as document_home_amount,
                sum({{ applications }}.local_amount) over (
                    partition by
                        {{ applications }}.snapshot_id,
                        {{ applications }}.{{ key }},
                        {{ applications }}.is_reversed
                    order by {{ settlement_order(applications) }}
                    rows between unbounded preceding and current row
                )
                - {{ applications }}.local_amount as before_amount
            from {{ applications }}
            inner join
                {{ documents }}
                on {{ applications }}.snapshot_id = {{ documents }}.snapshot_id
                and {{ applications }}.{{ key }} = {{ documents }}.{{ key }}
        ) as ordered
{%- endmacro %}

{# The one order in which settlements of a document count. #}
{% macro settlement_order(relation) -%}
    {%- set columns = [
        "settlement_date",
        "kind_order",
        "source_id",
        "application_id",
    ] -%}
    {%- for column in columns -%}
        {{ relation }}.{{ column }}{{ ", " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
