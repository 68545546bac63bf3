-- I16: the cash book has no receivables and no payables, and on each day as much moves
-- on each bank and clearing account as in the accrual book.
{{ config(severity="warn", meta={"dagster": {"ref": {"name": "journal_lines_cash"}}}) }}
with
    money as (
        select
            lines.org_id,
            lines.account_number,
            lines.entry_date,
            sum(
                case
                    when lines.basis = 'accrual' then lines.amount else - lines.amount
                end
            ) as difference
        from ({{ both_books() }}) as lines
        inner join
            {{ ref("accounts") }} as accounts
            on lines.org_id = accounts.org_id
            and lines.account_number = accounts.account_number
        where accounts.account_subtype in ('bank', 'clearing', 'credit_card')
        group by lines.org_id, lines.account_number, lines.entry_date
    )

select org_id, account_number, entry_date, difference
from money
where difference <> 0
union all
select org_id, account_number, entry_date, amount as difference
from {{ ref("journal_lines_cash") }}
where account_number in ('1100', '2000')
