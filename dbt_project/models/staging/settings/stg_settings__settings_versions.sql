-- Every version of the settings that decide what posts and when.
select
    org_id,
    org_timezone,
    home_currency,
    bill_posting_policy,
    cast(version_id as bigint) as version_id,
    cast(ledger_start_date as date) as ledger_start_date,
    cast(effective_at as timestamp with time zone) as effective_at
from {{ source("settings", "settings_versions") }}
