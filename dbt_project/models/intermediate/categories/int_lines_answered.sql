-- Which of the categorizer's answers is the newest for each line as each snapshot knows
-- it, also where the line got a new id since.
{{ config(materialized="ephemeral") }}
select
    followed.snapshot_id,
    followed.org_id,
    followed.source_entity,
    followed.document_id,
    followed.current_line_id as line_id,
    max(answers.decision_id) as decision_id
from {{ ref("stg_categorizer__line_categories") }} as answers
inner join
    {{ ref("int_lines_followed") }} as followed
    on answers.org_id = followed.org_id
    and answers.source_entity = followed.source_entity
    and answers.document_id = followed.document_id
    and answers.line_id = followed.line_id
inner join
    {{ ref("int_snapshots") }} as snapshots
    on followed.snapshot_id = snapshots.snapshot_id
    and answers.decided_at <= snapshots.as_of
where followed.current_line_id is not null
group by
    followed.snapshot_id,
    followed.org_id,
    followed.source_entity,
    followed.document_id,
    followed.current_line_id
