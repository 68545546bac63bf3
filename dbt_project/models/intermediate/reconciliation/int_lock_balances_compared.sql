-- For each lock that holds, what every account stood at by its date when it was first
-- published, and what it stands at now. A lock that no balances are kept of yet is
-- published for the first time: both are the same.
with
    frozen as (
        select org_id, max(lock_date) as frozen_until
        from {{ ref("int_snapshots") }}
        where not is_current
        group by org_id
    ),

    -- A lock that was moved back still closes what is before; where another lock closes
    -- the same date, that one is enough.
    placed as (
        select
            in_force.org_id,
            in_force.lock_date,
            in_force.locked_at,
            in_force.is_moved_back,
            row_number() over (
                partition by in_force.org_id, in_force.lock_date
                order by
                    in_force.is_moved_back, in_force.locked_at, in_force.decision_id
            ) as place
        from {{ ref("int_locks_in_force") }} as in_force
        inner join
            frozen
            on in_force.org_id = frozen.org_id
            and in_force.lock_date <= frozen.frozen_until
    ),

    locks as (
        select distinct org_id, lock_date, locked_at
        from placed
        where not is_moved_back or place = 1
    ),

    -- Days are few beside lines.
    movements as (
        select org_id, basis, account_number, entry_date, sum(amount) as amount
        from ({{ both_books() }}) as lines
        group by org_id, basis, account_number, entry_date
    ),

    balances as (
        select
            locks.org_id,
            locks.lock_date,
            locks.locked_at,
            movements.basis,
            movements.account_number,
            sum(movements.amount) as balance_now,
            cast(0 as decimal(18, 2)) as balance
        from locks
        inner join
            movements
            on locks.org_id = movements.org_id
            and movements.entry_date <= locks.lock_date
        group by
            locks.org_id,
            locks.lock_date,
            locks.locked_at,
            movements.basis,
            movements.account_number
        union all
        select
            locks.org_id,
            locks.lock_date,
            locks.locked_at,
            kept.basis,
            kept.account_number,
            cast(0 as decimal(18, 2)) as balance_now,
            kept.balance
        from locks
        inner join
            {{ ref("stg_settings__lock_balances") }} as kept
            on locks.org_id = kept.org_id
            and locks.lock_date = kept.lock_date
            and locks.locked_at = kept.locked_at
    ),

    known as (
        select distinct org_id, lock_date, locked_at
        from {{ ref("stg_settings__lock_balances") }}
    ),

    summed as (
        select
            org_id,
            lock_date,
            locked_at,
            basis,
            account_number,
            sum(balance_now) as balance_now,
            sum(balance) as balance
        from balances
        group by org_id, lock_date, locked_at, basis, account_number
    )

select
    summed.org_id,
    summed.basis,
    summed.account_number,
    cast(
        case
            when known.org_id is null then summed.balance_now else summed.balance
        end as decimal(18, 2)
    ) as balance,
    cast(summed.balance_now as decimal(18, 2)) as balance_now,
    cast(
        case
            when known.org_id is null then 0 else summed.balance_now - summed.balance
        end as decimal(18, 2)
    ) as difference,
    summed.lock_date,
    summed.locked_at
from summed
left join
    known
    on summed.org_id = known.org_id
    and summed.lock_date = known.lock_date
    and summed.locked_at = known.locked_at
