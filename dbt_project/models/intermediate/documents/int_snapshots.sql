-- Each organization as it was known when a period was locked, and as it is known now:
-- the instants at which the ledger is computed. The current one is called as the
-- organization itself. Reopening a period takes back every lock beyond its date.
with
    settings as (select * from {{ ref("int_connection_settings_dated") }}),

    locks as (
        select
            locks.*,
            greatest(
                locks.locked_at, coalesce(started.started_at, locks.locked_at)
            ) as known_at
        from {{ ref("stg_decisions__period_locks") }} as locks
        inner join
            settings
            on locks.org_id = settings.org_id
            and locks.locked_at <= settings.as_of
        left join
            {{ ref("int_version_log_started") }} as started
            on locks.org_id = started.org_id
    ),

    clipped as (
        select
            locks.org_id,
            locks.decision_id,
            locks.locked_at,
            locks.known_at,
            least(
                locks.lock_date, coalesce(min(reopened.lock_date), locks.lock_date)
            ) as lock_date
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
            locks.org_id,
            locks.decision_id,
            locks.locked_at,
            locks.known_at,
            locks.lock_date
    ),

    -- Locks from before the first whole sync all take effect when it ends: one instant.
    instants as (
        select org_id, known_at, max(lock_date) as lock_date
        from clipped
        group by org_id, known_at
    ),

    rising as (
        select
            instants.*,
            max(lock_date) over (
                partition by org_id
                order by known_at
                rows between unbounded preceding and 1 preceding
            ) as highest_before
        from instants
    ),

    numbered as (
        select
            org_id,
            known_at,
            lock_date,
            row_number() over (partition by org_id order by known_at) as generation_no,
            lag(lock_date) over (
                partition by org_id order by known_at
            ) as previous_lock_date
        from rising
        where highest_before is null or lock_date > highest_before
    ),

    latest as (
        select org_id, max(generation_no) as generations, max(lock_date) as lock_date
        from numbered
        group by org_id
    ),

    dated as (
        select
            org_id,
            org_id
            || '@'
            || cast(generation_no as {{ dbt.type_string() }}) as snapshot_id,
            cast(generation_no as integer) as generation_no,
            false as is_current,
            lock_date,
            previous_lock_date,
            known_at as as_of
        from numbered
        union all
        select
            settings.org_id,
            settings.org_id as snapshot_id,
            cast(coalesce(latest.generations, 0) + 1 as integer) as generation_no,
            true as is_current,
            cast(null as date) as lock_date,
            latest.lock_date as previous_lock_date,
            settings.as_of
        from settings
        left join latest on settings.org_id = latest.org_id
    )

select
    dated.snapshot_id,
    dated.org_id,
    settings.connection_name,
    settings.org_timezone,
    settings.home_currency,
    settings.bill_posting_policy,
    dated.generation_no,
    settings.fiscal_year_start_month,
    dated.is_current,
    dated.lock_date,
    dated.previous_lock_date,
    settings.ledger_start_date,
    {{ local_date("dated.as_of", "settings.org_timezone") }} as as_of_date,
    dated.as_of,
    lead(dated.as_of) over (
        partition by dated.org_id order by dated.generation_no
    ) as next_as_of
from dated
inner join settings on dated.org_id = settings.org_id
