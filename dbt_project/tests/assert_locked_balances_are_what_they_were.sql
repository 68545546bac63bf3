-- I18: balances at or before a lock are what they were when it was locked.
{{ config(severity="warn", meta={"dagster": {"ref": {"name": "lock_balances"}}}) }}
select org_id, lock_date, basis, account_number, balance, balance_now
from {{ ref("lock_balances") }}
where difference <> 0
