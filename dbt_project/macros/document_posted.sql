{#
    A document's entry: its control account for the whole, its lines by category, sales
    tax apart. `line_sign` is 1 where lines are debits, -1 where they are credits.
#}
{% macro document_posted(source_entity, control_account, line_sign) %}
    with
        documents as (
            select *
            from {{ ref("int_documents_judged") }}
            where
                source_entity = '{{ source_entity }}'
                and is_posted
                and snapshot_id = state_snapshot_id
        ),

        lines as ({{ categorized_lines(source_entity) }})

    select
        {{
            posting(
                snapshot_id="snapshot_id",
                entry_key=document_entry_key(),
                entry_type="source_entity",
                source_entity="source_entity",
                source_id="document_id",
                source_number="document_number",
                memo="description",
                role="'control'",
                line_reference="document_id",
                account_number="'" ~ control_account ~ "'",
                document_type="source_entity",
                document_id="document_id",
                entry_party_id="source_party_id",
                source_party_id="source_party_id",
                local_currency="currency",
                description="description",
                category_source="'system'",
                line_order="0",
                amount=(-line_sign) ~ " * home_amount",
                local_amount=(-line_sign) ~ " * amount",
                fx_rate="fx_rate",
                entry_date="document_date",
                source_changed_at="state_synced_at",
                state_from_generation="state_from_generation",
                member_id="null",
            )
        }}
    from documents
    union all
    select
        {{
            posting(
                snapshot_id="lines.snapshot_id",
                entry_key=document_entry_key("lines."),
                entry_type="lines.source_entity",
                source_entity="lines.source_entity",
                source_id="lines.document_id",
                source_number="lines.document_number",
                memo="lines.document_description",
                role="lines.role",
                line_reference="lines.line_id",
                account_number="lines.account_number",
                document_type="lines.source_entity",
                document_id="lines.document_id",
                source_line_id="case when lines.role = 'line' then lines.line_id end",
                entry_party_id="lines.source_party_id",
                source_party_id="lines.source_party_id",
                local_currency="lines.currency",
                description="coalesce(nullif(lines.description, ''), lines.document_description)",
                category_source="lines.category_source",
                accounting_class_id="lines.accounting_class_id",
                department_id="lines.department_id",
                location_id="lines.location_id",
                job_id="lines.job_id",
                item_id="lines.item_id",
                line_order="lines.line_ordinal",
                amount=line_sign ~ " * lines.home_amount",
                local_amount=line_sign ~ " * lines.local_amount",
                fx_rate="lines.fx_rate",
                category_confidence="lines.category_confidence",
                entry_date="lines.document_date",
                source_changed_at="lines.state_synced_at",
                state_from_generation="lines.state_from_generation",
                member_id="null",
            )
        }}
    from lines
    where lines.home_amount <> 0
{% endmacro %}

{# A document's lines with their accounts; tax and differences have fixed ones. #}
{% macro categorized_lines(source_entity=none) %}
    select
        known.*,
        categorized.category_confidence,
        case
            when known.role = 'tax'
            then '2300'
            when known.role = 'line'
            then categorized.account_number
            when known.direction = 'ap'
            then '6999'
            else '4999'
        end as account_number,
        coalesce(categorized.category_source, 'system') as category_source
    from {{ ref("int_document_lines_known") }} as known
    left join
        {{ ref("int_lines_categorized") }} as categorized
        on known.snapshot_id = categorized.snapshot_id
        and known.source_entity = categorized.source_entity
        and known.document_id = categorized.document_id
        and {{ key_if("known.role = 'line'", "known.line_id") }} = categorized.line_id
    where
        known.is_posted
        {%- if source_entity %}
            and known.source_entity = '{{ source_entity }}'
        {% endif %}
{% endmacro %}

{# The key of the entry a document posts. #}
{% macro document_entry_key(relation="") -%}
    {{ relation }}snapshot_id
    || '|'
    || {{ relation }}source_entity
    || '|'
    || {{ relation }}document_id
    || '|post'
{%- endmacro %}
