-- When the categorizer answered for a line, before this run.
select
    org_id,
    source_entity,
    document_id,
    line_id,
    cast(decided_at as timestamp with time zone) as decided_at
from {{ source("decisions", "line_answers") }}
