-- What BILL says of each bill and invoice: due, scheduled, paid, credited. BILL leaves
-- out what is empty, so a missing amount is zero; where all are missing it says
-- nothing.
-- BILL's texts disagree on whether what is paid holds the credits: either may be.
with
    receipts as (
        select invoices.org_id, invoices.invoice_id, sum(payments.amount) as paid_amount
        from ({{ known_now("int_invoices_judged") }}) as invoices
        inner join
            {{ ref("stg_bill__invoice_payments") }} as payments
            on invoices.org_id = payments.org_id
            and invoices.invoice_id = payments.invoice_id
            and invoices.version = payments.version
        where {{ normalised_status("payments.status") }} in ('PAID', 'ESCHEATED')
        group by invoices.org_id, invoices.invoice_id
    ),

    stated as (
        select
            org_id,
            'bill' as document_type,
            bill_id as document_id,
            vendor_id as source_party_id,
            currency,
            not_posted_reason,
            amount,
            paid_amount,
            due_amount,
            scheduled_amount,
            credit_amount,
            is_archived,
            payment_status in ('PAID', 'PAID_IN_FULL') as is_paid,
            synced_at
        from ({{ known_now("int_bills_judged") }}) as bills_judged
        union all
        select
            invoices.org_id,
            'invoice' as document_type,
            invoices.invoice_id as document_id,
            invoices.customer_id as source_party_id,
            invoices.currency,
            invoices.not_posted_reason,
            invoices.amount,
            receipts.paid_amount,
            invoices.due_amount,
            invoices.scheduled_amount,
            invoices.credit_amount,
            invoices.is_archived,
            invoices.status in ('PAID', 'PAID_IN_FULL') as is_paid,
            invoices.synced_at
        from ({{ known_now("int_invoices_judged") }}) as invoices
        left join
            receipts
            on invoices.org_id = receipts.org_id
            and invoices.invoice_id = receipts.invoice_id
    ),

    filled as (
        select
            stated.*,
            coalesce(paid_amount, 0)
            + coalesce(scheduled_amount, 0)
            + coalesce(due_amount, 0) as covered_amount,
            due_amount is null
            and scheduled_amount is null
            and paid_amount is null
            and coalesce(credit_amount, 0) = 0
            and not coalesce(is_paid, false) as is_silent
        from stated
    )

select
    org_id,
    document_type,
    document_id,
    source_party_id,
    currency,
    not_posted_reason,
    case
        when is_silent
        then 'not_stated'
        when covered_amount + coalesce(credit_amount, 0) = amount
        then case when coalesce(credit_amount, 0) = 0 then 'either' else 'apart' end
        when covered_amount = amount
        then 'in_paid'
        when paid_amount is null and document_type = 'invoice'
        then 'not_stated'
        else 'violated'
    end as credit_identity,
    amount,
    case when not is_silent then coalesce(due_amount, 0) end as source_due,
    case when not is_silent then coalesce(scheduled_amount, 0) end as source_scheduled,
    coalesce(is_archived, false) as is_archived,
    synced_at
from filled
