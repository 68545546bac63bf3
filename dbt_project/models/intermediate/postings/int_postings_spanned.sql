-- Every posting of every snapshot with the generations for which it holds. A generation
-- is the time from one lock of a period to the next; the current one has no end.
{{ config(materialized="view") }}
select
    united.*,
    coalesce(spans.from_generation, 1) as from_generation,
    snapshots.generation_no as to_generation
from {{ ref("int_postings_united") }} as united
inner join
    {{ ref("int_snapshots") }} as snapshots
    on united.snapshot_id = snapshots.snapshot_id
left join
    {{ ref("int_member_spans") }} as spans
    on united.snapshot_id = spans.snapshot_id
    and united.member_entity = spans.record_entity
    and united.member_id = spans.record_id
