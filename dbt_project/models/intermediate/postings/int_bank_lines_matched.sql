-- Every line of a bank feed that is part of a sum between clearing and the bank: the
-- whole of it, or one of two debits of a day that together are the sum.
with
    whole as (select * from {{ ref("int_bank_sums_matched") }}),

    sums as (
        select
            moved.snapshot_id,
            moved.entry_key,
            moved.bank_account as account_number,
            moved.movement_date,
            cast(sum(moved.bank_sign * moved.amount) as decimal(18, 2)) as amount
        from {{ ref("int_transfers_moved") }} as moved
        where
            not exists (
                select 1
                from whole
                where
                    whole.snapshot_id = moved.snapshot_id
                    and whole.entry_key = moved.entry_key
            )
        group by
            moved.snapshot_id, moved.entry_key, moved.bank_account, moved.movement_date
        having count(*) > 1
    ),

    lines as (
        select known.*
        from {{ ref("int_bank_lines_known") }} as known
        where
            not exists (
                select 1
                from whole
                where
                    whole.snapshot_id = known.snapshot_id
                    and whole.transaction_id = known.transaction_id
            )
    ),

    pairs as (
        select
            sums.snapshot_id,
            sums.entry_key,
            sums.movement_date,
            one.transaction_id as one_id,
            other.transaction_id as other_id,
            row_number() over (
                partition by sums.snapshot_id, sums.entry_key
                order by
                    one.booked_on,
                    other.booked_on,
                    one.transaction_id,
                    other.transaction_id
            ) as pair_rank
        from sums
        inner join
            lines as one
            on sums.snapshot_id = one.snapshot_id
            and sums.account_number = one.account_number
            and sign(sums.amount) = sign(one.amount)
            and one.booked_on
            between {{ days_after("sums.movement_date", -1) }}
            and {{ days_after("sums.movement_date", 5) }}
        inner join
            lines as other
            on one.snapshot_id = other.snapshot_id
            and one.account_number = other.account_number
            and sums.amount = one.amount + other.amount
            and sign(sums.amount) = sign(other.amount)
            and one.transaction_id < other.transaction_id
            and other.booked_on
            between {{ days_after("sums.movement_date", -1) }}
            and {{ days_after("sums.movement_date", 5) }}
    ),

    claims as (
        select snapshot_id, entry_key, movement_date, one_id as transaction_id
        from pairs
        where pair_rank = 1
        union all
        select snapshot_id, entry_key, movement_date, other_id as transaction_id
        from pairs
        where pair_rank = 1
    ),

    ranked as (
        select
            claims.*,
            row_number() over (
                partition by snapshot_id, transaction_id
                order by movement_date, entry_key
            ) as claim_rank
        from claims
    ),

    granted as (
        select snapshot_id, entry_key
        from ranked
        where claim_rank = 1
        group by snapshot_id, entry_key
        having count(*) = 2
    )

select snapshot_id, entry_key, transaction_id, account_number, amount, booked_on
from whole
union all
select
    ranked.snapshot_id,
    ranked.entry_key,
    lines.transaction_id,
    lines.account_number,
    lines.amount,
    lines.booked_on
from ranked
inner join
    granted
    on ranked.snapshot_id = granted.snapshot_id
    and ranked.entry_key = granted.entry_key
inner join
    lines
    on ranked.snapshot_id = lines.snapshot_id
    and ranked.transaction_id = lines.transaction_id
where ranked.claim_rank = 1
