-- The vendor credit usages of every version of their vendor credit, in the source's
-- order.
select
    org_id,
    vendor_credit_id,
    bill_id,
    payment_id,
    cast(amount as decimal(18, 2)) as amount,
    cast(ordinal as bigint) as ordinal,
    cast(_version as bigint) as version
from {{ source("raw_bill", "vendor_credit_usages") }}
