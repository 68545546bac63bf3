-- What people decided that cannot count, with the reason: settlements of what is closed
-- or does not post, entries against a document of the other side.
with
    closed as (
        select
            org_id,
            'bill' as source_entity,
            source_id as document_id,
            application_id,
            cut_amount
        from ({{ known_now("int_bill_settlements_cut", adds_org=true) }}) as bills
        where source_entity in ('settled_outside', 'writeoff')
        union all
        select
            org_id,
            'invoice' as source_entity,
            source_id as document_id,
            application_id,
            cut_amount
        from ({{ known_now("int_invoice_settlements_cut", adds_org=true) }}) as invoices
        where source_entity in ('settled_outside', 'writeoff')
        union all
        select org_id, source_entity, document_id, application_id, cut_amount
        from ({{ known_now("int_credits_closed_cut", adds_org=true) }}) as credits
    ),

    entries as (
        select *
        from ({{ known_now("int_manual_entries_known") }}) as manual_entries
        where is_waiting and document_id is not null and document_type is null
    )

select
    decided.org_id,
    'settlement_override_rejected' as check_name,
    decided.source_entity as document_type,
    decided.document_id,
    case
        when documents.not_posted_reason is not null
        then 'The document does not post: ' || documents.not_posted_reason
        else 'Nothing of the document was open any more'
    end as message,
    min(decided.effective_at) as first_seen
from ({{ known_now("int_settlements_decided", adds_org=true) }}) as decided
inner join
    ({{ known_now("int_documents_judged") }}) as documents
    on decided.org_id = documents.org_id
    and decided.source_entity = documents.source_entity
    and decided.document_id = documents.document_id
left join
    closed
    on decided.org_id = closed.org_id
    and decided.source_entity = closed.source_entity
    and decided.application_id = closed.application_id
where coalesce(closed.cut_amount, 0) = 0
group by
    decided.org_id,
    decided.source_entity,
    decided.document_id,
    documents.not_posted_reason
union all
select
    entries.org_id,
    'manual_entry_rejected' as check_name,
    'manual' as document_type,
    entries.entry_id as document_id,
    'Account '
    || min(entries.account_number)
    || ' takes no document like '
    || min(entries.document_id) as message,
    min(entries.effective_at) as first_seen
from entries
inner join
    ({{ known_now("int_documents_judged") }}) as documents
    on entries.org_id = documents.org_id
    and entries.document_id = documents.document_id
group by entries.org_id, entries.entry_id
