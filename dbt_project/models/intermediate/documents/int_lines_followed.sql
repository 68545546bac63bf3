-- Where each line id a document ever had stands now: BILL may give lines new ids
-- when a document is saved. Same id; else the same place among as many lines; else
-- the one line with equal text and amount; else the id is orphaned.
with
    documents as (select * from {{ ref("int_documents_judged") }}),

    lines as (
        select
            versioned.*,
            documents.snapshot_id,
            count(*) over (
                partition by
                    documents.snapshot_id,
                    versioned.source_entity,
                    versioned.document_id,
                    versioned.version
            ) as line_count
        from {{ ref("int_document_lines_versioned") }} as versioned
        inner join
            documents
            on versioned.org_id = documents.org_id
            and versioned.source_entity = documents.source_entity
            and versioned.document_id = documents.document_id
            and versioned.version <= documents.version
    ),

    current_lines as (
        select lines.*
        from lines
        inner join
            documents
            on lines.snapshot_id = documents.snapshot_id
            and lines.source_entity = documents.source_entity
            and lines.document_id = documents.document_id
            and lines.version = documents.version
    ),

    last_seen as (
        select ordered.*
        from
            (
                select
                    lines.*,
                    row_number() over (
                        partition by snapshot_id, source_entity, document_id, line_id
                        order by version desc, line_ordinal
                    ) as recency
                from lines
            ) as ordered
        where ordered.recency = 1
    ),

    alike as (
        select
            last_seen.snapshot_id,
            last_seen.source_entity,
            last_seen.document_id,
            last_seen.line_id,
            count(*) as match_count,
            min(current_lines.line_id) as matched_line_id
        from last_seen
        inner join
            current_lines
            on last_seen.snapshot_id = current_lines.snapshot_id
            and last_seen.source_entity = current_lines.source_entity
            and last_seen.document_id = current_lines.document_id
            and last_seen.weight = current_lines.weight
            and coalesce(last_seen.description, '')
            = coalesce(current_lines.description, '')
        group by
            last_seen.snapshot_id,
            last_seen.source_entity,
            last_seen.document_id,
            last_seen.line_id
    )

select
    last_seen.snapshot_id,
    last_seen.org_id,
    last_seen.source_entity,
    last_seen.document_id,
    last_seen.line_id,
    case
        when same_id.line_id is not null
        then same_id.line_id
        when same_place.line_id is not null
        then same_place.line_id
        when alike.match_count = 1
        then alike.matched_line_id
    end as current_line_id,
    case
        when same_id.line_id is not null
        then 'same_id'
        when same_place.line_id is not null
        then 'same_place'
        when alike.match_count = 1
        then 'same_text_and_amount'
        else 'orphaned'
    end as method
from last_seen
left join
    current_lines as same_id
    on last_seen.snapshot_id = same_id.snapshot_id
    and last_seen.source_entity = same_id.source_entity
    and last_seen.document_id = same_id.document_id
    and last_seen.line_id = same_id.line_id
left join
    current_lines as same_place
    on last_seen.snapshot_id = same_place.snapshot_id
    and last_seen.source_entity = same_place.source_entity
    and last_seen.document_id = same_place.document_id
    and last_seen.line_ordinal = same_place.line_ordinal
    and last_seen.line_count = same_place.line_count
left join
    alike
    on last_seen.snapshot_id = alike.snapshot_id
    and last_seen.source_entity = alike.source_entity
    and last_seen.document_id = alike.document_id
    and last_seen.line_id = alike.line_id
