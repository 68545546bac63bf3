-- Every version of the card accounts BILL has shown us, one row per content.
select
    org_id,
    id as card_account_id,
    created_by,
    issuing_bank_name,
    name_on_account,
    brand,
    type as card_account_type,
    status,
    last4,
    _content_hash as content_hash,
    cast(_version as bigint) as version,
    {{ gone_from_bill() }} as is_archived,
    cast(default_payables as boolean) as is_default_payables,
    cast(default_receivables as boolean) as is_default_receivables,
    cast(created_time as timestamp with time zone) as created_at,
    cast(updated_time as timestamp with time zone) as updated_at,
    cast(_synced_at as timestamp with time zone) as synced_at
from {{ source("raw_bill", "card_accounts") }}
