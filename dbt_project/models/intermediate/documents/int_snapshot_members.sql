-- The records that an earlier snapshot holds: those that changed before the next one,
-- and all that such a change can reach. Everything else is as later snapshots have it.
-- Adds whether something else than a new version changed what the record itself posts.
with recursive
    changed as (
        select
            snapshots.snapshot_id,
            snapshots.org_id,
            changes.record_key,
            sum(case when changes.is_version then 0 else 1 end) > 0 as is_recast
        from {{ ref("int_records_changed") }} as changes
        inner join
            {{ ref("int_snapshots") }} as snapshots
            on changes.org_id = snapshots.org_id
            and changes.changed_at > snapshots.as_of
            and changes.changed_at <= snapshots.next_as_of
        where not snapshots.is_current
        group by snapshots.snapshot_id, snapshots.org_id, changes.record_key
    ),

    reached as (
        select snapshot_id, org_id, record_key
        from changed
        union
        select reached.snapshot_id, reached.org_id, links.other_key as record_key
        from reached
        inner join
            {{ ref("int_records_linked") }} as links
            on reached.org_id = links.org_id
            and reached.record_key = links.one_key
    )

select
    reached.snapshot_id,
    reached.org_id,
    {{ dbt.split_part("reached.record_key", "':'", 1) }} as record_entity,
    substr(
        reached.record_key,
        length({{ dbt.split_part("reached.record_key", "':'", 1) }}) + 2
    ) as record_id,
    coalesce(changed.is_recast, false) as is_recast,
    snapshots.org_timezone,
    snapshots.generation_no,
    snapshots.as_of
from reached
inner join
    {{ ref("int_snapshots") }} as snapshots
    on reached.snapshot_id = snapshots.snapshot_id
left join
    changed
    on reached.snapshot_id = changed.snapshot_id
    and reached.record_key = changed.record_key
