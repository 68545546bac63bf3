-- People's categories for a document or one of its lines, every one ever made.
select
    org_id,
    source_entity,
    document_id,
    nullif(line_id, '') as line_id,
    account_number,
    note,
    cast(decision_id as bigint) as decision_id,
    coalesce(withdrawn, false) as is_withdrawn,
    cast(effective_at as timestamp with time zone) as effective_at
from {{ source("decisions", "category_overrides") }}
