-- The categorizer's newest answer for each line as each snapshot knows it, also where
-- the line got a new id since.
with
    answers as (
        select
            answers.*,
            followed.snapshot_id,
            followed.current_line_id,
            row_number() over (
                partition by
                    followed.snapshot_id,
                    followed.source_entity,
                    followed.document_id,
                    followed.current_line_id
                order by answers.decision_id desc
            ) as recency
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
    )

select
    snapshot_id,
    source_entity,
    document_id,
    current_line_id as line_id,
    account_number,
    decided_by,
    explanation,
    deciding_level,
    deciding_words,
    example_document_id,
    suggestion_1,
    suggestion_2,
    suggestion_3,
    model_version,
    lines_agreeing,
    lines_alike,
    confidence,
    runner_up_confidence,
    is_usual_amount,
    decided_at
from answers
where recency = 1
