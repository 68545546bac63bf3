-- The credit memo usages of every version of their credit memo, in the source's
-- order.
select
    org_id,
    credit_memo_id,
    invoice_id,
    cast(amount as decimal(18, 2)) as amount,
    cast(ordinal as bigint) as ordinal,
    cast(_version as bigint) as version
from {{ source("raw_bill", "credit_memo_usages") }}
