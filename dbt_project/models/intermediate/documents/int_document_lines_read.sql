-- The lines of every version of every document, each with its exact amount as a whole
-- number of 10^-16: price times quantity keeps all its decimals there. A line of an
-- invoice without a price is a percentage of the others: those there are share what the
-- others lack to the total, evenly.
{{ config(materialized="view") }}
{%- set cent = "100000000000000" %}
{%- set product = (
    whole_units("lines.price", 8)
    ~ " * "
    ~ whole_units("coalesce(lines.quantity, 1)", 8)
) %}
with
    percentages as (
        select
            lines.org_id,
            lines.invoice_id,
            lines.version,
            {{
                floor_div(
                    "("
                    ~ whole_units(
                        "min(invoices.total_amount - coalesce(invoices.sales_tax_total, 0))",
                        2,
                    )
                    ~ " * "
                    ~ cent
                    ~ " - coalesce(sum("
                    ~ product
                    ~ "), 0))",
                    "(count(*) - count(lines.price))",
                )
            }}
            as weight
        from {{ ref("stg_bill__invoice_line_items") }} as lines
        inner join
            {{ ref("stg_bill__invoices") }} as invoices
            on lines.org_id = invoices.org_id
            and lines.invoice_id = invoices.invoice_id
            and lines.version = invoices.version
        group by lines.org_id, lines.invoice_id, lines.version
        having count(*) > count(lines.price)
    )

select
    {{ raw_line("bill") }},
    coalesce(
        {{ whole_units("lines.amount", 2) }} * {{ cent }}, {{ product }}, 0
    ) as weight
from {{ ref("stg_bill__bill_line_items") }} as lines
union all
select
    {{ raw_line("vendor_credit") }},
    coalesce({{ whole_units("lines.amount", 2) }} * {{ cent }}, 0) as weight
from {{ ref("stg_bill__vendor_credit_line_items") }} as lines
union all
select
    {{ raw_line("invoice") }}, coalesce({{ product }}, percentages.weight, 0) as weight
from {{ ref("stg_bill__invoice_line_items") }} as lines
left join
    percentages
    on lines.org_id = percentages.org_id
    and lines.invoice_id = percentages.invoice_id
    and lines.version = percentages.version
union all
select
    {{ raw_line("credit_memo") }},
    coalesce(
        {{ whole_units("lines.amount", 2) }} * {{ cent }}, {{ product }}, 0
    ) as weight
from {{ ref("stg_bill__credit_memo_line_items") }} as lines
