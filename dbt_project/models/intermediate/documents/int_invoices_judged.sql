-- Invoices as known now, valued in home currency, and whether each posts.
with
    invoices as ({{ newest_version("stg_bill__invoices", "invoice_id", "invoice") }}),

    settings as (select * from {{ ref("int_snapshots") }}),

    customers as (select * from {{ ref("int_customers_known") }}),

    settled as (
        select allotted.snapshot_id, allotted.invoice_id
        from {{ ref("int_receipts_allotted") }} as allotted
        inner join
            {{ ref("int_receipts_known") }} as receipts
            on allotted.snapshot_id = receipts.snapshot_id
            and allotted.receipt_id = receipts.receipt_id
        where
            receipts.not_posted_reason is null
            and not receipts.is_voided
            and allotted.cash_amount > 0
        union
        select snapshot_id, invoice_id
        from {{ ref("int_credit_memos_used") }}
        where not is_inferred
    ),

    valued as (
        select
            invoices.*,
            coalesce(customers.currency, settings.home_currency) as currency,
            coalesce(customers.currency, settings.home_currency)
            <> settings.home_currency as is_foreign,
            customers.customer_name,
            settled.invoice_id is not null as has_live_settlement,
            excluded.document_id is not null as is_excluded,
            {{
                cents_to_money(
                    home_cents("invoices.total_amount", "invoices.exchange_rate")
                )
            }} as rate_amount,
            coalesce(
                invoices.invoice_date,
                invoices.due_date,
                {{ local_date("invoices.created_at", "settings.org_timezone") }}
            ) as posting_date
        from invoices
        inner join settings on invoices.snapshot_id = settings.snapshot_id
        left join
            customers
            on invoices.snapshot_id = customers.snapshot_id
            and invoices.customer_id = customers.customer_id
        left join
            settled
            on invoices.snapshot_id = settled.snapshot_id
            and invoices.invoice_id = settled.invoice_id
        left join
            {{ ref("int_documents_excluded") }} as excluded
            on invoices.snapshot_id = excluded.snapshot_id
            and invoices.invoice_id = excluded.document_id
            and excluded.source_entity = 'invoice'
    ),

    judged as (
        select
            snapshot_id,
            org_id,
            invoice_id,
            customer_id,
            version,
            accounting_class_id,
            department_id,
            location_id,
            job_id,
            invoice_number,
            customer_name,
            currency,
            upper(record_status) as record_status,
            upper(status) as status,
            coalesce(total_amount, 0) as amount,
            coalesce(sales_tax_total, 0) as tax_amount,
            case
                when is_foreign then rate_amount else coalesce(total_amount, 0)
            end as home_amount,
            due_amount,
            scheduled_amount,
            credit_amount,
            case when is_foreign then exchange_rate end as fx_rate,
            coalesce(is_archived, false) as is_archived,
            is_foreign,
            has_live_settlement,
            posting_date as invoice_date,
            due_date,
            created_at,
            updated_at,
            synced_at,
            case
                when upper(record_status) in ('DRAFT', 'DRAFT_DELETED')
                then 'draft'
                when
                    (upper(record_status) = 'INACTIVE' or coalesce(is_archived, false))
                    and not has_live_settlement
                then 'archived'
                when coalesce(total_amount, 0) = 0
                then 'zero_amount'
                when is_excluded
                then 'excluded_by_user'
                when is_foreign and rate_amount is null
                then 'fx_rate_missing'
            end as not_posted_reason
        from valued
    )

select
    judged.*,
    not_posted_reason is null as is_posted,
    not_posted_reason is null
    and (record_status = 'INACTIVE' or is_archived) as is_archived_with_payments
from judged
