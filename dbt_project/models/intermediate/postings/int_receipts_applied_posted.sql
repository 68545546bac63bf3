-- Money held on account, applied to an invoice on a later day: two open items of one
-- control account. Line orders start above a receipt's own, so that one void can take
-- back both in order.
with
    applied as (
        select
            parts.*,
            receipts.customer_id,
            receipts.reference_number,
            receipts.currency,
            receipts.synced_at,
            parts.snapshot_id
            || '|receipt|'
            || parts.receipt_id
            || '|apply|'
            || parts.document_id
            || coalesce('|' || parts.key_part, '') as entry_key
        from {{ ref("int_receipt_parts_valued") }} as parts
        inner join
            {{ ref("int_receipts_known") }} as receipts
            on parts.snapshot_id = receipts.snapshot_id
            and parts.receipt_id = receipts.receipt_id
        where parts.is_later
    ),

    lines as (
        select
            applied.*,
            'release' as line_role,
            'receipt' as document_type,
            receipt_id as line_document_id,
            customer_id as line_party_id,
            3000000 + 2 * ordinal as line_order,
            home_amount as amount,
            local_amount as line_local_amount
        from applied
        union all
        select
            applied.*,
            role as line_role,
            'invoice' as document_type,
            document_id as line_document_id,
            source_party_id as line_party_id,
            3000001 + 2 * ordinal as line_order,
            - home_amount as amount,
            - local_amount as line_local_amount
        from applied
    )

select
    {{
        posting(
            snapshot_id="snapshot_id",
            entry_key="entry_key",
            entry_type="'receipt_apply'",
            source_entity="'receipt'",
            source_id="receipt_id",
            source_number="reference_number",
            memo="'Receipt applied'",
            role="line_role",
            line_reference="application_id",
            account_number="'1100'",
            document_type="document_type",
            document_id="line_document_id",
            entry_party_id="customer_id",
            source_party_id="line_party_id",
            local_currency="currency",
            description="'Receipt applied'",
            category_source="'system'",
            line_order="line_order",
            amount="amount",
            local_amount="line_local_amount",
            entry_date="application_date",
            source_changed_at="synced_at",
        )
    }}
from lines
