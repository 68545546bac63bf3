-- I1: in both books every entry has two lines or more, one date, and debits equal to
-- credits.
{{ config(meta={"dagster": {"ref": {"name": "journal_lines"}}}) }}
with
    books as (
        select org_id, 'accrual' as basis, entry_id, entry_date, debit, credit
        from {{ ref("journal_lines") }}
        union all
        select org_id, 'cash' as basis, entry_id, entry_date, debit, credit
        from {{ ref("journal_lines_cash") }}
    )

select org_id, basis, entry_id
from books
group by org_id, basis, entry_id
having sum(debit) <> sum(credit) or count(*) < 2 or min(entry_date) <> max(entry_date)
