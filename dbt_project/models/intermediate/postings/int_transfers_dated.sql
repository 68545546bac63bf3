-- Movements between clearing and the bank on the day the bank booked them, where a bank
-- feed shows them, else on the day of their payment. Where two of the bank's lines make
-- up one sum, payments fill them in order, and the later day is an entry of its own.
with
    moved as (
        select
            moved.*,
            sum(amount) over (
                partition by snapshot_id, entry_key
                order by document_id
                rows between unbounded preceding and current row
            ) as upper_bound
        from {{ ref("int_transfers_moved") }} as moved
    ),

    lines as (
        select
            matched.*,
            abs(amount) as line_amount,
            sum(abs(amount)) over (
                partition by snapshot_id, entry_key
                order by booked_on, transaction_id
                rows between unbounded preceding and current row
            ) as upper_bound,
            min(booked_on) over (partition by snapshot_id, entry_key) as first_booked_on
        from {{ ref("int_bank_lines_matched") }} as matched
    ),

    parts as (
        select
            moved.snapshot_id,
            moved.event,
            moved.clearing_account,
            moved.bank_sign,
            moved.account_key,
            moved.bank_account,
            moved.document_type,
            moved.document_id,
            moved.movement_date as payment_date,
            moved.synced_at,
            lines.transaction_id,
            moved.entry_key || case
                when lines.booked_on > lines.first_booked_on
                then '|' || cast(lines.booked_on as {{ dbt.type_string() }})
                else ''
            end as entry_key,
            coalesce(lines.booked_on, moved.movement_date) as movement_date,
            case
                when lines.transaction_id is null
                then moved.amount
                else
                    least(moved.upper_bound, lines.upper_bound) - greatest(
                        moved.upper_bound - moved.amount,
                        lines.upper_bound - lines.line_amount
                    )
            end as amount
        from moved
        left join
            lines
            on moved.snapshot_id = lines.snapshot_id
            and moved.entry_key = lines.entry_key
            and moved.upper_bound > lines.upper_bound - lines.line_amount
            and lines.upper_bound > moved.upper_bound - moved.amount
    )

select
    snapshot_id,
    event,
    clearing_account,
    bank_sign,
    account_key,
    bank_account,
    document_type,
    document_id,
    entry_key,
    min(transaction_id) || case
        when min(transaction_id) < max(transaction_id)
        then ', ' || max(transaction_id)
        else ''
    end as transaction_id,
    cast(sum(amount) as decimal(18, 2)) as amount,
    payment_date,
    movement_date,
    synced_at
from parts
group by
    snapshot_id,
    event,
    clearing_account,
    bank_sign,
    account_key,
    bank_account,
    document_type,
    document_id,
    entry_key,
    payment_date,
    movement_date,
    synced_at
