-- The lines of every document as known now, to the cent, in local and home currency.
-- Lines, what they lack to the header, and sales tax together make the document's
-- total.
{%- set line_columns = document_line_columns() %}
{%- set valued_columns = (
    line_columns
    ~ ", role, org_id, direction, source_party_id, document_class_id,"
    ~ " document_department_id, document_location_id, document_job_id,"
    ~ " document_description, document_number, currency, fx_rate, is_posted,"
    ~ " document_date, local_cents"
) %}
with
    documents as (
        select
            judged.*,
            {{ whole_units("amount - tax_amount", 2) }} as target_cents,
            {{ whole_units("home_amount", 2) }} as home_target_cents
        from {{ ref("int_documents_judged") }} as judged
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

    valued as (
        select
            all_lines.*,
            documents.org_id,
            documents.direction,
            documents.source_party_id,
            documents.accounting_class_id as document_class_id,
            documents.department_id as document_department_id,
            documents.location_id as document_location_id,
            documents.job_id as document_job_id,
            documents.description as document_description,
            documents.document_number,
            documents.currency,
            documents.fx_rate,
            documents.is_posted,
            documents.document_date,
            documents.home_target_cents,
            coalesce(
                documents.amount <> 0 and documents.home_amount = documents.amount,
                false
            ) as is_home
        from all_lines
        inner join
            documents
            on all_lines.snapshot_id = documents.snapshot_id
            and all_lines.source_entity = documents.source_entity
            and all_lines.document_id = documents.document_id
    ),

    converted as (select * from valued where not is_home),

    in_home as (
        select {{ valued_columns }}, local_cents as share_cents
        from valued
        where is_home
        union all
        select {{ valued_columns }}, share_cents
        from
            (
                {{
                    largest_remainder(
                        "converted",
                        ["snapshot_id", "source_entity", "document_id"],
                        "local_cents",
                        "home_target_cents",
                        "line_ordinal",
                    )
                }}
            ) as shares
    )

select
    snapshot_id,
    org_id,
    source_entity,
    document_id,
    line_id,
    line_ordinal,
    role,
    direction,
    source_party_id,
    chart_of_account_id,
    coalesce(accounting_class_id, document_class_id) as accounting_class_id,
    coalesce(department_id, document_department_id) as department_id,
    coalesce(location_id, document_location_id) as location_id,
    coalesce(job_id, document_job_id) as job_id,
    item_id,
    description,
    document_description,
    document_number,
    currency,
    {{ cents_to_money("local_cents") }} as local_amount,
    {{ cents_to_money("share_cents") }} as home_amount,
    fx_rate,
    is_posted,
    document_date
from in_home
