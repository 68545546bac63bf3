-- Each organization as it was known when a period was locked, and as it is known now:
-- the instants at which the ledger is computed. The current one is called as the
-- organization itself. Each is computed with the settings that were in force; the first
-- there were count from ever.
with
    settings as (select * from {{ ref("int_connection_settings_dated") }}),

    versions as (
        select
            versions.*,
            row_number() over (
                partition by org_id order by effective_at, version_id
            ) as place,
            lead(effective_at) over (
                partition by org_id order by effective_at, version_id
            ) as ended_at
        from {{ ref("stg_settings__settings_versions") }} as versions
    ),

    -- Locks from before the first whole sync all take effect when it ends: one instant.
    instants as (
        select org_id, known_at, max(lock_date) as lock_date
        from {{ ref("int_locks_in_force") }}
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
    ),

    governed as (
        select
            dated.*,
            settings.connection_name,
            settings.fiscal_year_start_month,
            coalesce(versions.org_timezone, settings.org_timezone) as org_timezone,
            coalesce(versions.home_currency, settings.home_currency) as home_currency,
            coalesce(
                versions.bill_posting_policy, settings.bill_posting_policy
            ) as bill_posting_policy,
            case
                when versions.org_id is null
                then settings.ledger_start_date
                else versions.ledger_start_date
            end as ledger_start_date
        from dated
        inner join settings on dated.org_id = settings.org_id
        left join
            versions
            on dated.org_id = versions.org_id
            and not dated.is_current
            and (versions.place = 1 or versions.effective_at <= dated.as_of)
            and (versions.ended_at is null or versions.ended_at > dated.as_of)
    )

select
    snapshot_id,
    org_id,
    connection_name,
    org_timezone,
    home_currency,
    bill_posting_policy,
    generation_no,
    fiscal_year_start_month,
    is_current,
    lock_date,
    previous_lock_date,
    ledger_start_date,
    {{ local_date("as_of", "org_timezone") }} as as_of_date,
    as_of,
    lead(as_of) over (partition by org_id order by generation_no) as next_as_of
from governed
