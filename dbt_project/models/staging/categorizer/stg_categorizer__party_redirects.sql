-- Party ids that are in use no more, with the present one.
select org_id, former_party_id, party_id
from {{ source("categorizer", "party_redirects") }}
