-- What every account stood at when a period was locked, and what it stands at now by
-- the same date: the two are equal as long as the version log is whole.
select
    org_id,
    basis,
    account_number,
    balance,
    balance_now,
    difference,
    lock_date,
    locked_at
from {{ ref("int_lock_balances_compared") }}
