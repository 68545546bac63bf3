-- Every version of the vendor credits BILL has shown us, one row per content.
select
    org_id,
    id as vendor_credit_id,
    vendor_id,
    apply_to_chart_of_account_id,
    apply_to_bank_account_id,
    reference_number,
    description,
    status,
    _content_hash as content_hash,
    cast(amount as decimal(18, 2)) as amount,
    cast(applied_amount as decimal(18, 2)) as applied_amount,
    cast(_version as bigint) as version,
    {{ gone_from_bill() }} as is_archived,
    cast(credit_date as date) as credit_date,
    cast(created_time as timestamp with time zone) as created_at,
    cast(updated_time as timestamp with time zone) as updated_at,
    cast(_synced_at as timestamp with time zone) as synced_at
from {{ source("raw_bill", "vendor_credits") }}
