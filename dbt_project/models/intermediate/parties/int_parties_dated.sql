-- The party and the names of each vendor and customer record as each snapshot knows
-- them: as it was placed last by then, else as it was placed first.
with
    dated as (
        select
            snapshots.snapshot_id,
            answers.*,
            case
                when answers.decided_at <= snapshots.as_of
                then answers.change_id
                else - answers.change_id
            end as lateness
        from {{ ref("stg_decisions__party_answers") }} as answers
        inner join
            {{ ref("int_snapshots") }} as snapshots
            on answers.org_id = snapshots.org_id
            and not snapshots.is_current
    ),

    ranked as (
        select
            dated.*,
            row_number() over (
                partition by snapshot_id, source_entity, source_id
                order by lateness desc
            ) as recency
        from dated
    )

select
    snapshots.snapshot_id,
    named.org_id,
    named.source_entity,
    named.source_id,
    coalesce(placed.party_id, named.party_id) as party_id,
    coalesce(placed.raw_name, named.raw_name) as raw_name,
    coalesce(placed.normalised_name, named.normalised_name) as normalised_name,
    case
        when placed.party_id is null then named.chosen_name else placed.chosen_name
    end as chosen_name
from {{ ref("int_parties_named") }} as named
inner join {{ ref("int_snapshots") }} as snapshots on named.org_id = snapshots.org_id
left join
    ranked as placed
    on snapshots.snapshot_id = placed.snapshot_id
    and named.source_entity = placed.source_entity
    and named.source_id = placed.source_id
    and placed.recency = 1
