-- Every version of the payment terms BILL has shown us, one row per content. Nothing
-- reads a term or a role but to list it, so `is_deleted` hides none here: hiding the
-- last version would bring back the one before.
select
    org_id,
    id as payment_term_id,
    name as payment_term_name,
    _content_hash as content_hash,
    cast(days_due as bigint) as days_due,
    cast(_version as bigint) as version,
    coalesce(cast(_deleted as boolean), false) as is_deleted,
    cast(created_time as timestamp with time zone) as created_at,
    cast(updated_time as timestamp with time zone) as updated_at,
    cast(_synced_at as timestamp with time zone) as synced_at
from {{ source("raw_bill", "payment_terms") }}
