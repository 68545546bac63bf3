-- What is missing on bills BILL shows as paid with nothing due: payments and credits
-- come to less than the bill. Payments of any kind count but those taken back, so a
-- payment that is known and does not post leaves no shortfall.
with
    settled as (
        select allotted.snapshot_id, allotted.bill_id, allotted.cash_amount as amount
        from {{ ref("int_bill_payments_allotted") }} as allotted
        inner join
            {{ ref("int_payments_known") }} as payments
            on allotted.snapshot_id = payments.snapshot_id
            and allotted.payment_id = payments.payment_id
        where not payments.is_voided and payments.state <> 'cancelled'
        union all
        select snapshot_id, bill_id, amount
        from {{ ref("int_vendor_credits_used") }}
        where not is_reversed
        union all
        select snapshot_id, bill_id, amount
        from {{ ref("int_bill_credits_found") }}
        union all
        select snapshot_id, document_id as bill_id, amount
        from {{ ref("int_settlements_decided") }}
        where source_entity = 'bill'
    ),

    summed as (
        select snapshot_id, bill_id, sum(amount) as amount
        from settled
        group by snapshot_id, bill_id
    )

select
    bills.snapshot_id,
    bills.bill_id,
    cast(bills.amount - coalesce(summed.amount, 0) as decimal(18, 2)) as amount,
    settled_on.settlement_date
from {{ ref("int_bills_judged") }} as bills
inner join
    {{ ref("int_bills_settled_on") }} as settled_on
    on bills.snapshot_id = settled_on.snapshot_id
    and bills.bill_id = settled_on.bill_id
left join
    summed on bills.snapshot_id = summed.snapshot_id and bills.bill_id = summed.bill_id
where
    bills.is_posted
    and bills.payment_status = 'PAID'
    and bills.due_amount = 0
    and bills.amount > coalesce(summed.amount, 0)
