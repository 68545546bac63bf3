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
            payments.process_date > settings.as_of_date as is_in_future
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
            states as single
            on payments.is_online
            and single.status_field = 'single_status'
            and {{ normalised_status("payments.single_status") }} = single.status
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
    end as not_posted_reason,
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
    is_posted_state and not is_in_future and process_date is not null as is_posted,
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
