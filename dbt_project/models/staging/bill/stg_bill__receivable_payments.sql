-- Every version of the receivable payments BILL has shown us, one row per content. A
-- receipt that BILL deletes stays, with the status it had: the money moved, and a void
-- would have been a version of its own. `is_deleted` says so.
select
    org_id,
    id as receivable_payment_id,
    customer_id,
    funding_account_id,
    receivables_account_id,
    description,
    funding_account_type,
    receivables_account_type,
    receivables_type,
    status,
    reference_number,
    _content_hash as content_hash,
    cast(amount as decimal(18, 2)) as amount,
    cast(unapplied_amount as decimal(18, 2)) as unapplied_amount,
    cast(convenience_fee_amount as decimal(18, 2)) as convenience_fee_amount,
    cast(_version as bigint) as version,
    coalesce(cast(_deleted as boolean), false) as is_deleted,
    cast(online_payment as boolean) as is_online,
    cast(payment_date as date) as payment_date,
    cast(created_time as timestamp with time zone) as created_at,
    cast(updated_time as timestamp with time zone) as updated_at,
    cast(_synced_at as timestamp with time zone) as synced_at
from {{ source("raw_bill", "receivable_payments") }}
