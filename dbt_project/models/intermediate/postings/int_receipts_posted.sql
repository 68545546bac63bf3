-- A receipt debits where the money arrived and credits the invoices it pays that
-- day; the rest stays with the customer as an open item of its own.
with
    parts as (select * from {{ ref("int_receipt_parts_valued") }}),

    totals as (
        select
            snapshot_id,
            receipt_id,
            cast(sum(home_amount) as decimal(18, 2)) as home_amount,
            cast(sum(local_amount) as decimal(18, 2)) as local_amount
        from parts
        group by snapshot_id, receipt_id
    ),

    receipts as (
        select
            known.*,
            totals.home_amount as cash_amount,
            totals.local_amount as cash_local_amount,
            known.snapshot_id
            || '|receipt|'
            || known.receipt_id
            || '|receive' as entry_key,
            case
                when known.is_online
                then '1095'
                when
                    nullif(known.receivables_account_id, '') is not null
                    or upper(known.receivables_account_type) = 'WALLET'
                then known.bank_account
                else '1080'
            end as cash_account
        from {{ ref("int_receipts_known") }} as known
        inner join
            totals
            on known.snapshot_id = totals.snapshot_id
            and known.receipt_id = totals.receipt_id
    ),

    lines as (
        select
            snapshot_id,
            receipt_id,
            'cash' as role,
            receipt_id as line_reference,
            cash_account as account_number,
            'receipt' as document_type,
            receipt_id as document_id,
            customer_id as source_party_id,
            0 as line_order,
            cash_amount as amount,
            cash_local_amount as local_amount
        from receipts
        union all
        select
            snapshot_id,
            receipt_id,
            role,
            application_id as line_reference,
            '1100' as account_number,
            case
                when role = 'unapplied' then 'receipt' else 'invoice'
            end as document_type,
            document_id,
            source_party_id,
            ordinal as line_order,
            - home_amount as amount,
            - local_amount as local_amount
        from parts
        where not is_later
        union all
        select
            snapshot_id,
            receipt_id,
            'held' as role,
            application_id as line_reference,
            '1100' as account_number,
            'receipt' as document_type,
            receipt_id as document_id,
            source_party_id,
            1000000 + ordinal as line_order,
            - home_amount as amount,
            - local_amount as local_amount
        from parts
        where is_later
    )

select
    {{
        posting(
            snapshot_id="lines.snapshot_id",
            entry_key="receipts.entry_key",
            entry_type="'receipt'",
            source_entity="'receipt'",
            source_id="lines.receipt_id",
            source_number="receipts.reference_number",
            memo="receipts.description",
            role="lines.role",
            line_reference="lines.line_reference",
            account_number="lines.account_number",
            document_type="lines.document_type",
            document_id="lines.document_id",
            entry_party_id="receipts.customer_id",
            source_party_id="lines.source_party_id",
            local_currency="receipts.currency",
            description="receipts.description",
            category_source="'system'",
            line_order="lines.line_order",
            amount="lines.amount",
            local_amount="lines.local_amount",
            entry_date="receipts.payment_date",
            source_changed_at="receipts.synced_at",
        )
    }}
from lines
inner join
    receipts
    on lines.snapshot_id = receipts.snapshot_id
    and lines.receipt_id = receipts.receipt_id
