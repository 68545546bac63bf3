-- The flags of each document as one list.
select org_id, document_type, document_id, {{ flag_list("flag") }} as flags
from {{ ref("int_flags_raised") }}
group by org_id, document_type, document_id
