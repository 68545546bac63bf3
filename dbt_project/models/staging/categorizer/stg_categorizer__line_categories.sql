-- What the categorizer said about each line, newest and older answers alike.
select
    org_id,
    source_entity,
    document_id,
    line_id,
    account_number,
    decided_by,
    explanation,
    deciding_level,
    deciding_words,
    example_document_id,
    suggestion_1,
    suggestion_2,
    suggestion_3,
    model_version,
    lines_agreeing,
    lines_alike,
    cast(confidence as decimal(5, 4)) as confidence,
    cast(runner_up_confidence as decimal(5, 4)) as runner_up_confidence,
    is_usual_amount,
    cast(decision_id as bigint) as decision_id,
    cast(decided_at as timestamp with time zone) as decided_at
from {{ source("categorizer", "line_categories") }}
