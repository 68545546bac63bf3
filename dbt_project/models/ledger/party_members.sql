-- Which vendor and customer records make up each party, and why.
select
    org_id,
    source_entity,
    source_id,
    party_id,
    raw_name,
    normalised_name,
    case when is_listed then 'exact_name' else 'named_by_documents' end as method,
    'rule' as decided_by,
    cast(1 as decimal(5, 4)) as score
from {{ ref("int_parties_named") }}
