-- What the categorizer said about each line, newest and older answers alike.
select
    org_id,
    source_entity,
    document_id,
    line_id,
    account_number,
    decided_by,
    explanation,
    suggestion_1,
    suggestion_2,
    suggestion_3,
    model_version,
    cast(confidence as decimal(5, 4)) as confidence,
    cast(decision_id as bigint) as decision_id,
    cast(decided_at as timestamp with time zone) as decided_at
from {{ source("categorizer", "line_categories") }}
