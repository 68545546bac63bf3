-- Every lock of a period, and every reopening, in the order of locked_at.
select
    org_id,
    locked_by,
    cast(decision_id as bigint) as decision_id,
    coalesce(cast(reopened as boolean), false) as is_reopened,
    cast(lock_date as date) as lock_date,
    cast(locked_at as timestamp with time zone) as locked_at
from {{ source("decisions", "period_locks") }}
