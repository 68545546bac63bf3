-- The connection's settings, with today as a date in the organization's time zone.
select
    org_id,
    connection_name,
    org_timezone,
    home_currency,
    bill_posting_policy,
    fiscal_year_start_month,
    ledger_start_date,
    {{ local_date("as_of", "org_timezone") }} as as_of_date,
    as_of
from {{ ref("stg_settings__connection_settings") }}
