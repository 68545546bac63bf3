-- The bill approvers of every version of their bill, in the source's order.
select
    org_id,
    bill_id,
    user_id,
    status,
    cast(ordinal as bigint) as ordinal,
    cast(approver_order as bigint) as approver_order,
    cast(_version as bigint) as version,
    cast(status_changed_time as timestamp with time zone) as status_changed_at
from {{ source("raw_bill", "bill_approvers") }}
