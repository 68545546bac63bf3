-- What people say settled a document outside BILL, or wrote it off, as each snapshot
-- knows it. Its number is its place among all said of the document, oldest first, so
-- that later ones renumber nothing.
{%- set subject = "snapshot_id, source_entity, document_id, settlement_date, kind" %}
with
    said as (
        select decisions.*, snapshots.snapshot_id
        from {{ ref("stg_decisions__settlement_overrides") }} as decisions
        inner join
            {{ ref("int_snapshots") }} as snapshots
            on decisions.org_id = snapshots.org_id
            and decisions.effective_at <= snapshots.as_of
    ),

    ordered as (
        select
            said.*,
            min(effective_at) over (partition by {{ subject }}) as first_effective_at,
            min(decision_id) over (partition by {{ subject }}) as first_decision_id,
            row_number() over (
                partition by {{ subject }} order by effective_at desc, decision_id desc
            ) as recency
        from said
    ),

    numbered as (
        select
            ordered.*,
            dense_rank() over (
                partition by snapshot_id, source_entity, document_id
                order by first_effective_at, first_decision_id
            ) as settlement_number
        from ordered
    )

select
    snapshot_id,
    source_entity,
    document_id,
    cast(settlement_number as integer) as settlement_number,
    document_id
    || '|'
    || cast(settlement_number as {{ dbt.type_string() }}) as application_id,
    kind,
    account_number,
    amount,
    settlement_date,
    effective_at
from numbered
where recency = 1 and amount > 0
