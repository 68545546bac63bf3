-- Every lock known by now, with the date that it still closes: reopening a period takes
-- back what every earlier lock closes beyond its date. None counts from before the
-- history was first whole.
with
    locks as (
        select
            locks.*,
            greatest(
                locks.locked_at, coalesce(started.started_at, locks.locked_at)
            ) as known_at
        from {{ ref("stg_decisions__period_locks") }} as locks
        inner join
            {{ ref("int_connection_settings_dated") }} as settings
            on locks.org_id = settings.org_id
            and locks.locked_at <= settings.as_of
        left join
            {{ ref("int_version_log_started") }} as started
            on locks.org_id = started.org_id
    )

select
    locks.org_id,
    locks.decision_id,
    coalesce(min(reopened.lock_date) < locks.lock_date, false) as is_moved_back,
    least(
        locks.lock_date, coalesce(min(reopened.lock_date), locks.lock_date)
    ) as lock_date,
    locks.locked_at,
    locks.known_at
from locks
left join
    locks as reopened
    on locks.org_id = reopened.org_id
    and reopened.is_reopened
    and (
        reopened.locked_at > locks.locked_at
        or (
            reopened.locked_at = locks.locked_at
            and reopened.decision_id > locks.decision_id
        )
    )
where not locks.is_reopened
group by
    locks.org_id, locks.decision_id, locks.lock_date, locks.locked_at, locks.known_at
