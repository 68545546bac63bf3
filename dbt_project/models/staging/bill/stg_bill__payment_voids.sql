-- The payment voids of every version of their payment, in the source's order.
select
    org_id,
    payment_id,
    id as payment_void_id,
    requested_by,
    type as payment_void_type,
    status,
    reason,
    cast(ordinal as bigint) as ordinal,
    cast(_version as bigint) as version,
    cast(created_time as timestamp with time zone) as created_at,
    cast(updated_time as timestamp with time zone) as updated_at
from {{ source("raw_bill", "payment_voids") }}
