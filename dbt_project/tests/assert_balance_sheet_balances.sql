-- I15: in each book, at every month end, assets equal liabilities and equity, and every
-- month of the trial balance has its balance sheet.
{{ config(meta={"dagster": {"ref": {"name": "balance_sheet"}}}) }}
with
    sides as (
        select
            org_id,
            basis,
            month_end,
            sum(
                case when section = 'assets' then amount else - amount end
            ) as difference
        from {{ ref("balance_sheet") }}
        group by org_id, basis, month_end
    ),

    months as (select distinct org_id, basis, month_end from {{ ref("trial_balance") }})

select months.org_id, months.basis, months.month_end, sides.difference
from months
left join
    sides
    on months.org_id = sides.org_id
    and months.basis = sides.basis
    and months.month_end = sides.month_end
where sides.difference is distinct from 0
