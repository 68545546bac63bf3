-- What still stands on the clearing accounts, payment by payment, since when and why. A
-- payment sent anew counts with the one that carries the money now.
with recursive
    reissued as (
        select *
        from
            (
                {{ known_now("int_payments_reissued", adds_org=true) }}
            ) as payments_reissued
    ),

    chains as (
        select org_id, payment_id, replacement_id
        from reissued
        where replacement_id is not null
        union
        select chains.org_id, chains.payment_id, reissued.replacement_id
        from chains
        inner join
            reissued
            on chains.org_id = reissued.org_id
            and chains.replacement_id = reissued.payment_id
            and reissued.replacement_id is not null
    ),

    carriers as (
        select
            chains.org_id, chains.payment_id, max(chains.replacement_id) as carrier_id
        from chains
        where
            not exists (
                select 1
                from reissued
                where
                    reissued.org_id = chains.org_id
                    and reissued.payment_id = chains.replacement_id
                    and reissued.replacement_id is not null
            )
        group by chains.org_id, chains.payment_id
    ),

    days as (
        select
            lines.org_id,
            lines.account_number,
            lines.document_type,
            coalesce(carriers.carrier_id, lines.document_id) as document_id,
            lines.entry_date,
            sum(lines.amount) as amount
        from {{ ref("journal_lines") }} as lines
        left join
            carriers
            on lines.org_id = carriers.org_id
            and {{ key_if("lines.document_type = 'payment'", "lines.document_id") }}
            = carriers.payment_id
        where lines.account_number in ('1090', '1095')
        group by
            lines.org_id,
            lines.account_number,
            lines.document_type,
            coalesce(carriers.carrier_id, lines.document_id),
            lines.entry_date
    ),

    running as (
        select
            days.*,
            sum(amount) over (
                partition by org_id, account_number, document_type, document_id
                order by entry_date
                rows between unbounded preceding and current row
            ) as balance
        from days
    ),

    balanced as (
        select
            running.*,
            max(case when balance = 0 then entry_date end) over (
                partition by org_id, account_number, document_type, document_id
            ) as zero_date
        from running
    ),

    items as (
        select
            org_id,
            account_number,
            document_type,
            document_id,
            cast(sum(amount) as decimal(18, 2)) as amount,
            min(
                case
                    when zero_date is null or entry_date > zero_date then entry_date
                end
            ) as since
        from balanced
        group by org_id, account_number, document_type, document_id
        having sum(amount) <> 0
    )

select
    items.org_id,
    items.account_number,
    items.document_type,
    items.document_id,
    case
        when items.document_id is null
        then 'manual_entry'
        when payments.state = 'funding_failed'
        then 'funding_failed'
        when reissued.payment_id is not null
        then 'reissue_unmatched'
        when payments.is_voided and payments.void_date > settings.as_of_date
        then 'void_money_pending'
        else 'unexplained'
    end as cause,
    items.amount,
    items.since,
    coalesce(payments.synced_at, settings.as_of) as synced_at
from items
inner join
    {{ ref("int_connection_settings_dated") }} as settings
    on items.org_id = settings.org_id
left join
    ({{ known_now("int_payments_known") }}) as payments
    on items.org_id = payments.org_id
    and {{ key_if("items.document_type = 'payment'", "items.document_id") }}
    = payments.payment_id
left join
    reissued
    on items.org_id = reissued.org_id
    and {{ key_if("items.document_type = 'payment'", "items.document_id") }}
    = reissued.payment_id
    and reissued.replacement_id is null
