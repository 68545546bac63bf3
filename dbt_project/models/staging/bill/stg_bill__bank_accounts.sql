-- Every version of the bank accounts BILL has shown us, one row per content.
select
    org_id,
    id as bank_account_id,
    chart_of_account_id,
    status,
    created_by,
    name_on_account,
    type as bank_account_type,
    owner_type,
    bank_name,
    account_number,
    _content_hash as content_hash,
    cast(_version as bigint) as version,
    {{ gone_from_bill() }} as is_archived,
    cast(access_to_admins as boolean) as is_accessible_to_admins,
    cast(default_payables as boolean) as is_default_payables,
    cast(default_receivables as boolean) as is_default_receivables,
    cast(created_time as timestamp with time zone) as created_at,
    cast(updated_time as timestamp with time zone) as updated_at,
    cast(_synced_at as timestamp with time zone) as synced_at
from {{ source("raw_bill", "bank_accounts") }}
