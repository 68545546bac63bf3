-- For which generations each snapshot's state of a record holds. A record that is in no
-- earlier snapshot has one state, which holds for all.
with
    held as (
        select
            org_id,
            record_entity,
            record_id,
            snapshot_id,
            is_recast,
            generation_no as to_generation
        from {{ ref("int_snapshot_members") }}
        union all
        select distinct
            members.org_id,
            members.record_entity,
            members.record_id,
            snapshots.snapshot_id,
            false as is_recast,
            snapshots.generation_no as to_generation
        from {{ ref("int_snapshot_members") }} as members
        inner join
            {{ ref("int_snapshots") }} as snapshots
            on members.org_id = snapshots.org_id
            and snapshots.is_current
    )

select
    org_id,
    record_entity,
    record_id,
    snapshot_id,
    is_recast,
    cast(
        1 + coalesce(
            lag(to_generation) over (
                partition by org_id, record_entity, record_id order by to_generation
            ),
            0
        ) as integer
    ) as from_generation,
    cast(to_generation as integer) as to_generation
from held
