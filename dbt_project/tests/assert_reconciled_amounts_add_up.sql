-- I12, I13: what BILL's figures explain is the sum of the parts beside it, the rest is
-- unexplained, and a document's parts are those of its own row.
{{ config(severity="warn", meta={"dagster": {"ref": {"name": "reconciliation"}}}) }}
with
    documents as (
        select
            org_id,
            'bill' as document_type,
            bill_id as document_id,
            currency,
            open_home,
            source_due,
            source_scheduled
        from {{ ref("bills") }}
        union all
        select
            org_id,
            'invoice' as document_type,
            invoice_id as document_id,
            currency,
            open_home,
            source_due,
            source_scheduled
        from {{ ref("invoices") }}
    )

select reconciled.grain, reconciled.document_type, reconciled.document_id
from {{ ref("reconciliation") }} as reconciled
inner join
    {{ ref("int_connection_settings_dated") }} as settings
    on reconciled.org_id = settings.org_id
left join
    documents
    on reconciled.org_id = documents.org_id
    and reconciled.document_type = documents.document_type
    and reconciled.document_id = documents.document_id
where
    reconciled.explained
    is distinct from reconciled.source_due
    + reconciled.source_scheduled
    - reconciled.posted_not_cleared
    - reconciled.user_settlements
    + reconciled.credits_pending
    + reconciled.credits_not_posted
    - reconciled.not_posted
    - reconciled.open_credits
    or reconciled.unexplained
    is distinct from reconciled.ledger_open
    - reconciled.explained
    or (
        documents.currency = settings.home_currency
        and reconciled.ledger_open <> documents.open_home
    )
    or (
        reconciled.grain = 'document'
        and reconciled.source_due is not null
        and (
            reconciled.source_due <> coalesce(documents.source_due, 0)
            or reconciled.source_scheduled <> coalesce(documents.source_scheduled, 0)
        )
    )
