-- Income and cost by account and month, and since the fiscal year began. Income counts
-- credits, cost counts debits, so contra accounts are negative.
with
    movements as (
        select
            balances.org_id,
            balances.basis,
            balances.account_number,
            accounts.account_name,
            accounts.account_type,
            accounts.statement_line,
            {{ month_start("balances.month_end") }} as month,
            {{ fiscal_year("balances.month_end", "settings.fiscal_year_start_month") }}
            as fiscal_year,
            case
                when accounts.account_type in ('revenue', 'other_income')
                then balances.credits - balances.debits
                else balances.debits - balances.credits
            end as amount
        from {{ ref("trial_balance") }} as balances
        inner join
            {{ ref("accounts") }} as accounts
            on balances.org_id = accounts.org_id
            and balances.account_number = accounts.account_number
        inner join
            {{ ref("int_connection_settings_dated") }} as settings
            on balances.org_id = settings.org_id
        where accounts.statement = 'profit_and_loss'
    )

select
    org_id,
    basis,
    account_number,
    account_name,
    account_type,
    statement_line,
    cast(amount as decimal(18, 2)) as amount,
    cast(
        sum(amount) over (
            partition by org_id, basis, account_number, fiscal_year
            order by month
            rows between unbounded preceding and current row
        ) as decimal(18, 2)
    ) as ytd,
    fiscal_year,
    month
from movements
