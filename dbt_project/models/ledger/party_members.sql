-- Which vendor and customer records make up each party, and why.
select
    org_id,
    source_entity,
    source_id,
    party_id,
    raw_name,
    normalised_name,
    method,
    decided_by,
    cast(score as decimal(5, 4)) as score
from {{ ref("int_parties_named") }}
