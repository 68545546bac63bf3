-- The lines of every document as known now, to the cent of its currency. Price times
-- quantity is exact; a total that rounding alone explains is shared by largest
-- remainder. Lines of whole cents need no rounding.
{{ config(materialized="ephemeral") }}
{%- set cent = "100000000000000" %}
{%- set line_columns = document_line_columns() %}
with
    documents as (
        select judged.*, {{ whole_units("amount - tax_amount", 2) }} as target_cents
        from {{ ref("int_documents_judged") }} as judged
    ),

    totals as (
        select
            org_id,
            source_entity,
            document_id,
            version,
            sum(weight) as document_weight,
            count(*) as line_count,
            count(*) filter (where mod(weight, {{ cent }}) <> 0) as broken_count
        from {{ ref("int_document_lines_versioned") }}
        group by org_id, source_entity, document_id, version
    ),

    -- Lines of whole cents need no rounding, unless they miss the total by so little
    -- that rounding explains it.
    weighed as (
        select
            lines.*,
            documents.snapshot_id,
            documents.target_cents,
            totals.document_weight <> 0
            and abs(documents.target_cents * {{ cent }} - totals.document_weight)
            <= totals.line_count * {{ cent }} as is_near,
            totals.broken_count = 0
            and (
                totals.document_weight = documents.target_cents * {{ cent }}
                or totals.document_weight = 0
                or abs(documents.target_cents * {{ cent }} - totals.document_weight)
                > totals.line_count * {{ cent }}
            ) as is_whole
        from {{ ref("int_document_lines_versioned") }} as lines
        inner join
            documents
            on lines.org_id = documents.org_id
            and lines.source_entity = documents.source_entity
            and lines.document_id = documents.document_id
            and lines.version = documents.version
        inner join
            totals
            on lines.org_id = totals.org_id
            and lines.source_entity = totals.source_entity
            and lines.document_id = totals.document_id
            and lines.version = totals.version
    ),

    broken as (select * from weighed where not is_whole),

    shared as (
        {{
            largest_remainder(
                "broken",
                ["snapshot_id", "source_entity", "document_id"],
                "weight",
                "target_cents",
                "line_ordinal",
            )
        }}
    )

select {{ line_columns }}, {{ floor_div("weight", cent) }} as local_cents
from weighed
where is_whole
union all
select
    {{ line_columns }},
    case
        when is_near then share_cents else {{ round_div("weight", cent) }}
    end as local_cents
from shared
