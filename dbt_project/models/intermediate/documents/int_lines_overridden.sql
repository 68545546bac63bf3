-- The category a person gave each line, directly or through its document. The newest
-- wins; at one instant the line's own before the document's, then the later import. One
-- that was taken back leaves the line to rules and the categorizer.
with
    overrides as (
        select overrides.*, settings.snapshot_id
        from {{ ref("stg_decisions__category_overrides") }} as overrides
        inner join
            {{ ref("int_snapshots") }} as settings
            on overrides.org_id = settings.org_id
            and overrides.effective_at <= settings.as_of
        inner join
            {{ ref("chart_of_accounts") }} as accounts
            on overrides.account_number = accounts.account_number
            and accounts.is_categorizable
    ),

    for_lines as (
        select
            overrides.snapshot_id,
            overrides.source_entity,
            overrides.document_id,
            followed.current_line_id as line_id,
            overrides.account_number,
            overrides.note,
            overrides.is_withdrawn,
            overrides.decision_id,
            overrides.effective_at,
            1 as reach
        from overrides
        inner join
            {{ ref("int_lines_followed") }} as followed
            on overrides.snapshot_id = followed.snapshot_id
            and overrides.source_entity = followed.source_entity
            and overrides.document_id = followed.document_id
            and overrides.line_id = followed.line_id
            and followed.current_line_id is not null
        union all
        select
            overrides.snapshot_id,
            overrides.source_entity,
            overrides.document_id,
            lines.line_id,
            overrides.account_number,
            overrides.note,
            overrides.is_withdrawn,
            overrides.decision_id,
            overrides.effective_at,
            2 as reach
        from overrides
        inner join
            {{ ref("int_lines_posted") }} as lines
            on overrides.snapshot_id = lines.snapshot_id
            and overrides.source_entity = lines.source_entity
            and overrides.document_id = lines.document_id
        where overrides.line_id is null
    ),

    ordered as (
        select
            for_lines.*,
            row_number() over (
                partition by snapshot_id, source_entity, document_id, line_id
                order by effective_at desc, reach, decision_id desc
            ) as recency
        from for_lines
    )

select
    snapshot_id,
    source_entity,
    document_id,
    line_id,
    account_number,
    note,
    decision_id,
    effective_at
from ordered
where recency = 1 and not is_withdrawn
