-- The lines of every state of a document, to the cent, in local and home currency.
-- Lines, what they lack to the header, and sales tax together make the document's
-- total.
with
    documents as (
        select
            judged.*,
            {{ whole_units("amount - tax_amount", 2) }} as target_cents,
            {{ whole_units("home_amount", 2) }} as home_target_cents,
            coalesce(amount <> 0 and home_amount = amount, false) as is_home
        from {{ ref("int_documents_judged") }} as judged
        where judged.snapshot_id = judged.state_snapshot_id
    ),

    in_cents as (select * from {{ ref("int_document_lines_measured") }}),

    summed as (
        select snapshot_id, source_entity, document_id, sum(local_cents) as local_cents
        from in_cents
        group by snapshot_id, source_entity, document_id
    ),

    all_lines as (
        select
            snapshot_id,
            source_entity,
            document_id,
            line_id,
            line_ordinal,
            'line' as role,
            chart_of_account_id,
            accounting_class_id,
            department_id,
            location_id,
            job_id,
            item_id,
            description,
            local_cents
        from in_cents
        union all
        select
            documents.snapshot_id,
            documents.source_entity,
            documents.document_id,
            'difference' as line_id,
            1000001 as line_ordinal,
            'difference' as role,
            cast(null as {{ dbt.type_string() }}) as chart_of_account_id,
            documents.accounting_class_id,
            documents.department_id,
            documents.location_id,
            documents.job_id,
            cast(null as {{ dbt.type_string() }}) as item_id,
            'Lines do not add up to the document' as description,
            documents.target_cents - coalesce(summed.local_cents, 0) as local_cents
        from documents
        left join
            summed
            on documents.snapshot_id = summed.snapshot_id
            and documents.source_entity = summed.source_entity
            and documents.document_id = summed.document_id
        where documents.target_cents <> coalesce(summed.local_cents, 0)
        union all
        select
            snapshot_id,
            source_entity,
            document_id,
            'sales_tax' as line_id,
            1000002 as line_ordinal,
            'tax' as role,
            cast(null as {{ dbt.type_string() }}) as chart_of_account_id,
            accounting_class_id,
            department_id,
            location_id,
            job_id,
            cast(null as {{ dbt.type_string() }}) as item_id,
            'Sales tax' as description,
            {{ whole_units("tax_amount", 2) }} as local_cents
        from documents
        where tax_amount <> 0
    ),

    foreign_lines as (
        select
            all_lines.snapshot_id,
            all_lines.source_entity,
            all_lines.document_id,
            all_lines.line_ordinal,
            all_lines.local_cents,
            documents.home_target_cents
        from all_lines
        inner join
            documents
            on all_lines.snapshot_id = documents.snapshot_id
            and all_lines.source_entity = documents.source_entity
            and all_lines.document_id = documents.document_id
            and not documents.is_home
    ),

    converted as (
        {{
            largest_remainder(
                "foreign_lines",
                ["snapshot_id", "source_entity", "document_id"],
                "local_cents",
                "home_target_cents",
                "line_ordinal",
            )
        }}
    )

select
    all_lines.snapshot_id,
    documents.org_id,
    all_lines.source_entity,
    all_lines.document_id,
    all_lines.line_id,
    all_lines.line_ordinal,
    all_lines.role,
    documents.direction,
    documents.source_party_id,
    all_lines.chart_of_account_id,
    coalesce(
        all_lines.accounting_class_id, documents.accounting_class_id
    ) as accounting_class_id,
    coalesce(all_lines.department_id, documents.department_id) as department_id,
    coalesce(all_lines.location_id, documents.location_id) as location_id,
    coalesce(all_lines.job_id, documents.job_id) as job_id,
    all_lines.item_id,
    all_lines.description,
    documents.description as document_description,
    documents.document_number,
    documents.currency,
    {{ cents_to_money("all_lines.local_cents") }} as local_amount,
    {{ cents_to_money("coalesce(converted.share_cents, all_lines.local_cents)") }}
    as home_amount,
    documents.fx_rate,
    documents.is_posted,
    documents.state_from_generation,
    documents.document_date,
    documents.state_synced_at
from all_lines
inner join
    documents
    on all_lines.snapshot_id = documents.snapshot_id
    and all_lines.source_entity = documents.source_entity
    and all_lines.document_id = documents.document_id
left join
    converted
    on all_lines.snapshot_id = converted.snapshot_id
    and all_lines.source_entity = converted.source_entity
    and all_lines.document_id = converted.document_id
    and all_lines.line_ordinal = converted.line_ordinal
