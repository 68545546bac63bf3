-- Every version of the payments BILL has shown us, one row per content.
-- A payment that BILL deletes stays, with the status it had: the money moved, and a
-- void
-- would have been a version of its own. `is_deleted` says so.
select
    org_id,
    id as payment_id,
    vendor_id,
    bill_id,
    funding_account_id,
    classifications_chart_of_account_id as chart_of_account_id,
    vendor_name,
    description,
    funding_account_type,
    transaction_number,
    confirmation_number,
    status,
    single_status,
    disbursement_status,
    disbursement_type,
    remittance_email,
    created_by,
    disbursement_info_check_disbursement_check_number as check_number,
    _content_hash as content_hash,
    cast(amount as decimal(18, 2)) as amount,
    cast(funding_amount as decimal(18, 2)) as funding_amount,
    cast(exchange_rate as decimal(28, 8)) as exchange_rate,
    cast(_version as bigint) as version,
    coalesce(cast(_deleted as boolean), false) as is_deleted,
    cast(online_payment as boolean) as is_online,
    cast(cancel_request_submitted as boolean) as is_cancel_requested,
    cast(disbursement_info_is_voidable as boolean) as is_voidable,
    cast(process_date as date) as process_date,
    cast(created_time as timestamp with time zone) as created_at,
    cast(updated_time as timestamp with time zone) as updated_at,
    cast(_synced_at as timestamp with time zone) as synced_at
from {{ source("raw_bill", "payments") }}
