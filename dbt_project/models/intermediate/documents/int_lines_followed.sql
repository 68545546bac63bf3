-- Where each line id a document ever had stands now: BILL may give lines new ids
-- when a document is saved. Same id; else the same place among as many lines; else
-- the one line with equal text and amount; else the id is orphaned.
with
    documents as (
        select *
        from {{ ref("int_documents_judged") }}
        where snapshot_id = state_snapshot_id
    ),

    versioned as (select * from {{ ref("int_document_lines_versioned") }}),

    held as (
        select
            documents.snapshot_id,
            versioned.org_id,
            versioned.source_entity,
            versioned.document_id,
            versioned.line_id,
            documents.version as current_version,
            max(least(versioned.last_version, documents.version)) as last_version
        from versioned
        inner join
            documents
            on versioned.org_id = documents.org_id
            and versioned.source_entity = documents.source_entity
            and versioned.document_id = documents.document_id
            and versioned.first_version <= documents.version
        group by
            documents.snapshot_id,
            versioned.org_id,
            versioned.source_entity,
            versioned.document_id,
            versioned.line_id,
            documents.version
    ),

    -- Few ids are gone from the newest version; only those are looked for.
    gone as (
        select ranked.*
        from
            (
                select
                    held.*,
                    lines.line_ordinal,
                    lines.weight,
                    lines.description,
                    row_number() over (
                        partition by
                            held.snapshot_id,
                            held.source_entity,
                            held.document_id,
                            held.line_id
                        order by lines.line_ordinal
                    ) as place
                from held
                inner join
                    versioned as lines
                    on held.org_id = lines.org_id
                    and held.source_entity = lines.source_entity
                    and held.document_id = lines.document_id
                    and held.last_version
                    between lines.first_version and lines.last_version
                    and held.line_id = lines.line_id
                where held.last_version < held.current_version
            ) as ranked
        where ranked.place = 1
    ),

    compared as (
        select org_id, source_entity, document_id, last_version as version
        from gone
        union
        select org_id, source_entity, document_id, current_version as version
        from gone
    ),

    counts as (
        select
            compared.org_id,
            compared.source_entity,
            compared.document_id,
            compared.version,
            count(*) as line_count
        from compared
        inner join
            versioned
            on compared.org_id = versioned.org_id
            and compared.source_entity = versioned.source_entity
            and compared.document_id = versioned.document_id
            and compared.version
            between versioned.first_version and versioned.last_version
        group by
            compared.org_id,
            compared.source_entity,
            compared.document_id,
            compared.version
    ),

    candidates as (
        select
            gone.snapshot_id,
            gone.source_entity,
            gone.document_id,
            gone.line_id,
            lines.line_id as current_line_id,
            gone.line_ordinal = lines.line_ordinal
            and before.line_count = after.line_count as is_same_place,
            gone.weight = lines.weight
            and coalesce(gone.description, '')
            = coalesce(lines.description, '') as is_alike
        from gone
        inner join
            versioned as lines
            on gone.org_id = lines.org_id
            and gone.source_entity = lines.source_entity
            and gone.document_id = lines.document_id
            and gone.current_version between lines.first_version and lines.last_version
        inner join
            counts as before
            on gone.org_id = before.org_id
            and gone.source_entity = before.source_entity
            and gone.document_id = before.document_id
            and gone.last_version = before.version
        inner join
            counts as after
            on gone.org_id = after.org_id
            and gone.source_entity = after.source_entity
            and gone.document_id = after.document_id
            and gone.current_version = after.version
    ),

    found as (
        select
            snapshot_id,
            source_entity,
            document_id,
            line_id,
            min(case when is_same_place then current_line_id end) as same_place_id,
            min(case when is_alike then current_line_id end) as alike_id,
            count(*) filter (where is_alike) as alike_count
        from candidates
        group by snapshot_id, source_entity, document_id, line_id
    )

select
    held.snapshot_id,
    held.org_id,
    held.source_entity,
    held.document_id,
    held.line_id,
    case
        when held.last_version = held.current_version
        then held.line_id
        when found.same_place_id is not null
        then found.same_place_id
        when found.alike_count = 1
        then found.alike_id
    end as current_line_id,
    case
        when held.last_version = held.current_version
        then 'same_id'
        when found.same_place_id is not null
        then 'same_place'
        when found.alike_count = 1
        then 'same_text_and_amount'
        else 'orphaned'
    end as method
from held
left join
    found
    on held.snapshot_id = found.snapshot_id
    and held.source_entity = found.source_entity
    and held.document_id = found.document_id
    and held.line_id = found.line_id
