-- I15: each account of the balance sheet and of profit and loss is what the trial
-- balance has of it, which is what the lines of the month moved; the year to date is
-- the sum of its months.
{{ config(meta={"dagster": {"ref": {"name": "balance_sheet"}}}) }}
{%- set account = "org_id, basis, account_number, month_end" %}
with
    accounts as (
        select
            org_id,
            account_number,
            account_type,
            case when account_number <> '3900' then statement end as statement
        from {{ ref("accounts") }}
    ),

    earned as (
        select
            *,
            {{ month_end("month") }} as month_end,
            case
                when account_type in ('revenue', 'other_income') then -1 else 1
            end as sign,
            sum(amount) over (
                partition by org_id, basis, account_number, fiscal_year
                order by month
                rows between unbounded preceding and current row
            ) as earned_so_far
        from {{ ref("profit_and_loss") }}
    ),

    moved as (
        select
            org_id,
            basis,
            account_number,
            {{ month_end("entry_date") }} as month_end,
            sum(debit) as debits,
            sum(credit) as credits
        from ({{ both_books() }}) as lines
        group by org_id, basis, account_number, {{ month_end("entry_date") }}
    ),

    shares as (
        select
            {{ account }},
            'balance_sheet' as statement,
            case when section = 'assets' then amount else - amount end as amount
        from {{ ref("balance_sheet") }}
        where account_number not in ('3900', 'net_income')
        union all
        select {{ account }}, 'profit_and_loss' as statement, sign * amount as amount
        from earned
        union all
        select
            balances.org_id,
            balances.basis,
            balances.account_number,
            balances.month_end,
            accounts.statement,
            - case
                when accounts.statement = 'balance_sheet'
                then balances.closing
                else balances.debits - balances.credits
            end as amount
        from {{ ref("trial_balance") }} as balances
        inner join
            accounts
            on balances.org_id = accounts.org_id
            and balances.account_number = accounts.account_number
            and accounts.statement is not null
        union all
        select {{ account }}, 'debits' as statement, debits as amount
        from {{ ref("trial_balance") }}
        union all
        select {{ account }}, 'credits' as statement, credits as amount
        from {{ ref("trial_balance") }}
        union all
        select {{ account }}, 'debits' as statement, - debits as amount
        from moved
        union all
        select {{ account }}, 'credits' as statement, - credits as amount
        from moved
    )

select {{ account }}, statement, sum(amount) as difference
from shares
group by {{ account }}, statement
having sum(amount) <> 0
union all
select {{ account }}, 'year to date' as statement, ytd - earned_so_far as difference
from earned
where ytd <> earned_so_far
