-- I8: live settlements of a document never exceed it, nor uses of a credit the credit.
{{
    config(
        severity="warn", meta={"dagster": {"ref": {"name": "payment_applications"}}}
    )
}}
with
    settled as (
        select org_id, to_type as document_type, to_id as document_id, amount_local
        from {{ ref("payment_applications") }}
    ),

    used as (
        select org_id, from_type as document_type, from_id as document_id, amount_local
        from {{ ref("payment_applications") }}
        where from_id <> to_id
    ),

    totals as (
        select org_id, document_type, document_id, sum(amount_local) as amount
        from settled
        group by org_id, document_type, document_id
        union all
        select org_id, document_type, document_id, sum(amount_local) as amount
        from used
        group by org_id, document_type, document_id
    )

select totals.document_type, totals.document_id, totals.amount
from totals
inner join
    ({{ known_now("int_documents_judged") }}) as documents
    on totals.org_id = documents.org_id
    and totals.document_type = documents.source_entity
    and totals.document_id = documents.document_id
where totals.amount > documents.amount
