-- I16: the cash book has no receivables and no payables, and its bank lines are those
-- of
-- the accrual book by day and account.
{{ config(meta={"dagster": {"ref": {"name": "journal_lines_cash"}}}) }}
with
    banks as (
        select org_id, entry_date, account_number, amount
        from {{ ref("journal_lines") }}
        where account_type = 'asset' and account_number < '1099'
        union all
        select org_id, entry_date, account_number, - amount as amount
        from {{ ref("journal_lines_cash") }}
        where account_type = 'asset' and account_number < '1099'
    )

select org_id, account_number, entry_date
from {{ ref("journal_lines_cash") }}
where account_number in ('1100', '2000')
union all
select org_id, account_number, entry_date
from banks
group by org_id, account_number, entry_date
having sum(amount) <> 0
