-- Every version of the recurring invoices BILL has shown us, one row per content.
select
    org_id,
    id as recurring_invoice_id,
    customer_id,
    classifications_accounting_class_id as accounting_class_id,
    classifications_department_id as department_id,
    classifications_job_id as job_id,
    classifications_location_id as location_id,
    description,
    schedule_period,
    _content_hash as content_hash,
    cast(schedule_frequency as bigint) as schedule_frequency,
    cast(schedule_days_in_advance as bigint) as schedule_days_in_advance,
    cast(_version as bigint) as version,
    {{ gone_from_bill() }} as is_archived,
    cast(send_email as boolean) as is_emailed,
    cast(schedule_next_due_date as date) as next_due_date,
    cast(schedule_end_date as date) as end_date,
    cast(created_time as timestamp with time zone) as created_at,
    cast(updated_time as timestamp with time zone) as updated_at,
    cast(_synced_at as timestamp with time zone) as synced_at
from {{ source("raw_bill", "recurring_invoices") }}
