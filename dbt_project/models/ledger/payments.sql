-- Money out to vendors and in from customers, posted or not, with what is not yet
-- applied.
with
    flagged as (select * from {{ ref("int_flags_listed") }}),

    items as (select * from {{ ref("int_open_items_summed") }}),

    cash as (
        select org_id, source_entity, source_id, abs(sum(amount)) as home_amount
        from ({{ known_now("int_accrual_united") }}) as accrual
        where entry_type in ('payment', 'receipt') and role = 'cash'
        group by org_id, source_entity, source_id
    ),

    united as (
        select
            org_id,
            'ap' as direction,
            'payment' as document_type,
            payment_id,
            'vendor' as party_entity,
            vendor_id as source_party_id,
            transaction_number as number,
            currency,
            disbursement_type as method,
            state,
            funding_account_type,
            funding_account_id,
            not_posted_reason,
            amount,
            is_online,
            process_date as payment_date,
            case when is_voided then void_date end as void_date
        from ({{ known_now("int_payments_known") }}) as payments_known
        union all
        select
            org_id,
            'ar' as direction,
            'receipt' as document_type,
            receipt_id as payment_id,
            'customer' as party_entity,
            customer_id as source_party_id,
            reference_number as number,
            currency,
            receivables_type as method,
            state,
            receivables_account_type as funding_account_type,
            receivables_account_id as funding_account_id,
            not_posted_reason,
            amount,
            is_online,
            payment_date,
            case when is_voided then void_date end as void_date
        from ({{ known_now("int_receipts_known") }}) as receipts_known
    )

select
    united.org_id,
    united.direction,
    united.payment_id,
    parties.party_id,
    united.source_party_id,
    united.funding_account_id,
    united.number,
    united.currency,
    united.method,
    united.state,
    united.funding_account_type as funding_account,
    case
        when united.not_posted_reason is not null
        then united.not_posted_reason
        when united.payment_date < settings.ledger_start_date
        then 'before_start'
        when cash.home_amount is null
        then 'fx_rate_missing'
    end as not_posted_reason,
    united.amount as amount_local,
    cast(cash.home_amount as decimal(18, 2)) as amount_home,
    cast(
        case when united.direction = 'ap' then 1 else -1 end
        * coalesce(items.balance, 0) as decimal(18, 2)
    ) as unapplied_home,
    cast(
        case when united.state = 'scheduled' then united.amount else 0 end as decimal(
            18, 2
        )
    ) as scheduled_amount,
    cash.home_amount is not null as posted,
    united.is_online,
    united.payment_date as date,
    united.void_date,
    coalesce(flagged.flags, cast([] as varchar[])) as flags
from united
inner join
    {{ ref("int_connection_settings_dated") }} as settings
    on united.org_id = settings.org_id
left join
    {{ ref("int_parties_named") }} as parties
    on united.org_id = parties.org_id
    and united.source_party_id = parties.source_id
    and united.party_entity = parties.source_entity
left join
    cash
    on united.org_id = cash.org_id
    and united.document_type = cash.source_entity
    and united.payment_id = cash.source_id
left join
    items
    on united.org_id = items.org_id
    and united.document_type = items.document_type
    and united.payment_id = items.document_id
left join
    flagged
    on united.org_id = flagged.org_id
    and united.document_type = flagged.document_type
    and united.payment_id = flagged.document_id
