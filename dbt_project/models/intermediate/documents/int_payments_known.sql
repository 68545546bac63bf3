-- AP payments as known now, each with what its status means for the ledger.
with
    payments as ({{ newest_version("stg_bill__payments", "payment_id", "payment") }}),

    settings as (select * from {{ ref("int_snapshots") }}),

    vendors as (select * from {{ ref("int_vendors_known") }}),

    voids as (select * from {{ ref("int_payments_voided") }}),

    chart as (
        {{ newest_version("stg_bill__chart_of_accounts", "chart_of_account_id") }}
    ),

    states as (select * from {{ ref("payment_states") }} where direction = 'ap'),

    stated as (
        select
            payments.*,
            settings.home_currency,
            coalesce(vendors.currency, settings.home_currency) as currency,
            coalesce(voids.void_date, payments.process_date) as void_date,
            voids.void_type,
            chart.account_type as chart_account_type,
            coalesce(single.state, coarse.state, 'unknown') as source_state,
            coalesce(single.is_posted, coarse.is_posted, false) as is_posted_state,
            coalesce(single.has_bank_leg, coarse.has_bank_leg, false) as has_bank_leg,
            coalesce(single.is_voided, coarse.is_voided, false) as is_voided,
            coalesce(
                single.has_money_back, coarse.has_money_back, false
            ) as has_money_back,
            coalesce(single.reason, coarse.reason) as state_reason,
            case
                when single.state is null then coarse.flag else single.flag
            end as state_flag,
            (
                single.state is null
                and payments.is_online
                and coalesce(payments.single_status, 'UNDEFINED') <> 'UNDEFINED'
            )
            or (single.state is null and coarse.state is null) as is_status_unknown,
            payments.process_date > settings.as_of_date as is_in_future,
            excluded.document_id is not null as is_excluded,
            case
                when
                    not coalesce(payments.is_online, false)
                    and upper(chart.account_type) in ('BANK', 'CREDIT_CARD')
                then recorded.account_number
            end as recorded_account,
            funding.account_number as funding_account,
            defaults.account_number as default_account
        from payments
        inner join settings on payments.snapshot_id = settings.snapshot_id
        left join
            vendors
            on payments.snapshot_id = vendors.snapshot_id
            and payments.vendor_id = vendors.vendor_id
        left join
            voids
            on payments.snapshot_id = voids.snapshot_id
            and payments.payment_id = voids.payment_id
        left join
            chart
            on payments.snapshot_id = chart.snapshot_id
            and payments.chart_of_account_id = chart.chart_of_account_id
        left join
            {{ ref("int_documents_excluded") }} as excluded
            on payments.snapshot_id = excluded.snapshot_id
            and payments.payment_id = excluded.document_id
            and excluded.source_entity = 'payment'
        left join
            {{ ref("int_bank_accounts_mapped") }} as recorded
            on payments.snapshot_id = recorded.snapshot_id
            and payments.chart_of_account_id = recorded.source_id
            and recorded.source_entity = 'chart_of_account'
        left join
            {{ ref("int_bank_accounts_mapped") }} as funding
            on payments.snapshot_id = funding.snapshot_id
            and payments.funding_account_id = funding.source_id
            and funding.source_entity
            = {{ funding_entity("payments.funding_account_type") }}
        left join
            {{ ref("int_bank_accounts_mapped") }} as defaults
            on payments.snapshot_id = defaults.snapshot_id
            and defaults.source_entity = 'default'
            and defaults.source_id = 'payables'
        left join
            states as single
            on single.status_field = 'single_status'
            and {{
                key_if(
                    "payments.is_online", normalised_status("payments.single_status")
                )
            }} = single.status
        left join
            states as coarse
            on coarse.status_field = 'status'
            and {{ normalised_status("payments.status") }} = coarse.status
    )

select
    snapshot_id,
    org_id,
    payment_id,
    vendor_id,
    bill_id,
    version,
    funding_account_id,
    funding_account_type,
    chart_account_type,
    transaction_number,
    confirmation_number,
    disbursement_type,
    description,
    currency,
    case
        when is_in_future and is_posted_state then 'scheduled' else source_state
    end as state,
    case
        when not is_posted_state
        then coalesce(state_reason, 'scheduled')
        when is_in_future or process_date is null
        then 'scheduled'
        when coalesce(amount, 0) = 0
        then 'zero_amount'
        when is_excluded
        then 'excluded_by_user'
    end as not_posted_reason,
    coalesce(
        recorded_account,
        funding_account,
        case
            when
                not coalesce(is_online, false)
                and upper(chart_account_type) = 'CREDIT_CARD'
            then '2100'
        end,
        {{
            funding_account(
                "funding_account_type", "funding_account_id", "default_account"
            )
        }}
    ) as bank_account,
    state_flag,
    coalesce(amount, 0) as amount,
    coalesce(
        nullif(funding_amount, 0),
        case
            when currency = home_currency
            then amount
            else {{ cents_to_money(home_cents("amount", "exchange_rate")) }}
        end
    ) as home_amount,
    funding_amount,
    exchange_rate,
    coalesce(is_online, false) as is_online,
    currency <> home_currency as is_foreign,
    is_posted_state
    and not is_in_future
    and process_date is not null
    and not is_excluded as is_posted,
    has_bank_leg and coalesce(is_online, false) as has_bank_leg,
    is_voided,
    has_money_back and coalesce(is_online, false) as has_money_back,
    is_status_unknown,
    process_date,
    void_date,
    void_type,
    created_at,
    updated_at,
    synced_at
from stated
