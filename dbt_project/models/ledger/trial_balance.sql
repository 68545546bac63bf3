-- Every account used, every month: what it opened with, what moved, what it closed
-- with.
with
    movements as (
        select
            org_id,
            account_number,
            {{ month_start("entry_date") }} as month,
            sum(debit) as debits,
            sum(credit) as credits,
            sum(amount) as movement
        from {{ ref("journal_lines") }}
        group by org_id, account_number, {{ month_start("entry_date") }}
    ),

    accounts as (select distinct org_id, account_number from movements),

    filled as (
        select
            months.org_id,
            accounts.account_number,
            months.month,
            months.month_end,
            coalesce(movements.debits, 0) as debits,
            coalesce(movements.credits, 0) as credits,
            coalesce(movements.movement, 0) as movement,
            sum(coalesce(movements.movement, 0)) over (
                partition by months.org_id, accounts.account_number
                order by months.month
                rows between unbounded preceding and current row
            ) as closing
        from {{ ref("int_months_spanned") }} as months
        inner join accounts on months.org_id = accounts.org_id
        left join
            movements
            on accounts.org_id = movements.org_id
            and accounts.account_number = movements.account_number
            and months.month = movements.month
    )

select
    filled.org_id,
    'accrual' as basis,
    filled.account_number,
    listed.account_name,
    cast(filled.closing - filled.movement as decimal(18, 2)) as opening,
    cast(filled.debits as decimal(18, 2)) as debits,
    cast(filled.credits as decimal(18, 2)) as credits,
    cast(filled.closing as decimal(18, 2)) as closing,
    filled.month_end
from filled
inner join
    {{ ref("int_accounts_listed") }} as listed
    on filled.org_id = listed.org_id
    and filled.account_number = listed.account_number
