-- I12: every bill and invoice is reconciled with BILL's own figures, and where
-- something stays unexplained an open issue names it.
{{ config(severity="warn", meta={"dagster": {"ref": {"name": "reconciliation"}}}) }}
with
    documents as (
        select org_id, source_entity as document_type, document_id
        from ({{ known_now("int_documents_judged") }}) as documents_judged
        where source_entity in ('bill', 'invoice')
    )

select documents.document_type, documents.document_id, reconciled.unexplained
from documents
left join
    {{ ref("reconciliation") }} as reconciled
    on documents.org_id = reconciled.org_id
    and reconciled.grain = 'document'
    and documents.document_type = reconciled.document_type
    and documents.document_id = reconciled.document_id
where
    reconciled.document_id is null
    or reconciled.ledger_open <> reconciled.explained + reconciled.unexplained
    or (
        (reconciled.unexplained <> 0 or reconciled.source_reading = 'violated')
        and not exists (
            select 1
            from {{ ref("data_quality") }} as issues
            where
                issues.org_id = documents.org_id
                and issues.document_type = documents.document_type
                and issues.document_id = documents.document_id
                and issues.resolved_at is null
        )
    )
