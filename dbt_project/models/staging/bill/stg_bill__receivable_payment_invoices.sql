-- The receivable payment invoices of every version of their receivable payment, in
-- the source's order.
select
    org_id,
    receivable_payment_id,
    invoice_id,
    cast(amount as decimal(18, 2)) as amount,
    cast(ordinal as bigint) as ordinal,
    cast(_version as bigint) as version,
    cast(payment_date as date) as payment_date
from {{ source("raw_bill", "receivable_payment_invoices") }}
