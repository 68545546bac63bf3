-- Every placement of a vendor or customer record by the resolver, newest and older
-- ones.
select
    org_id,
    source_entity,
    source_id,
    party_id,
    raw_name,
    normalised_name,
    nullif(chosen_name, '') as chosen_name,
    cast(change_id as bigint) as change_id,
    cast(decided_at as timestamp with time zone) as decided_at
from {{ source("decisions", "party_answers") }}
