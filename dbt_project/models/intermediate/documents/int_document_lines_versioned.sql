-- Every line a document ever had, version by version, with its exact amount as a
-- whole number of 10^-16: price times quantity keeps all its decimals there; also in
-- cents where they are whole. A line of an invoice without a price is a percentage of
-- the others: those there are share what the others lack to the total, evenly.
{%- set cent = "100000000000000" %}
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
                    ~ whole_units("lines.price", 8)
                    ~ " * "
                    ~ whole_units("coalesce(lines.quantity, 1)", 8)
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
    ),

    priced as (
        select
            lines.org_id,
            'invoice' as source_entity,
            lines.invoice_id as document_id,
            lines.version,
            coalesce(
                lines.invoice_line_item_id,
                'line-' || cast(lines.ordinal as {{ dbt.type_string() }})
            ) as line_id,
            lines.ordinal as line_ordinal,
            lines.description,
            lines.chart_of_account_id,
            lines.accounting_class_id,
            lines.department_id,
            lines.location_id,
            lines.job_id,
            lines.item_id,
            coalesce(
                {{ whole_units("lines.price", 8) }}
                * {{ whole_units("coalesce(lines.quantity, 1)", 8) }},
                percentages.weight,
                0
            ) as weight
        from {{ ref("stg_bill__invoice_line_items") }} as lines
        left join
            percentages
            on lines.org_id = percentages.org_id
            and lines.invoice_id = percentages.invoice_id
            and lines.version = percentages.version
        union all
        select
            lines.org_id,
            'credit_memo' as source_entity,
            lines.credit_memo_id as document_id,
            lines.version,
            coalesce(
                lines.credit_memo_line_item_id,
                'line-' || cast(lines.ordinal as {{ dbt.type_string() }})
            ) as line_id,
            lines.ordinal as line_ordinal,
            lines.description,
            lines.chart_of_account_id,
            lines.accounting_class_id,
            lines.department_id,
            lines.location_id,
            lines.job_id,
            lines.item_id,
            coalesce(
                {{ whole_units("lines.amount", 2) }} * {{ cent }},
                {{ whole_units("lines.price", 8) }}
                * {{ whole_units("coalesce(lines.quantity, 1)", 8) }},
                0
            ) as weight
        from {{ ref("stg_bill__credit_memo_line_items") }} as lines
    )

select
    lines.org_id,
    'bill' as source_entity,
    lines.bill_id as document_id,
    lines.version,
    coalesce(
        lines.bill_line_item_id,
        'line-' || cast(lines.ordinal as {{ dbt.type_string() }})
    ) as line_id,
    lines.ordinal as line_ordinal,
    lines.description,
    lines.chart_of_account_id,
    lines.accounting_class_id,
    lines.department_id,
    lines.location_id,
    lines.job_id,
    lines.item_id,
    coalesce({{ whole_units("lines.amount", 2) }} * {{ cent }}, 0) as weight,
    coalesce({{ whole_units("lines.amount", 2) }}, 0) as whole_cents
from {{ ref("stg_bill__bill_line_items") }} as lines
union all
select
    lines.org_id,
    'vendor_credit' as source_entity,
    lines.vendor_credit_id as document_id,
    lines.version,
    coalesce(
        lines.vendor_credit_line_item_id,
        'line-' || cast(lines.ordinal as {{ dbt.type_string() }})
    ) as line_id,
    lines.ordinal as line_ordinal,
    lines.description,
    lines.chart_of_account_id,
    lines.accounting_class_id,
    lines.department_id,
    lines.location_id,
    lines.job_id,
    lines.item_id,
    coalesce({{ whole_units("lines.amount", 2) }} * {{ cent }}, 0) as weight,
    coalesce({{ whole_units("lines.amount", 2) }}, 0) as whole_cents
from {{ ref("stg_bill__vendor_credit_line_items") }} as lines
union all
select
    priced.*,
    case
        when mod(weight, {{ cent }}) = 0 then {{ floor_div("weight", cent) }}
    end as whole_cents
from priced
