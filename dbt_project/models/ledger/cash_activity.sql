-- What moved on each bank and clearing account in a month, by whom it went to or came
-- from. A month in which an account rests has one row, so that every balance is here.
with
    accounts as (
        select org_id, account_number, account_name
        from {{ ref("accounts") }}
        where account_subtype in ('bank', 'clearing')
    ),

    -- An adjusting entry counts as the kind of the entry it adjusts, which is not there
    -- where it became known after the lock.
    entries as (
        select
            org_id,
            entry_id,
            source_entity,
            entry_type in ('payment_void', 'receipt_void')
            or entry_key like '%|void|adj|%' as is_void
        from {{ ref("journal_entries") }}
    ),

    -- What a person moved from one of these accounts to another.
    moved_between as (
        select lines.org_id, lines.entry_id
        from {{ ref("journal_lines") }} as lines
        inner join
            entries
            on lines.org_id = entries.org_id
            and lines.entry_id = entries.entry_id
            and entries.source_entity = 'manual'
        left join
            accounts
            on lines.org_id = accounts.org_id
            and lines.account_number = accounts.account_number
        group by lines.org_id, lines.entry_id
        having count(accounts.account_number) = count(*)
    ),

    -- Money out to vendors passes 1090, money in from customers 1095.
    transfers as (
        select
            org_id,
            entry_id,
            case when min(account_number) = '1090' then 'ap' else 'ar' end as direction
        from {{ ref("journal_lines") }}
        where account_number in ('1090', '1095')
        group by org_id, entry_id
    ),

    movements as (
        select
            lines.org_id,
            lines.account_number,
            lines.party_id,
            lines.amount,
            {{ month_start("lines.entry_date") }} as month,
            case
                when
                    entries.source_entity = 'transfer'
                    or moved_between.entry_id is not null
                then 'transfer'
                when
                    entries.is_void
                    or entries.source_entity in ('vendor_credit', 'credit_memo')
                then 'refund'
                when entries.source_entity in ('receipt', 'invoice')
                then 'receipt'
                when entries.source_entity = 'manual' and lines.amount > 0
                then 'receipt'
                else 'payment'
            end as kind,
            case
                when entries.source_entity = 'manual'
                then 'other'
                when entries.source_entity = 'transfer'
                then coalesce(transfers.direction, 'other')
                when entries.source_entity in ('receipt', 'invoice', 'credit_memo')
                then 'ar'
                else 'ap'
            end as direction
        from {{ ref("journal_lines") }} as lines
        inner join
            accounts
            on lines.org_id = accounts.org_id
            and lines.account_number = accounts.account_number
        inner join
            entries
            on lines.org_id = entries.org_id
            and lines.entry_id = entries.entry_id
        left join
            transfers
            on lines.org_id = transfers.org_id
            and lines.entry_id = transfers.entry_id
        left join
            moved_between
            on lines.org_id = moved_between.org_id
            and lines.entry_id = moved_between.entry_id
    ),

    monthly as (
        select
            org_id,
            account_number,
            party_id,
            month,
            direction,
            sum(case when kind = 'payment' then - amount else 0 end) as payments,
            sum(case when kind = 'receipt' then amount else 0 end) as receipts,
            sum(case when kind = 'refund' then amount else 0 end) as refunds,
            sum(case when kind = 'transfer' then amount else 0 end) as transfers,
            sum(amount) as net
        from movements
        group by org_id, account_number, party_id, month, direction
    ),

    balances as (
        select
            balances.org_id,
            balances.account_number,
            accounts.account_name,
            balances.closing,
            {{ month_start("balances.month_end") }} as month
        from {{ ref("trial_balance") }} as balances
        inner join
            accounts
            on balances.org_id = accounts.org_id
            and balances.account_number = accounts.account_number
        where balances.basis = 'accrual'
    )

select
    balances.org_id,
    {{
        surrogate_key(
            [
                "balances.org_id",
                "balances.month",
                "balances.account_number",
                "monthly.direction",
                "monthly.party_id",
            ]
        )
    }} as activity_id,
    balances.account_number,
    monthly.party_id,
    balances.account_name,
    coalesce(monthly.direction, 'none') as direction,
    cast(coalesce(monthly.payments, 0) as decimal(18, 2)) as payments,
    cast(coalesce(monthly.receipts, 0) as decimal(18, 2)) as receipts,
    cast(coalesce(monthly.refunds, 0) as decimal(18, 2)) as refunds,
    cast(coalesce(monthly.transfers, 0) as decimal(18, 2)) as transfers,
    cast(coalesce(monthly.net, 0) as decimal(18, 2)) as net,
    balances.closing as closing_balance,
    balances.month
from balances
left join
    monthly
    on balances.org_id = monthly.org_id
    and balances.account_number = monthly.account_number
    and balances.month = monthly.month
