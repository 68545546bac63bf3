-- Every version of BILL's own invoices to the organization, one row per content.
select
    org_id,
    id as billing_statement_id,
    invoice_number,
    description,
    payment_status,
    _content_hash as content_hash,
    cast(amount as decimal(18, 2)) as amount,
    cast(_version as bigint) as version,
    coalesce(cast(_deleted as boolean), false) as is_archived,
    cast(invoice_date as date) as invoice_date,
    cast(billing_period_start_date as date) as billing_period_start_date,
    cast(billing_period_end_date as date) as billing_period_end_date,
    cast(payment_date as date) as payment_date,
    cast(_synced_at as timestamp with time zone) as synced_at
from {{ source("raw_bill", "billing_statements") }}
