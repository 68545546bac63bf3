-- Credits BILL shows on a bill beyond the vendor credits used on it: discounts,
-- mostly for early payment. They count on the day of the last payment that stands.
with
    used as (
        select snapshot_id, bill_id, sum(amount) as amount
        from {{ ref("int_vendor_credits_used") }}
        where not is_reversed
        group by snapshot_id, bill_id
    )

select
    bills.snapshot_id,
    bills.bill_id,
    cast(bills.credit_amount - coalesce(used.amount, 0) as decimal(18, 2)) as amount,
    settled_on.settlement_date
from {{ ref("int_bills_judged") }} as bills
inner join
    {{ ref("int_bills_settled_on") }} as settled_on
    on bills.snapshot_id = settled_on.snapshot_id
    and bills.bill_id = settled_on.bill_id
left join used on bills.snapshot_id = used.snapshot_id and bills.bill_id = used.bill_id
where bills.is_posted and bills.credit_amount > coalesce(used.amount, 0)
