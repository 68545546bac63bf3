-- The credit memo line items of every version of their credit memo, in the source's
-- order.
select
    org_id,
    credit_memo_id,
    id as credit_memo_line_item_id,
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
    cast(rate_percent as decimal(28, 8)) as rate_percent,
    cast(ordinal as bigint) as ordinal,
    cast(_version as bigint) as version,
    cast(taxable as boolean) as is_taxable
from {{ source("raw_bill", "credit_memo_line_items") }}
