-- I3: in each book closing balances add up to zero every month, and a month opens as
-- the last closed.
with
    ordered as (
        select
            org_id,
            basis,
            account_number,
            month_end,
            opening,
            closing,
            opening + debits - credits as computed,
            coalesce(
                lag(closing) over (
                    partition by org_id, basis, account_number order by month_end
                ),
                0
            ) as previous_closing
        from {{ ref("trial_balance") }}
    )

select org_id, basis, month_end, 'closing is not zero' as problem
from ordered
group by org_id, basis, month_end
having sum(closing) <> 0
union all
select org_id, basis, month_end, 'does not carry over' as problem
from ordered
where opening <> previous_closing or closing <> computed
