-- What this connection is, and the instant every model takes as now.
select
    org_id,
    connection_name,
    org_timezone,
    home_currency,
    bill_posting_policy,
    cast(fiscal_year_start_month as integer) as fiscal_year_start_month,
    cast(ledger_start_date as date) as ledger_start_date,
    cast(first_synced_at as timestamp with time zone) as first_synced_at,
    cast(as_of as timestamp with time zone) as as_of
from {{ source("settings", "connection_settings") }}
