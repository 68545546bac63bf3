-- Pairs of records whose parties may be one, as the resolver found them last.
select
    org_id,
    source_entity,
    source_id,
    other_entity,
    other_id,
    kind,
    why,
    cast(score as decimal(5, 4)) as score
from {{ source("categorizer", "party_suggestions") }}
