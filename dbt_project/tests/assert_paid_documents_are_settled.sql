-- I10: what BILL shows as paid is closed in the ledger, or an open issue names it.
{{ config(severity="warn", meta={"dagster": {"ref": {"name": "bills"}}}) }}
with
    paid as (
        select org_id, 'bill' as document_type, bill_id as document_id, open_home
        from {{ ref("bills") }}
        where status = 'PAID' and posted
        union all
        select org_id, 'invoice' as document_type, invoice_id as document_id, open_home
        from {{ ref("invoices") }}
        where status = 'PAID_IN_FULL' and posted
    )

select paid.document_type, paid.document_id, paid.open_home
from paid
where
    paid.open_home <> 0
    and not exists (
        select 1
        from {{ ref("data_quality") }} as issues
        where
            issues.org_id = paid.org_id
            and issues.document_type = paid.document_type
            and issues.document_id = paid.document_id
            and issues.resolved_at is null
    )
