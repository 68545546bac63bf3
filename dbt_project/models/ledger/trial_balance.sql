-- Every account used, every month, in both books: what it opened with, what moved, what
-- it closed with.
with
    movements as (
        select
            org_id,
            basis,
            account_number,
            {{ month_start("entry_date") }} as month,
            sum(debit) as debits,
            sum(credit) as credits,
            sum(amount) as movement
        from ({{ both_books() }}) as lines
        group by org_id, basis, account_number, {{ month_start("entry_date") }}
    ),

    used as (select distinct org_id, basis, account_number from movements),

    filled as (
        select
            months.org_id,
            used.basis,
            used.account_number,
            months.month_end,
            coalesce(movements.debits, 0) as debits,
            coalesce(movements.credits, 0) as credits,
            coalesce(movements.movement, 0) as movement,
            sum(coalesce(movements.movement, 0)) over (
                partition by months.org_id, used.basis, used.account_number
                order by months.month
                rows between unbounded preceding and current row
            ) as closing
        from {{ ref("int_months_spanned") }} as months
        inner join used on months.org_id = used.org_id
        left join
            movements
            on used.org_id = movements.org_id
            and used.basis = movements.basis
            and used.account_number = movements.account_number
            and months.month = movements.month
    )

select
    filled.org_id,
    filled.basis,
    filled.account_number,
    accounts.account_name,
    cast(filled.closing - filled.movement as decimal(18, 2)) as opening,
    cast(filled.debits as decimal(18, 2)) as debits,
    cast(filled.credits as decimal(18, 2)) as credits,
    cast(filled.closing as decimal(18, 2)) as closing,
    filled.month_end
from filled
inner join
    {{ ref("accounts") }} as accounts
    on filled.org_id = accounts.org_id
    and filled.account_number = accounts.account_number
