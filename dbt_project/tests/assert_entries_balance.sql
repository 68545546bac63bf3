-- I1: in both books every entry has two lines or more, one date, and debits equal to
-- credits, and its own row has that date and total: the accrual book's, else the cash
-- book's.
{{ config(meta={"dagster": {"ref": {"name": "journal_lines"}}}) }}
with
    books as (
        select org_id, 'accrual' as basis, entry_id, entry_date, debit, credit
        from {{ ref("journal_lines") }}
        union all
        select org_id, 'cash' as basis, entry_id, entry_date, debit, credit
        from {{ ref("journal_lines_cash") }}
    ),

    entries as (
        select
            org_id,
            entry_id,
            count(case when basis = 'accrual' then 1 end) as accrual_lines,
            count(case when basis = 'cash' then 1 end) as cash_lines,
            sum(case when basis = 'accrual' then debit end) as accrual_debit,
            sum(case when basis = 'accrual' then credit end) as accrual_credit,
            sum(case when basis = 'cash' then debit end) as cash_debit,
            sum(case when basis = 'cash' then credit end) as cash_credit,
            min(entry_date) as first_date,
            max(entry_date) as last_date
        from books
        group by org_id, entry_id
    )

select entries.org_id, entries.entry_id
from entries
left join
    {{ ref("journal_entries") }} as own
    on entries.org_id = own.org_id
    and entries.entry_id = own.entry_id
where
    entries.accrual_debit <> entries.accrual_credit
    or entries.cash_debit <> entries.cash_credit
    or entries.accrual_lines = 1
    or entries.cash_lines = 1
    or entries.first_date <> entries.last_date
    or own.entry_date is distinct from entries.first_date
    or own.total <> coalesce(entries.accrual_debit, entries.cash_debit)
