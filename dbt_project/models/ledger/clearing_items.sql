-- Money between BILL and the bank, item by item: what stands on the clearing accounts
-- and why; with a bank feed also which of its lines is which payment, what it does not
-- show, and what of it is not BILL's.
with
    matched as (
        select *
        from ({{ known_now("int_bank_lines_matched", adds_org=true) }}) as bank_matched
    ),

    known as (select * from ({{ known_now("int_bank_lines_known") }}) as bank_known),

    covered as (
        select
            org_id,
            account_number,
            min(booked_on) as first_booked_on,
            max(booked_on) as last_booked_on
        from known
        group by org_id, account_number
    ),

    legs as (
        select dated.*, covered.org_id as covered_org_id
        from ({{ known_now("int_transfers_dated", adds_org=true) }}) as dated
        left join
            covered
            on dated.org_id = covered.org_id
            and dated.bank_account = covered.account_number
            and dated.payment_date
            between covered.first_booked_on and covered.last_booked_on
    ),

    items as (
        select
            org_id,
            account_number,
            document_type,
            document_id,
            cast(null as {{ dbt.type_string() }}) as transaction_id,
            'clearing' as event,
            cause,
            amount,
            true as is_open,
            since
        from {{ ref("int_clearing_items_open") }}
        union all
        select
            org_id,
            bank_account as account_number,
            document_type,
            document_id,
            transaction_id,
            event,
            case
                when transaction_id is null then 'not_in_bank_feed' else 'matched'
            end as cause,
            cast(bank_sign * amount as decimal(18, 2)) as amount,
            transaction_id is null as is_open,
            movement_date as since
        from legs
        where transaction_id is not null or covered_org_id is not null
        union all
        select
            known.org_id,
            known.account_number,
            'bank_transaction' as document_type,
            known.transaction_id as document_id,
            known.transaction_id,
            'bank' as event,
            'not_a_transfer_of_bill' as cause,
            known.amount,
            true as is_open,
            known.booked_on as since
        from known
        where
            not exists (
                select 1
                from matched
                where
                    matched.org_id = known.org_id
                    and matched.transaction_id = known.transaction_id
            )
    )

select
    items.org_id,
    {{
        surrogate_key(
            [
                "items.org_id",
                "items.account_number",
                "items.document_type",
                "items.document_id",
                "items.event",
                "items.since",
            ]
        )
    }} as clearing_item_id,
    items.account_number,
    items.document_type,
    items.document_id,
    items.transaction_id,
    items.event,
    items.cause,
    items.amount,
    cast(
        greatest(
            {{ dbt.datediff("items.since", "settings.as_of_date", "day") }}, 0
        ) as integer
    ) as age_days,
    items.is_open,
    items.since
from items
inner join
    {{ ref("int_connection_settings_dated") }} as settings
    on items.org_id = settings.org_id
