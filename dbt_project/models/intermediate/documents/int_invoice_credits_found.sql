-- Credits BILL shows on an invoice beyond the memos used on it: discounts given.
-- They count on the day of the last receipt that stands.
with
    used as (
        select org_id, invoice_id, sum(amount) as amount
        from {{ ref("int_credit_memos_used") }}
        group by org_id, invoice_id
    ),

    paid as (
        select
            allotted.org_id,
            allotted.invoice_id,
            max(allotted.application_date) as last_paid_on
        from {{ ref("int_receipts_allotted") }} as allotted
        inner join
            {{ ref("int_receipts_known") }} as receipts
            on allotted.org_id = receipts.org_id
            and allotted.receipt_id = receipts.receipt_id
        where receipts.not_posted_reason is null and not receipts.is_voided
        group by allotted.org_id, allotted.invoice_id
    )

select
    invoices.org_id,
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
    {{ ref("int_connection_settings_dated") }} as settings
    on invoices.org_id = settings.org_id
left join
    used on invoices.org_id = used.org_id and invoices.invoice_id = used.invoice_id
left join
    paid on invoices.org_id = paid.org_id and invoices.invoice_id = paid.invoice_id
where invoices.is_posted and invoices.credit_amount > coalesce(used.amount, 0)
