-- The recurring bill line items of every version of their recurring bill, in the
-- source's order.
select
    org_id,
    recurring_bill_id,
    id as recurring_bill_line_item_id,
    classifications_chart_of_account_id as chart_of_account_id,
    classifications_accounting_class_id as accounting_class_id,
    classifications_department_id as department_id,
    classifications_location_id as location_id,
    classifications_item_id as item_id,
    classifications_job_id as job_id,
    classifications_employee_id as employee_id,
    description,
    cast(amount as decimal(18, 2)) as amount,
    cast(ordinal as bigint) as ordinal,
    cast(_version as bigint) as version
from {{ source("raw_bill", "recurring_bill_line_items") }}
