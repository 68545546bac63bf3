-- The recurring invoice line items of every version of their recurring invoice, in
-- the source's order.
select
    org_id,
    recurring_invoice_id,
    id as recurring_invoice_line_item_id,
    classifications_chart_of_account_id as chart_of_account_id,
    classifications_accounting_class_id as accounting_class_id,
    classifications_department_id as department_id,
    classifications_location_id as location_id,
    classifications_item_id as item_id,
    classifications_job_id as job_id,
    description,
    cast(amount as decimal(18, 2)) as amount,
    cast(price as decimal(28, 8)) as price,
    cast(quantity as decimal(28, 8)) as quantity,
    cast(ordinal as bigint) as ordinal,
    cast(_version as bigint) as version,
    cast(taxable as boolean) as is_taxable
from {{ source("raw_bill", "recurring_invoice_line_items") }}
