-- What is unusual about documents themselves: approval, archive, exchange rates,
-- lines, likely duplicates, a status that BILL did not have when this was written.
{%- set bill_statuses = {
    "record_status": ["ACTIVE", "INACTIVE", "DRAFT", "DRAFT_DELETED"],
    "payment_status": [
        "UNPAID",
        "PARTIALLY_PAID",
        "SCHEDULED",
        "IN_PROCESS",
        "PAID",
        "UNDEFINED",
    ],
    "approval_status": [
        "UNASSIGNED",
        "ASSIGNED",
        "APPROVING",
        "APPROVED",
        "DENIED",
        "UNDEFINED",
    ],
} %}
{%- set invoice_statuses = {
    "record_status": ["ACTIVE", "INACTIVE", "DRAFT"],
    "status": [
        "OPEN",
        "SCHEDULED",
        "PARTIAL_PAYMENT",
        "PAID_IN_FULL",
        "UNDEFINED",
    ],
} %}
with
    bills as (select * from {{ ref("int_bills_judged") }}),

    documents as (select * from {{ ref("int_documents_judged") }}),

    lines as (select * from {{ ref("int_document_lines_known") }}),

    line_counts as (
        select snapshot_id, document_id, count(*) as line_count
        from lines
        where source_entity = 'bill' and role = 'line'
        group by snapshot_id, document_id
    )

select
    snapshot_id,
    'bill' as document_type,
    bill_id as document_id,
    'posted_unapproved' as flag,
    'Posted although approval stands at '
    || coalesce(approval_status, 'nothing') as message
from bills
where is_posted_unapproved
union all
select
    snapshot_id,
    source_entity as document_type,
    document_id,
    'archived_with_payments' as flag,
    'Archived in BILL, but payments or credits against it are live' as message
from documents
where is_archived_with_payments
union all
select
    bills.snapshot_id,
    'bill' as document_type,
    bills.bill_id as document_id,
    'fx_inconsistent' as flag,
    'Funding amount and exchange rate give different home amounts' as message
from bills
left join
    line_counts
    on bills.snapshot_id = line_counts.snapshot_id
    and bills.bill_id = line_counts.document_id
where
    bills.is_foreign
    and abs(bills.funding_amount - bills.rate_amount)
    > 0.01 * coalesce(line_counts.line_count, 1)
union all
select
    snapshot_id,
    source_entity as document_type,
    document_id,
    'fx_rate_missing' as flag,
    'No exchange rate and no home amount: not posted' as message
from documents
where not_posted_reason = 'fx_rate_missing'
union all
select
    snapshot_id,
    source_entity as document_type,
    document_id,
    'lines_do_not_sum' as flag,
    'Lines and total differ: the difference went to an uncategorized account' as message
from lines
where role = 'difference' and is_posted
union all
select
    invoices.snapshot_id,
    'invoice' as document_type,
    invoices.invoice_id as document_id,
    'lines_do_not_sum' as flag,
    'Several lines have no price: they share what the others lack, evenly' as message
from {{ ref("int_invoices_judged") }} as invoices
inner join
    {{ ref("stg_bill__invoice_line_items") }} as unpriced
    on invoices.org_id = unpriced.org_id
    and invoices.invoice_id = unpriced.invoice_id
    and invoices.version = unpriced.version
where invoices.is_posted and unpriced.price is null
group by invoices.snapshot_id, invoices.invoice_id
having count(*) > 1
union all
select
    org_id as snapshot_id,
    'bill' as document_type,
    bill_id as document_id,
    'possible_duplicate' as flag,
    'May be the same bill as '
    || coalesce(partner_number, 'one without a number')
    || ' ('
    || partner_id
    || ', '
    || tier
    || '); this one is '
    || case when is_paid then 'paid' else 'not paid' end
    || ', the other '
    || case when is_partner_paid then 'paid' else 'not paid' end as message
from {{ ref("int_bill_duplicates_suspected") }}
where partner_rank = 1
union all
{{ unknown_statuses("int_bills_judged", "bill", bill_statuses) }}
union all
{{ unknown_statuses("int_invoices_judged", "invoice", invoice_statuses) }}
