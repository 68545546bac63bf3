-- When each organization's history was first whole: no lock counts from before, so that
-- importing history is never an adjustment. A log that was lost and read anew begins
-- again.
with
    versions as (
        select org_id, synced_at
        from {{ ref("stg_bill__bills") }}
        union all
        select org_id, synced_at
        from {{ ref("stg_bill__invoices") }}
        union all
        select org_id, synced_at
        from {{ ref("stg_bill__vendors") }}
    ),

    earliest as (
        select org_id, min(synced_at) as first_version_at from versions group by org_id
    )

select
    settings.org_id,
    greatest(
        coalesce(settings.first_synced_at, settings.as_of),
        coalesce(earliest.first_version_at, settings.first_synced_at, settings.as_of)
    ) as started_at
from {{ ref("stg_settings__connection_settings") }} as settings
left join earliest on settings.org_id = earliest.org_id
