-- Records that could not be read exactly: from the sync that set one aside to the one
-- that could read it again, which is open while it waits. The newest reason counts.
with
    known as (
        select
            quarantine.*,
            coalesce(
                sum(case when quarantine.is_resolved then 1 else 0 end) over (
                    partition by
                        quarantine.org_id, quarantine.entity, quarantine.source_id
                    order by quarantine.version
                    rows between unbounded preceding and 1 preceding
                ),
                0
            ) as times_resolved
        from {{ ref("stg_bill__quarantine") }} as quarantine
        inner join
            {{ ref("int_connection_settings_dated") }} as settings
            on quarantine.org_id = settings.org_id
            and quarantine.synced_at <= settings.as_of
    ),

    ranked as (
        select
            known.*,
            row_number() over (
                partition by org_id, entity, source_id, times_resolved, is_resolved
                order by version desc
            ) as newness
        from known
    )

select
    org_id,
    entity,
    source_id,
    max(case when not is_resolved and newness = 1 then reason end) as reason,
    cast(times_resolved as bigint) as times_resolved,
    min(case when not is_resolved then synced_at end) as began_at,
    max(case when is_resolved then synced_at end) as ended_at
from ranked
group by org_id, entity, source_id, times_resolved
having min(case when not is_resolved then synced_at end) is not null
