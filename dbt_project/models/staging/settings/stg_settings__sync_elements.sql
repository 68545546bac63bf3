-- What of BILL is synced and what is not, with the records loaded as of this run.
select
    org_id,
    element,
    nullif(source_entity, '') as source_entity,
    synced,
    direction,
    nullif(list_group, '') as list_group,
    nullif(note, '') as note,
    cast(loaded as bigint) as loaded,
    cast(gone as bigint) as gone,
    cast(last_synced_at as timestamp with time zone) as last_synced_at
from {{ source("settings", "sync_elements") }}
