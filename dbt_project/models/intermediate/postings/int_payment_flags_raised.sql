-- What is unusual about payments and receipts: unknown states and documents, no
-- rates.
with
    documents as (select * from {{ ref("int_documents_judged") }} where is_posted),

    payments as (select * from {{ ref("int_payments_known") }}),

    receipts as (select * from {{ ref("int_receipts_known") }}),

    applications as (
        select
            allotted.snapshot_id,
            'payment' as document_type,
            allotted.payment_id as document_id,
            'bill' as to_type,
            allotted.bill_id as to_id
        from {{ ref("int_bill_payments_allotted") }} as allotted
        inner join
            payments
            on allotted.snapshot_id = payments.snapshot_id
            and allotted.payment_id = payments.payment_id
        where payments.is_posted and allotted.cash_amount > 0
        union all
        select
            allotted.snapshot_id,
            'receipt' as document_type,
            allotted.receipt_id as document_id,
            'invoice' as to_type,
            allotted.invoice_id as to_id
        from {{ ref("int_receipts_allotted") }} as allotted
        inner join
            receipts
            on allotted.snapshot_id = receipts.snapshot_id
            and allotted.receipt_id = receipts.receipt_id
        where receipts.not_posted_reason is null and allotted.cash_amount > 0
    ),

    orphans as (
        select
            applications.snapshot_id,
            applications.document_type,
            applications.document_id,
            'Pays a document that is not known or not posted' as message
        from applications
        left join
            documents
            on applications.snapshot_id = documents.snapshot_id
            and applications.to_type = documents.source_entity
            and applications.to_id = documents.document_id
        where documents.document_id is null
        union all
        select
            snapshot_id,
            'payment' as document_type,
            payment_id as document_id,
            'Voided to be sent anew, but no new payment matches: in clearing' as message
        from {{ ref("int_payments_reissued") }}
        where replacement_id is null
    )

select
    snapshot_id,
    document_type,
    document_id,
    'orphan_reference' as flag,
    max(message) as message
from orphans
group by snapshot_id, document_type, document_id
union all
select distinct
    snapshot_id,
    'payment' as document_type,
    payment_id as document_id,
    'fx_rate_missing' as flag,
    'No funding amount and no rate: the rate of its bills was used' as message
from {{ ref("int_payment_parts_valued") }}
where is_rate_inferred
union all
select
    payments.snapshot_id,
    'payment' as document_type,
    payments.payment_id as document_id,
    'fx_rate_missing' as flag,
    'No funding amount, no rate and no bill that has one: not posted' as message
from payments
where
    payments.is_foreign
    and payments.not_posted_reason is null
    and not exists (
        select 1
        from {{ ref("int_payment_parts_valued") }} as parts
        where
            parts.snapshot_id = payments.snapshot_id
            and parts.payment_id = payments.payment_id
    )
union all
select
    snapshot_id,
    'receipt' as document_type,
    receipt_id as document_id,
    'fx_rate_missing' as flag,
    'BILL gives receipts no rate: the rate of its invoices counts' as message
from receipts
where is_foreign and not_posted_reason is null
union all
select
    snapshot_id,
    'payment' as document_type,
    payment_id as document_id,
    case when is_status_unknown then 'unknown_value' else state_flag end as flag,
    'Payment stands at ' || state as message
from payments
where is_status_unknown or (state_flag is not null and is_posted)
union all
select
    snapshot_id,
    'receipt' as document_type,
    receipt_id as document_id,
    'unknown_value' as flag,
    'BILL shows a receipt status we do not know' as message
from receipts
where is_status_unknown
