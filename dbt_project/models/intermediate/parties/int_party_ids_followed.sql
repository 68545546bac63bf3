-- Party ids that are in use no more with the one that stands for each, as each snapshot
-- knows them: the party of the record that founded the id, else of the first to have
-- it.
with
    holders as (
        select
            answers.*,
            row_number() over (
                partition by org_id, party_id
                order by
                    case
                        when
                            party_id
                            = {{ surrogate_key(["source_entity", "source_id"]) }}
                        then 0
                        else 1
                    end,
                    change_id
            ) as place
        from {{ ref("stg_decisions__party_answers") }} as answers
    ),

    earlier as (
        select dated.*
        from {{ ref("int_parties_dated") }} as dated
        inner join
            {{ ref("int_snapshots") }} as snapshots
            on dated.snapshot_id = snapshots.snapshot_id
            and not snapshots.is_current
    )

select earlier.snapshot_id, holders.party_id as former_party_id, earlier.party_id
from holders
inner join
    earlier
    on holders.org_id = earlier.org_id
    and holders.source_entity = earlier.source_entity
    and holders.source_id = earlier.source_id
where
    holders.place = 1
    and not exists (
        select 1
        from earlier as others
        where
            others.snapshot_id = earlier.snapshot_id
            and others.party_id = holders.party_id
    )
union all
select org_id as snapshot_id, former_party_id, party_id
from {{ ref("stg_categorizer__party_redirects") }}
