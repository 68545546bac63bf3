-- The account a person gave each of BILL's bank and card accounts, every version.
select
    org_id,
    source_entity,
    source_id,
    account_number,
    cast(decision_id as bigint) as decision_id,
    cast(effective_at as timestamp with time zone) as effective_at
from {{ source("decisions", "bank_account_map") }}
