-- The day a settlement without a date of its own counts on each bill: that of the last
-- payment that stands, else when BILL last touched the bill, not before its own date.
with
    paid as (
        select
            allotted.snapshot_id,
            allotted.bill_id,
            max(payments.process_date) as last_paid_on
        from {{ ref("int_bill_payments_allotted") }} as allotted
        inner join
            {{ ref("int_payments_known") }} as payments
            on allotted.snapshot_id = payments.snapshot_id
            and allotted.payment_id = payments.payment_id
        where payments.is_posted and not payments.is_voided
        group by allotted.snapshot_id, allotted.bill_id
    )

select
    bills.snapshot_id,
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
    {{ ref("int_snapshots") }} as settings on bills.snapshot_id = settings.snapshot_id
left join paid on bills.snapshot_id = paid.snapshot_id and bills.bill_id = paid.bill_id
