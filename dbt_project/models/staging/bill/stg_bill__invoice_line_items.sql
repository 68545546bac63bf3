-- The invoice line items of every version of their invoice, in the source's order.
select
    org_id,
    invoice_id,
    id as invoice_line_item_id,
    classifications_chart_of_account_id as chart_of_account_id,
    classifications_accounting_class_id as accounting_class_id,
    classifications_department_id as department_id,
    classifications_location_id as location_id,
    classifications_item_id as item_id,
    classifications_job_id as job_id,
    description,
    cast(price as decimal(28, 8)) as price,
    cast(quantity as decimal(28, 8)) as quantity,
    cast(ordinal as bigint) as ordinal,
    cast(_version as bigint) as version
from {{ source("raw_bill", "invoice_line_items") }}
