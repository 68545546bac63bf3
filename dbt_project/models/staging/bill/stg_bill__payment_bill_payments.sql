-- The payment bill payments of every version of their payment, in the source's
-- order.
select
    org_id,
    payment_id,
    id as payment_bill_payment_id,
    bill_id,
    cast(amount as decimal(18, 2)) as amount,
    cast(ordinal as bigint) as ordinal,
    cast(_version as bigint) as version
from {{ source("raw_bill", "payment_bill_payments") }}
