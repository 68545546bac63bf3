-- The party of each vendor and customer record, as the resolver placed it last.
select
    org_id,
    source_entity,
    source_id,
    party_id,
    raw_name,
    normalised_name,
    nullif(chosen_name, '') as chosen_name,
    method,
    decided_by,
    cast(score as decimal(5, 4)) as score,
    cast(decided_at as timestamp with time zone) as decided_at
from {{ source("categorizer", "party_members") }}
