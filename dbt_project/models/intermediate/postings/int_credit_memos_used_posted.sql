-- Using a credit memo closes part of an invoice against the memo.
{{ config(materialized="view") }}
with
    uses as (
        select
            cut.*,
            invoices.customer_id as invoice_customer_id,
            invoices.currency,
            memos.customer_id as memo_customer_id,
            memos.reference_number,
            greatest(memos.synced_at, invoices.synced_at) as synced_at,
            cut.snapshot_id
            || '|credit_use|'
            || cut.source_id
            || '|'
            || cut.invoice_id
            || '|-' as entry_key
        from {{ ref("int_invoice_settlements_cut") }} as cut
        inner join
            {{ ref("int_invoices_judged") }} as invoices
            on cut.snapshot_id = invoices.snapshot_id
            and cut.invoice_id = invoices.invoice_id
        inner join
            {{ ref("int_credit_memos_judged") }} as memos
            on cut.snapshot_id = memos.snapshot_id
            and cut.source_id = memos.credit_memo_id
        where cut.source_entity = 'credit_memo' and cut.cut_amount > 0
    ),

    lines as (
        select
            uses.*,
            'credit' as role,
            '1100' as account_number,
            'credit_memo' as document_type,
            source_id as document_id,
            memo_customer_id as source_party_id,
            0 as line_order,
            cut_amount as amount,
            cut_amount as line_local_amount
        from uses
        union all
        select
            uses.*,
            'application' as role,
            '1100' as account_number,
            'invoice' as document_type,
            invoice_id as document_id,
            invoice_customer_id as source_party_id,
            1 as line_order,
            - relief_amount as amount,
            - cut_amount as line_local_amount
        from uses
        union all
        select
            uses.*,
            'exchange' as role,
            '7200' as account_number,
            'invoice' as document_type,
            invoice_id as document_id,
            invoice_customer_id as source_party_id,
            2 as line_order,
            relief_amount - cut_amount as amount,
            cast(0 as decimal(18, 2)) as line_local_amount
        from uses
        where cut_amount <> relief_amount
    )

select
    {{
        posting(
            snapshot_id="snapshot_id",
            entry_key="entry_key",
            entry_type="'credit_use'",
            source_entity="'credit_memo'",
            source_id="source_id",
            source_number="reference_number",
            memo="'Credit memo used'",
            role="role",
            line_reference="document_id",
            account_number="account_number",
            document_type="document_type",
            document_id="document_id",
            entry_party_id="memo_customer_id",
            source_party_id="source_party_id",
            local_currency="currency",
            description="'Credit memo used'",
            category_source="'system'",
            line_order="line_order",
            amount="amount",
            local_amount="line_local_amount",
            entry_date="settlement_date",
            source_changed_at="synced_at",
        )
    }}
from lines
