{#
    What the documents that foreign money names come to, in their currency and at home:
    its rate where it says none and settles nothing of them.
#}
{% macro named_rates(allotted, documents, money_id, document_id) -%}
    select
        allotted.snapshot_id,
        allotted.{{ money_id }},
        sum(documents.amount) as rated_local_amount,
        sum(documents.home_amount) as rated_amount
    from {{ ref(allotted) }} as allotted
    inner join
        {{ ref(documents) }} as documents
        on allotted.snapshot_id = documents.snapshot_id
        and allotted.{{ document_id }} = documents.{{ document_id }}
    where documents.is_foreign and documents.home_amount is not null
    group by allotted.snapshot_id, allotted.{{ money_id }}
{%- endmacro %}

{#
    A part of such money at home: at the rate of what the money settles, else at that of
    the documents it names. NULL where there is none.
#}
{% macro at_inferred_rate(part, parts, rates) -%}
    {{
        cents_to_money(
            round_div(
                "("
                ~ whole_units(part, 2)
                ~ " * "
                ~ whole_units(
                    "coalesce("
                    ~ parts
                    ~ ".relieved_amount, "
                    ~ rates
                    ~ ".rated_amount)",
                    2,
                )
                ~ ")",
                whole_units(
                    "case when "
                    ~ parts
                    ~ ".relieved_amount is null then "
                    ~ rates
                    ~ ".rated_local_amount else "
                    ~ parts
                    ~ ".relieved_local_amount end",
                    2,
                ),
            )
        )
    }}
{%- endmacro %}
