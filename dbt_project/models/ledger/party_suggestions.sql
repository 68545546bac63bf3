-- Pairs of records whose parties may be one, for a person to decide, likeliest first. A
-- pair that is one party by now is gone.
select
    suggestions.org_id,
    suggestions.source_entity,
    suggestions.source_id,
    suggestions.other_entity,
    suggestions.other_id,
    ones.party_id,
    others.party_id as other_party_id,
    ones.raw_name,
    others.raw_name as other_raw_name,
    suggestions.kind,
    suggestions.why,
    suggestions.score
from {{ ref("stg_categorizer__party_suggestions") }} as suggestions
inner join
    {{ ref("int_parties_named") }} as ones
    on suggestions.org_id = ones.org_id
    and suggestions.source_entity = ones.source_entity
    and suggestions.source_id = ones.source_id
inner join
    {{ ref("int_parties_named") }} as others
    on suggestions.org_id = others.org_id
    and suggestions.other_entity = others.source_entity
    and suggestions.other_id = others.source_id
where ones.party_id <> others.party_id
