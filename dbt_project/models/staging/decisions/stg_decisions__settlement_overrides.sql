-- Documents settled outside BILL or written off by a person, every version.
select
    org_id,
    source_entity,
    document_id,
    kind,
    account_number,
    cast(amount as decimal(18, 2)) as amount,
    cast(decision_id as bigint) as decision_id,
    cast(settlement_date as date) as settlement_date,
    cast(effective_at as timestamp with time zone) as effective_at
from {{ source("decisions", "settlement_overrides") }}
