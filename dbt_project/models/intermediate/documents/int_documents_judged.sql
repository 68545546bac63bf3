-- Every document that has lines, as each snapshot has it. What a document itself posts
-- seldom changes from one snapshot to the next, not when it is paid: of states in a row
-- that post the same, the last one's lines stand for all (`state_snapshot_id`), from
-- the generation in which the first began, and since BILL showed that one.
{%- set posted = [
    "source_party_id",
    "accounting_class_id",
    "department_id",
    "location_id",
    "job_id",
    "document_number",
    "description",
    "currency",
    "amount",
    "tax_amount",
    "home_amount",
    "fx_rate",
    "is_posted",
    "document_date",
] %}
{%- set document = "org_id, source_entity, document_id" %}
{%- set states = "partition by " ~ document ~ " order by generation_no" %}
{%- set state = "partition by " ~ document ~ ", state_no" %}
with
    spanned as (
        select
            documents.*,
            coalesce(spans.is_recast, false) as is_recast,
            coalesce(spans.from_generation, 1) as from_generation,
            snapshots.generation_no
        from {{ ref("int_documents_united") }} as documents
        inner join
            {{ ref("int_snapshots") }} as snapshots
            on documents.snapshot_id = snapshots.snapshot_id
        left join
            {{ ref("int_member_spans") }} as spans
            on documents.snapshot_id = spans.snapshot_id
            and documents.source_entity = spans.record_entity
            and documents.document_id = spans.record_id
    ),

    ordered as (
        select
            spanned.*,
            lag(version) over ({{ states }}) as version_before,
            lag(is_recast) over ({{ states }}) as was_recast
            {%- for column in posted %}
                , lag({{ column }}) over ({{ states }}) as {{ column }}_before
            {%- endfor %}
        from spanned
    ),

    -- States that post something else than the one before: another value, or lines that
    -- the later version brought or took back.
    begun as (
        select snapshot_id, source_entity, document_id
        from ordered
        where
            was_recast
            {% for column in posted -%}
                or {{ column }} is distinct from {{ column }}_before
            {% endfor %}
        union
        select ordered.snapshot_id, ordered.source_entity, ordered.document_id
        from ordered
        inner join
            {{ ref("int_document_lines_versioned") }} as lines
            on ordered.org_id = lines.org_id
            and ordered.source_entity = lines.source_entity
            and ordered.document_id = lines.document_id
            and ordered.version_before < ordered.version
            and (
                lines.first_version
                between ordered.version_before + 1 and ordered.version
                or lines.last_version
                between ordered.version_before and ordered.version - 1
            )
    ),

    numbered as (
        select
            ordered.*,
            count(begun.document_id) over (
                partition by ordered.org_id, ordered.source_entity, ordered.document_id
                order by ordered.generation_no
                rows between unbounded preceding and current row
            ) as state_no
        from ordered
        left join
            begun
            on ordered.snapshot_id = begun.snapshot_id
            and ordered.source_entity = begun.source_entity
            and ordered.document_id = begun.document_id
    ),

    stated as (
        select
            numbered.*,
            min(from_generation) over ({{ state }}) as state_from_generation,
            min(synced_at) over ({{ state }}) as state_synced_at,
            max(generation_no) over ({{ state }}) as state_generation
        from numbered
    )

select
    stated.snapshot_id,
    stated.org_id,
    states.snapshot_id as state_snapshot_id,
    stated.source_entity,
    stated.document_id,
    stated.direction,
    stated.source_party_id,
    stated.version,
    stated.accounting_class_id,
    stated.department_id,
    stated.location_id,
    stated.job_id,
    stated.document_number,
    stated.description,
    stated.currency,
    stated.not_posted_reason,
    stated.amount,
    stated.tax_amount,
    stated.home_amount,
    stated.fx_rate,
    stated.is_posted,
    stated.is_archived_with_payments,
    stated.state_from_generation,
    stated.document_date,
    stated.due_date,
    stated.updated_at,
    stated.synced_at,
    stated.state_synced_at
from stated
inner join
    {{ ref("int_snapshots") }} as states
    on stated.org_id = states.org_id
    and stated.state_generation = states.generation_no
