-- The categorizer's newest answer for each line as it stands now, also where the
-- line got a new id since.
with
    answers as (
        select
            answers.*,
            coalesce(followed.current_line_id, answers.line_id) as current_line_id,
            row_number() over (
                partition by
                    answers.org_id,
                    answers.source_entity,
                    answers.document_id,
                    coalesce(followed.current_line_id, answers.line_id)
                order by answers.decision_id desc
            ) as recency
        from {{ ref("stg_categorizer__line_categories") }} as answers
        left join
            {{ ref("int_lines_followed") }} as followed
            on answers.org_id = followed.org_id
            and answers.source_entity = followed.source_entity
            and answers.document_id = followed.document_id
            and answers.line_id = followed.line_id
    )

select
    org_id,
    source_entity,
    document_id,
    current_line_id as line_id,
    account_number,
    decided_by,
    explanation,
    suggestion_1,
    suggestion_2,
    suggestion_3,
    model_version,
    confidence,
    decided_at
from answers
where recency = 1
