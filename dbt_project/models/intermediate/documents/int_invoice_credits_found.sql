-- Credits BILL shows on an invoice beyond the memos used on it: discounts given.
-- They count on the day of the last receipt that stands.
with
    used as (
        select snapshot_id, invoice_id, sum(amount) as amount
        from {{ ref("int_credit_memos_used") }}
        group by snapshot_id, invoice_id
    ),

    paid as (
        select
            allotted.snapshot_id,
            allotted.invoice_id,
            max(allotted.application_date) as last_paid_on
        from {{ ref("int_receipts_allotted") }} as allotted
        inner join
            {{ ref("int_receipts_known") }} as receipts
            on allotted.snapshot_id = receipts.snapshot_id
            and allotted.receipt_id = receipts.receipt_id
        where receipts.not_posted_reason is null and not receipts.is_voided
        group by allotted.snapshot_id, allotted.invoice_id
    )

select
    invoices.snapshot_id,
    invoices.invoice_id,
    cast(invoices.credit_amount - coalesce(used.amount, 0) as decimal(18, 2)) as amount,
    coalesce(
        paid.last_paid_on,
        greatest(
            {{ local_date("invoices.updated_at", "settings.org_timezone") }},
            invoices.invoice_date
        )
    ) as settlement_date
from {{ ref("int_invoices_judged") }} as invoices
inner join
    {{ ref("int_snapshots") }} as settings
    on invoices.snapshot_id = settings.snapshot_id
left join
    used
    on invoices.snapshot_id = used.snapshot_id
    and invoices.invoice_id = used.invoice_id
left join
    paid
    on invoices.snapshot_id = paid.snapshot_id
    and invoices.invoice_id = paid.invoice_id
where invoices.is_posted and invoices.credit_amount > coalesce(used.amount, 0)
