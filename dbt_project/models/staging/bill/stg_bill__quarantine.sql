-- Records that could not be read exactly: they wait here, everything else loads. The
-- newest version of a record says whether it still waits.
select
    org_id,
    entity,
    coalesce(id, '') as source_id,
    reason,
    cast(_version as bigint) as version,
    coalesce(cast(resolved as boolean), false) as is_resolved,
    cast(_synced_at as timestamp with time zone) as synced_at
from {{ source("raw_bill", "quarantine") }}
