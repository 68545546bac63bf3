-- I22: settlement suspense holds nothing, and what nobody could place is at most a
-- twentieth of a book's income or cost.
{{ config(severity="warn", meta={"dagster": {"ref": {"name": "profit_and_loss"}}}) }}
with
    placed as (
        select
            org_id,
            basis,
            case
                when account_type in ('revenue', 'other_income') then '4999' else '6999'
            end as account_number,
            sum(
                case when account_number in ('4999', '6999') then amount else 0 end
            ) as unplaced,
            sum(amount) as total
        from {{ ref("profit_and_loss") }}
        group by
            org_id,
            basis,
            case
                when account_type in ('revenue', 'other_income') then '4999' else '6999'
            end
    )

select org_id, basis, account_number, unplaced as amount
from placed
where abs(unplaced) * 20 > abs(total)
union all
select org_id, 'accrual' as basis, account_number, sum(amount) as amount
from {{ ref("journal_lines") }}
where account_number = '1099'
group by org_id, account_number
having sum(amount) <> 0
