-- The lines of every document as known now, to the cent of its currency. Price times
-- quantity is exact; a total that rounding alone explains is shared by largest
-- remainder. Lines of whole cents need no rounding.
{{ config(materialized="ephemeral") }}
{%- set cent = "100000000000000" %}
{%- set line_columns = [
    "snapshot_id",
    "source_entity",
    "document_id",
    "line_id",
    "line_ordinal",
    "chart_of_account_id",
    "accounting_class_id",
    "department_id",
    "location_id",
    "job_id",
    "item_id",
    "description",
] | join(", ") %}
with
    documents as (
        select
            judged.snapshot_id,
            judged.org_id,
            judged.source_entity,
            judged.document_id,
            judged.version,
            {{ whole_units("amount - tax_amount", 2) }} as target_cents
        from {{ ref("int_documents_judged") }} as judged
        where judged.snapshot_id = judged.state_snapshot_id
    ),

    lines as (
        select lines.*, documents.snapshot_id, documents.target_cents
        from {{ ref("int_document_lines_versioned") }} as lines
        inner join
            documents
            on lines.org_id = documents.org_id
            and lines.source_entity = documents.source_entity
            and lines.document_id = documents.document_id
            and documents.version between lines.first_version and lines.last_version
    ),

    -- Lines of whole cents need no rounding, unless they miss the total by so little
    -- that rounding explains it.
    totals as (
        select
            snapshot_id,
            source_entity,
            document_id,
            count(*) as line_count,
            count(*) = count(whole_cents)
            and (
                sum(whole_cents) in (min(target_cents), 0)
                or abs(min(target_cents) - sum(whole_cents)) > count(*)
            ) as is_whole
        from lines
        group by snapshot_id, source_entity, document_id
    ),

    weighed as (
        select lines.*, totals.line_count, totals.is_whole
        from lines
        inner join
            totals
            on lines.snapshot_id = totals.snapshot_id
            and lines.source_entity = totals.source_entity
            and lines.document_id = totals.document_id
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

select {{ line_columns }}, whole_cents as local_cents
from weighed
where is_whole
union all
select
    {{ line_columns }},
    case
        when
            group_weight <> 0
            and abs(target_cents * {{ cent }} - group_weight) <= line_count * {{ cent }}
        then share_cents
        else {{ round_div("weight", cent) }}
    end as local_cents
from shared
