-- The day a settlement without a date of its own counts on each bill: that of the last
-- payment that stands, else when BILL last touched the bill, not before its own date.
with
    paid as (
        select
            allotted.org_id,
            allotted.bill_id,
            max(payments.process_date) as last_paid_on
        from {{ ref("int_bill_payments_allotted") }} as allotted
        inner join
            {{ ref("int_payments_known") }} as payments
            on allotted.org_id = payments.org_id
            and allotted.payment_id = payments.payment_id
        where payments.is_posted and not payments.is_voided
        group by allotted.org_id, allotted.bill_id
    )

select
    bills.org_id,
    bills.bill_id,
    coalesce(
        paid.last_paid_on,
        greatest(
            {{ local_date("bills.updated_at", "settings.org_timezone") }},
            bills.bill_date
        )
    ) as settlement_date
from {{ ref("int_bills_judged") }} as bills
inner join
    {{ ref("int_connection_settings_dated") }} as settings
    on bills.org_id = settings.org_id
left join paid on bills.org_id = paid.org_id and bills.bill_id = paid.bill_id
