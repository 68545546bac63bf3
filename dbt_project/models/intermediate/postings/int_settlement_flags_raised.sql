-- What is unusual about settlements and decisions: too much, inferred, or orphaned.
with
    settlements as (
        select snapshot_id, source_entity, source_id, local_amount, cut_amount
        from {{ ref("int_bill_settlements_cut") }}
        union all
        select snapshot_id, source_entity, source_id, local_amount, cut_amount
        from {{ ref("int_invoice_settlements_cut") }}
    ),

    overrides as (
        select overrides.*, settings.snapshot_id
        from {{ ref("stg_decisions__category_overrides") }} as overrides
        inner join
            {{ ref("int_snapshots") }} as settings
            on overrides.org_id = settings.org_id
            and overrides.effective_at <= settings.as_of
        where overrides.line_id <> 'discount'
    )

select
    snapshot_id,
    'bill' as document_type,
    bill_id as document_id,
    'bill_credit_without_document' as flag,
    'BILL shows a credit no vendor credit explains: posted as a discount' as message
from {{ ref("int_bill_credits_found") }}
union all
select
    snapshot_id,
    'bill' as document_type,
    bill_id as document_id,
    'unexplained_settlement' as flag,
    'BILL shows it as paid, but payments and credits fall short' as message
from {{ ref("int_bill_shortfalls_found") }}
union all
select
    snapshot_id,
    'invoice' as document_type,
    invoice_id as document_id,
    'bill_credit_without_document' as flag,
    'BILL shows a credit no memo explains: posted as a discount' as message
from {{ ref("int_invoice_credits_found") }}
union all
select distinct
    snapshot_id,
    source_entity as document_type,
    source_id as document_id,
    'overpayment' as flag,
    'Applied above what the document still owed: the rest is an open item' as message
from settlements
where
    cut_amount < local_amount
    and source_entity in ('credit_memo', 'payment', 'receipt', 'vendor_credit')
union all
select distinct
    snapshot_id,
    'credit_memo' as document_type,
    credit_memo_id as document_id,
    'application_inferred' as flag,
    'BILL does not say which invoice it was used on: oldest first' as message
from {{ ref("int_credit_memos_used") }}
where is_inferred
union all
select distinct
    snapshot_id,
    'credit_memo' as document_type,
    credit_memo_id as document_id,
    'application_date_inferred' as flag,
    'BILL gives no date of use: the later date of the two documents' as message
from {{ ref("int_credit_memos_used") }}
union all
select distinct
    snapshot_id,
    'vendor_credit' as document_type,
    vendor_credit_id as document_id,
    'application_date_inferred' as flag,
    'BILL gives no date of use: the later date of the two documents' as message
from {{ ref("int_vendor_credits_used") }}
where is_direct
union all
select distinct
    snapshot_id,
    'vendor_credit' as document_type,
    vendor_credit_id as document_id,
    'application_inferred' as flag,
    'Its own uses and those of a payment differ in BILL: its own count' as message
from {{ ref("int_vendor_credit_uses_judged") }}
where is_conflicting
union all
select distinct
    uses.snapshot_id,
    'bill' as document_type,
    uses.bill_id as document_id,
    'orphan_reference' as flag,
    'A credit used on it is not known: stays open' as message
from {{ ref("int_vendor_credits_used") }} as uses
left join
    {{ ref("int_vendor_credits_judged") }} as credits
    on uses.snapshot_id = credits.snapshot_id
    and uses.vendor_credit_id = credits.vendor_credit_id
where credits.vendor_credit_id is null and uses.is_effective and not uses.is_reversed
union all
select distinct
    uses.snapshot_id,
    'bill' as document_type,
    uses.bill_id as document_id,
    'fx_rate_missing' as flag,
    'A foreign credit used on it has no rate and does not post: stays open' as message
from {{ ref("int_vendor_credits_used") }} as uses
inner join
    {{ ref("int_vendor_credits_judged") }} as credits
    on uses.snapshot_id = credits.snapshot_id
    and uses.vendor_credit_id = credits.vendor_credit_id
    and credits.not_posted_reason = 'fx_rate_missing'
where uses.is_effective and not uses.is_reversed
union all
select distinct
    uses.snapshot_id,
    'invoice' as document_type,
    uses.invoice_id as document_id,
    'fx_rate_missing' as flag,
    'A foreign memo used on it has no rate and does not post: stays open' as message
from {{ ref("int_credit_memos_used") }} as uses
inner join
    {{ ref("int_credit_memos_judged") }} as memos
    on uses.snapshot_id = memos.snapshot_id
    and uses.credit_memo_id = memos.credit_memo_id
    and memos.not_posted_reason = 'fx_rate_missing'
union all
select distinct
    overrides.snapshot_id,
    overrides.source_entity as document_type,
    overrides.document_id,
    'override_orphaned' as flag,
    'The line a person categorized is gone from the document' as message
from overrides
inner join
    {{ ref("int_documents_judged") }} as documents
    on overrides.snapshot_id = documents.snapshot_id
    and overrides.source_entity = documents.source_entity
    and overrides.document_id = documents.document_id
left join
    {{ ref("int_lines_followed") }} as followed
    on overrides.snapshot_id = followed.snapshot_id
    and overrides.source_entity = followed.source_entity
    and overrides.document_id = followed.document_id
    and overrides.line_id = followed.line_id
where followed.current_line_id is null
