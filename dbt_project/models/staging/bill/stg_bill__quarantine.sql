-- Records that could not be read exactly: they wait here, everything else loads.
select
    org_id,
    entity,
    id as source_id,
    reason,
    cast(_synced_at as timestamp with time zone) as synced_at
from {{ source("raw_bill", "quarantine") }}
