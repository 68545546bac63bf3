-- Bills as known now, valued in home currency at BILL's own figures.
with
    bills as ({{ newest_version("stg_bill__bills", "bill_id", "bill") }}),

    settings as (select * from {{ ref("int_snapshots") }}),

    vendors as (select * from {{ ref("int_vendors_known") }}),

    valued as (
        select
            bills.*,
            settings.bill_posting_policy,
            coalesce(vendors.currency, settings.home_currency) as currency,
            coalesce(vendors.currency, settings.home_currency)
            <> settings.home_currency as is_foreign,
            {{ cents_to_money(home_cents("bills.amount", "bills.exchange_rate")) }}
            as rate_amount,
            coalesce(
                bills.invoice_date,
                bills.due_date,
                {{ local_date("bills.created_at", "settings.org_timezone") }}
            ) as bill_date
        from bills
        inner join settings on bills.snapshot_id = settings.snapshot_id
        left join
            vendors
            on bills.snapshot_id = vendors.snapshot_id
            and bills.vendor_id = vendors.vendor_id
    )

select
    snapshot_id,
    org_id,
    bill_id,
    vendor_id,
    version,
    payment_term_id,
    vendor_name,
    invoice_number as bill_number,
    description,
    currency,
    upper(record_status) as record_status,
    upper(approval_status) as approval_status,
    upper(payment_status) as payment_status,
    bill_posting_policy,
    coalesce(amount, 0) as amount,
    case
        when not is_foreign
        then coalesce(amount, 0)
        else coalesce(nullif(funding_amount, 0), rate_amount)
    end as home_amount,
    rate_amount,
    funding_amount,
    paid_amount,
    due_amount,
    scheduled_amount,
    credit_amount,
    case when is_foreign then exchange_rate end as fx_rate,
    coalesce(is_archived, false) as is_archived,
    is_foreign,
    bill_date,
    due_date,
    created_at,
    updated_at,
    synced_at
from valued
