-- The invoice payments of every version of their invoice, in the source's order.
select
    org_id,
    invoice_id,
    id as invoice_payment_id,
    status,
    cast(amount as decimal(18, 2)) as amount,
    cast(ordinal as bigint) as ordinal,
    cast(_version as bigint) as version,
    cast(date as date) as payment_date
from {{ source("raw_bill", "invoice_payments") }}
