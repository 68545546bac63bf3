-- Sums between clearing and the bank, each with the line of a bank feed that is it:
-- same account, same amount, booked from a day before to five days after, which spans a
-- long weekend. Among equal amounts the first sum takes the first line it may.
with recursive
    sums as (
        select
            snapshot_id,
            entry_key,
            bank_account as account_number,
            movement_date,
            cast(sum(bank_sign * amount) as decimal(18, 2)) as amount
        from {{ ref("int_transfers_moved") }}
        group by snapshot_id, entry_key, bank_account, movement_date
    ),

    lines as (
        select
            known.*,
            row_number() over (
                partition by snapshot_id, account_number, amount
                order by booked_on, transaction_id
            ) as line_no
        from {{ ref("int_bank_lines_known") }} as known
    ),

    windows as (
        select
            sums.snapshot_id,
            sums.entry_key,
            sums.account_number,
            sums.amount,
            sums.movement_date,
            min(lines.line_no) as first_line_no,
            max(lines.line_no) as last_line_no
        from sums
        inner join
            lines
            on sums.snapshot_id = lines.snapshot_id
            and sums.account_number = lines.account_number
            and sums.amount = lines.amount
            and lines.booked_on
            between {{ days_after("sums.movement_date", -1) }}
            and {{ days_after("sums.movement_date", 5) }}
        group by
            sums.snapshot_id,
            sums.entry_key,
            sums.account_number,
            sums.amount,
            sums.movement_date
    ),

    queued as (
        select
            windows.*,
            row_number() over (
                partition by snapshot_id, account_number, amount
                order by movement_date, entry_key
            ) as sum_no
        from windows
    ),

    taken as (
        select
            snapshot_id,
            entry_key,
            account_number,
            amount,
            sum_no,
            first_line_no as line_no,
            first_line_no as last_taken
        from queued
        where sum_no = 1
        union all
        select
            queued.snapshot_id,
            queued.entry_key,
            queued.account_number,
            queued.amount,
            queued.sum_no,
            case
                when
                    greatest(queued.first_line_no, taken.last_taken + 1)
                    <= queued.last_line_no
                then greatest(queued.first_line_no, taken.last_taken + 1)
            end as line_no,
            case
                when
                    greatest(queued.first_line_no, taken.last_taken + 1)
                    <= queued.last_line_no
                then greatest(queued.first_line_no, taken.last_taken + 1)
                else taken.last_taken
            end as last_taken
        from taken
        inner join
            queued
            on taken.snapshot_id = queued.snapshot_id
            and taken.account_number = queued.account_number
            and taken.amount = queued.amount
            and taken.sum_no + 1 = queued.sum_no
    )

select
    taken.snapshot_id,
    taken.entry_key,
    lines.transaction_id,
    lines.account_number,
    lines.amount,
    lines.booked_on
from taken
inner join
    lines
    on taken.snapshot_id = lines.snapshot_id
    and taken.account_number = lines.account_number
    and taken.amount = lines.amount
    and taken.line_no = lines.line_no
