-- Fields and values BILL sends that were not known when this was written, once each.
select
    org_id,
    entity,
    path,
    kind,
    value,
    record_id as source_id,
    cast(_synced_at as timestamp with time zone) as synced_at
from {{ source("raw_bill", "schema_changes") }}
