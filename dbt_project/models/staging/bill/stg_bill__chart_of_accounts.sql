-- Every version of the chart of accounts BILL has shown us, one row per content.
select
    org_id,
    id as chart_of_account_id,
    parent_id,
    name as chart_of_account_name,
    description,
    account_type,
    account_number,
    _content_hash as content_hash,
    cast(_version as bigint) as version,
    {{ gone_from_bill() }} as is_archived,
    cast(created_time as timestamp with time zone) as created_at,
    cast(updated_time as timestamp with time zone) as updated_at,
    cast(_synced_at as timestamp with time zone) as synced_at
from {{ source("raw_bill", "chart_of_accounts") }}
