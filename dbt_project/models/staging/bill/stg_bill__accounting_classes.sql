-- Every version of the accounting classes BILL has shown us, one row per content.
select
    org_id,
    id as accounting_class_id,
    parent_id,
    name as accounting_class_name,
    short_name,
    description,
    _content_hash as content_hash,
    cast(_version as bigint) as version,
    {{ gone_from_bill() }} as is_archived,
    cast(created_time as timestamp with time zone) as created_at,
    cast(updated_time as timestamp with time zone) as updated_at,
    cast(_synced_at as timestamp with time zone) as synced_at
from {{ source("raw_bill", "accounting_classes") }}
