-- Every record loaded is posted or has a reason, and BILL has what is loaded but for
-- what it deleted and what waits in quarantine.
{{ config(severity="warn", meta={"dagster": {"ref": {"name": "sync_matrix"}}}) }}
with
    records as (
        select
            org_id,
            source_entity,
            count(distinct case when posted then source_id end) as posted,
            count(distinct source_id) as known
        from {{ ref("posting_status") }}
        group by org_id, source_entity
    )

select matrix.element, matrix.loaded, matrix.posted, matrix.not_posted
from {{ ref("sync_matrix") }} as matrix
left join
    records
    on matrix.org_id = records.org_id
    and matrix.source_entity = records.source_entity
where
    matrix.loaded <> matrix.posted + matrix.not_posted
    or matrix.loaded <> coalesce(records.known, 0)
    or matrix.posted <> coalesce(records.posted, 0)
    or matrix.records_in_source
    <> matrix.loaded - matrix.deleted_in_source + matrix.waiting_in_quarantine
