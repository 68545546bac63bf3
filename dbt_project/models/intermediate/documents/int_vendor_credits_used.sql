-- Every use of a vendor credit on a bill, counted once, and when it counts.
select
    snapshot_id,
    vendor_credit_id,
    bill_id,
    payment_id,
    amount,
    is_listed_by_credit,
    is_direct,
    is_direct
    or (
        process_date is not null and state not in ('scheduled', 'cancelled', 'unknown')
    ) as is_effective,
    is_voided and not is_listed_by_credit as is_reversed,
    process_date as use_date,
    case when is_voided and not is_listed_by_credit then void_date end as reversal_date
from {{ ref("int_vendor_credit_uses_judged") }}
where is_counted
