-- Party ids that were published before their party was merged or emptied.
select org_id, former_party_id, party_id
from {{ ref("stg_categorizer__party_redirects") }}
