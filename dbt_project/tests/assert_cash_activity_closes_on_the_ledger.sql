-- Every bank and clearing account's closing balance is the sum of its lines, and what
-- moved in the months so far adds up to it.
{{ config(severity="warn", meta={"dagster": {"ref": {"name": "cash_activity"}}}) }}
with
    stated as (
        select
            org_id,
            account_number,
            month,
            min(closing_balance) as lowest,
            max(closing_balance) as highest,
            sum(sum(net)) over (
                partition by org_id, account_number
                order by month
                rows between unbounded preceding and current row
            ) as moved
        from {{ ref("cash_activity") }}
        group by org_id, account_number, month
    ),

    booked as (
        select
            stated.org_id,
            stated.account_number,
            stated.month,
            sum(lines.amount) as balance
        from stated
        inner join
            {{ ref("journal_lines") }} as lines
            on stated.org_id = lines.org_id
            and stated.account_number = lines.account_number
            and lines.entry_date <= {{ month_end("stated.month") }}
        group by stated.org_id, stated.account_number, stated.month
    )

select stated.org_id, stated.account_number, stated.month, 'balance' as problem
from stated
left join
    booked
    on stated.org_id = booked.org_id
    and stated.account_number = booked.account_number
    and stated.month = booked.month
where
    stated.lowest <> coalesce(booked.balance, 0)
    or stated.highest <> coalesce(booked.balance, 0)
    or stated.moved <> coalesce(booked.balance, 0)
union all
select org_id, account_number, month, 'columns do not add up to net' as problem
from {{ ref("cash_activity") }}
where receipts - payments + refunds + transfers <> net
