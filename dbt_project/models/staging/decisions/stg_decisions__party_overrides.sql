-- People's merges, splits and names of parties, every one ever made.
select
    org_id,
    action,
    source_entity,
    source_id,
    nullif(into_entity, '') as into_entity,
    nullif(into_id, '') as into_id,
    nullif(name, '') as name,
    cast(decision_id as bigint) as decision_id,
    cast(effective_at as timestamp with time zone) as effective_at
from {{ source("decisions", "party_overrides") }}
