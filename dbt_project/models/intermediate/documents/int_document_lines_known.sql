-- The lines of every document as known now, to the cent, in local and home currency.
-- Lines, what they lack to the header, and sales tax together make the document's
-- total.
with
    documents as (select * from {{ ref("int_documents_judged") }}),

    weighed as (
        select
            lines.*,
            documents.snapshot_id,
            {{ whole_units("documents.amount - documents.tax_amount", 2) }}
            as target_cents,
            sum(lines.weight) over (
                partition by
                    documents.snapshot_id, lines.source_entity, lines.document_id
            ) as document_weight,
            count(*) over (
                partition by
                    documents.snapshot_id, lines.source_entity, lines.document_id
            ) as line_count
        from {{ ref("int_document_lines_versioned") }} as lines
        inner join
            documents
            on lines.org_id = documents.org_id
            and lines.source_entity = documents.source_entity
            and lines.document_id = documents.document_id
            and lines.version = documents.version
    ),

    shared as (
        {{
            largest_remainder(
                "weighed",
                ["snapshot_id", "source_entity", "document_id"],
                "weight",
                "target_cents",
                "line_ordinal",
            )
        }}
    ),

    in_cents as (
        select
            shared.*,
            case
                when
                    document_weight <> 0
                    and abs(target_cents * 100000000000000 - document_weight)
                    <= line_count * 100000000000000
                then share_cents
                else {{ round_div("weight", "100000000000000") }}
            end as local_cents
        from shared
    ),

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
            documents.accounting_class_id,
            documents.department_id,
            documents.location_id,
            documents.job_id,
            cast(null as {{ dbt.type_string() }}) as item_id,
            'Lines do not add up to the document' as description,
            {{ whole_units("documents.amount - documents.tax_amount", 2) }}
            - coalesce(summed.local_cents, 0) as local_cents
        from documents
        left join
            summed
            on documents.snapshot_id = summed.snapshot_id
            and documents.source_entity = summed.source_entity
            and documents.document_id = summed.document_id
        where
            {{ whole_units("documents.amount - documents.tax_amount", 2) }}
            <> coalesce(summed.local_cents, 0)
        union all
        select
            snapshot_id,
            source_entity,
            document_id,
            'sales_tax' as line_id,
            1000002 as line_ordinal,
            'tax' as role,
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

    valued as (
        select
            all_lines.*,
            {{ whole_units("documents.home_amount", 2) }} as home_target_cents
        from all_lines
        inner join
            documents
            on all_lines.snapshot_id = documents.snapshot_id
            and all_lines.source_entity = documents.source_entity
            and all_lines.document_id = documents.document_id
    ),

    in_home as (
        {{
            largest_remainder(
                "valued",
                ["snapshot_id", "source_entity", "document_id"],
                "local_cents",
                "home_target_cents",
                "line_ordinal",
            )
        }}
    )

select
    in_home.snapshot_id,
    documents.org_id,
    in_home.source_entity,
    in_home.document_id,
    in_home.line_id,
    in_home.line_ordinal,
    in_home.role,
    documents.direction,
    documents.source_party_id,
    coalesce(
        in_home.accounting_class_id, documents.accounting_class_id
    ) as accounting_class_id,
    coalesce(in_home.department_id, documents.department_id) as department_id,
    coalesce(in_home.location_id, documents.location_id) as location_id,
    coalesce(in_home.job_id, documents.job_id) as job_id,
    in_home.item_id,
    in_home.description,
    documents.description as document_description,
    documents.document_number,
    documents.currency,
    {{ cents_to_money("in_home.local_cents") }} as local_amount,
    {{ cents_to_money("in_home.share_cents") }} as home_amount,
    documents.fx_rate,
    documents.is_posted,
    documents.document_date
from in_home
inner join
    documents
    on in_home.snapshot_id = documents.snapshot_id
    and in_home.source_entity = documents.source_entity
    and in_home.document_id = documents.document_id
