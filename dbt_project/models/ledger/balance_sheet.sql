-- What the company owns, owes and is worth at every month end. Two rows are computed,
-- since nothing is closed in the ledger: what earlier fiscal years earned and what this
-- one has earned so far.
with
    balances as (
        select
            balances.org_id,
            balances.basis,
            balances.month_end,
            balances.account_number,
            balances.account_name,
            balances.closing,
            accounts.account_type,
            accounts.statement,
            accounts.statement_line
        from {{ ref("trial_balance") }} as balances
        inner join
            {{ ref("accounts") }} as accounts
            on balances.org_id = accounts.org_id
            and balances.account_number = accounts.account_number
    ),

    earned as (
        select
            org_id,
            basis,
            {{ month_end("month") }} as month_end,
            sum(
                case
                    when account_type in ('revenue', 'other_income') then ytd else - ytd
                end
            ) as net_income
        from {{ ref("profit_and_loss") }}
        group by org_id, basis, {{ month_end("month") }}
    ),

    totals as (
        select
            balances.org_id,
            balances.basis,
            balances.month_end,
            coalesce(min(earned.net_income), 0) as net_income,
            - sum(
                case
                    when
                        balances.statement = 'profit_and_loss'
                        or balances.account_number = '3900'
                    then balances.closing
                    else 0
                end
            ) as earned_ever
        from balances
        left join
            earned
            on balances.org_id = earned.org_id
            and balances.basis = earned.basis
            and balances.month_end = earned.month_end
        group by balances.org_id, balances.basis, balances.month_end
    ),

    united as (
        select
            org_id,
            basis,
            account_number,
            account_name,
            case
                when account_type = 'asset'
                then 'assets'
                when account_type = 'liability'
                then 'liabilities'
                else 'equity'
            end as section,
            statement_line,
            case when account_type = 'asset' then closing else - closing end as amount,
            month_end
        from balances
        where statement = 'balance_sheet' and account_number <> '3900'
        union all
        select
            org_id,
            basis,
            '3900' as account_number,
            'Retained Earnings' as account_name,
            'equity' as section,
            'Retained earnings' as statement_line,
            earned_ever - net_income as amount,
            month_end
        from totals
        union all
        select
            org_id,
            basis,
            'net_income' as account_number,
            'Net Income' as account_name,
            'equity' as section,
            'Net income' as statement_line,
            net_income as amount,
            month_end
        from totals
    )

select
    org_id,
    basis,
    account_number,
    account_name,
    section,
    statement_line,
    cast(amount as decimal(18, 2)) as amount,
    month_end
from united
