-- Periods people closed or opened again.
select
    org_id,
    locked_by,
    coalesce(cast(reopened as boolean), false) as is_reopened,
    cast(decision_id as bigint) as decision_id,
    cast(lock_date as date) as lock_date,
    cast(locked_at as timestamp with time zone) as locked_at
from {{ source("decisions", "period_locks") }}
