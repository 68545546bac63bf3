-- What every account stood at when a period was locked, kept apart from the warehouse.
select
    org_id,
    basis,
    account_number,
    cast(balance as decimal(18, 2)) as balance,
    cast(lock_date as date) as lock_date,
    cast(locked_at as timestamp with time zone) as locked_at
from {{ source("settings", "lock_balances") }}
