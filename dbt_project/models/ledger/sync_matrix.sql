-- What of BILL is synced, list by list, and what is not and why: records in BILL,
-- loaded, posted, not posted by reason.
with
    records as (
        select
            org_id,
            source_entity,
            source_id,
            max(case when posted then 1 else 0 end) as posted,
            max(reason) as reason
        from {{ ref("posting_status") }}
        group by org_id, source_entity, source_id
    ),

    reasons as (
        select
            org_id,
            source_entity,
            reason,
            sum(posted) as posted,
            count(*) as record_count
        from records
        group by org_id, source_entity, reason
    ),

    counted as (
        select
            org_id,
            source_entity,
            sum(posted) as posted,
            {{
                flag_list(
                    "case when posted < record_count then coalesce(reason, '') || ' ' || cast(record_count - posted as varchar) end"
                )
            }}
            as reasons
        from reasons
        group by org_id, source_entity
    ),

    waiting as (
        select aside.org_id, aside.entity, count(distinct aside.source_id) as waiting
        from {{ ref("int_records_set_aside") }} as aside
        inner join
            {{ ref("stg_settings__sync_elements") }} as elements
            on aside.org_id = elements.org_id
            and aside.entity = elements.element
        where
            aside.ended_at is null
            and not exists (
                select 1
                from records
                where
                    records.org_id = aside.org_id
                    and records.source_entity = elements.source_entity
                    and records.source_id = aside.source_id
            )
        group by aside.org_id, aside.entity
    )

select
    elements.org_id,
    elements.element,
    elements.source_entity,
    case
        when elements.list_group <> 'core' and elements.last_synced_at is null
        then 'no'
        else elements.synced
    end as synced,
    elements.direction,
    case
        when elements.list_group <> 'core' and elements.last_synced_at is null
        then 'read when asked for: group ' || elements.list_group
        else elements.note
    end as note,
    cast(
        elements.loaded - elements.gone + coalesce(waiting.waiting, 0) as bigint
    ) as records_in_source,
    cast(coalesce(waiting.waiting, 0) as bigint) as waiting_in_quarantine,
    elements.gone as deleted_in_source,
    elements.loaded,
    cast(coalesce(counted.posted, 0) as bigint) as posted,
    cast(elements.loaded - coalesce(counted.posted, 0) as bigint) as not_posted,
    coalesce(counted.reasons, cast([] as varchar[])) as not_posted_by_reason,
    elements.last_synced_at
from {{ ref("stg_settings__sync_elements") }} as elements
left join
    counted
    on elements.org_id = counted.org_id
    and elements.source_entity = counted.source_entity
left join
    waiting on elements.org_id = waiting.org_id and elements.element = waiting.entity
