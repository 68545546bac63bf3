-- Documents a person keeps out of the ledger, and why.
select
    org_id,
    source_entity,
    document_id,
    reason,
    cast(decision_id as bigint) as decision_id,
    coalesce(withdrawn, false) as is_withdrawn,
    cast(effective_at as timestamp with time zone) as effective_at
from {{ source("decisions", "exclusions") }}
