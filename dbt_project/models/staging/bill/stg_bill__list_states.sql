-- How BILL answered for each list, one row per change: listed, empty although rows are
-- held, forbidden, or accepted as empty by a person.
select
    org_id,
    entity,
    state,
    reason,
    cast(rows_held as bigint) as rows_held,
    cast(_version as bigint) as version,
    cast(_synced_at as timestamp with time zone) as synced_at
from {{ source("raw_bill", "list_states") }}
