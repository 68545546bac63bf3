-- The payment vendor credits of every version of their payment, in the source's
-- order.
select
    org_id,
    payment_id,
    id as vendor_credit_id,
    cast(amount as decimal(18, 2)) as amount,
    cast(payment_bill_payment_ordinal as bigint) as payment_bill_payment_ordinal,
    cast(ordinal as bigint) as ordinal,
    cast(_version as bigint) as version
from {{ source("raw_bill", "payment_vendor_credits") }}
