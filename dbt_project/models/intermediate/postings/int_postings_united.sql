-- Every posting of both books, as each snapshot has it. Nothing posts before the day
-- the ledger starts, but what people write: later events still find what came before
-- it.
{{ config(materialized="view") }}
with
    postings as (
        select 'accrual' as basis, accrual.*
        from {{ ref("int_accrual_united") }} as accrual
        union all
        select 'cash' as basis, cash.*
        from {{ ref("int_cash_united") }} as cash
    )

select
    snapshots.org_id,
    snapshots.org_id
    || substr(postings.entry_key, length(postings.snapshot_id) + 1) as book_entry_key,
    postings.*
from postings
inner join
    {{ ref("int_snapshots") }} as snapshots
    on postings.snapshot_id = snapshots.snapshot_id
where
    postings.amount <> 0
    and (
        snapshots.ledger_start_date is null
        or postings.entry_date >= snapshots.ledger_start_date
        or postings.entry_type = 'manual'
    )
