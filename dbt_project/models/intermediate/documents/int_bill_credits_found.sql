-- Credits BILL shows on a bill beyond the vendor credits used on it: discounts,
-- mostly for early payment. They count on the day of the last payment that stands.
with
    used as (
        select org_id, bill_id, sum(amount) as amount
        from {{ ref("int_vendor_credits_used") }}
        where not is_reversed
        group by org_id, bill_id
    ),

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
    cast(bills.credit_amount - coalesce(used.amount, 0) as decimal(18, 2)) as amount,
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
left join used on bills.org_id = used.org_id and bills.bill_id = used.bill_id
left join paid on bills.org_id = paid.org_id and bills.bill_id = paid.bill_id
where bills.is_posted and bills.credit_amount > coalesce(used.amount, 0)
