-- A credit on an invoice that no memo explains is a discount we gave.
{{ config(materialized="view") }}
with
    credits as (
        select
            cut.*,
            documents.customer_id as source_party_id,
            documents.invoice_number as document_number,
            documents.currency,
            documents.fx_rate,
            documents.synced_at,
            cut.snapshot_id
            || '|invoice|'
            || cut.invoice_id
            || '|discount' as entry_key,
            coalesce(overridden.account_number, '4910') as contra_account
        from {{ ref("int_invoice_settlements_cut") }} as cut
        inner join
            {{ ref("int_invoices_judged") }} as documents
            on cut.snapshot_id = documents.snapshot_id
            and cut.invoice_id = documents.invoice_id
        left join
            {{ ref("int_discounts_overridden") }} as overridden
            on cut.snapshot_id = overridden.snapshot_id
            and cut.invoice_id = overridden.document_id
            and overridden.source_entity = 'invoice'
        where cut.source_entity = 'bill_credit' and cut.cut_amount > 0
    ),

    lines as (
        select
            credits.*,
            'application' as role,
            '1100' as account_number,
            0 as line_order,
            - relief_amount as amount,
            - cut_amount as line_local_amount
        from credits
        union all
        select
            credits.*,
            'discount' as role,
            contra_account as account_number,
            1 as line_order,
            relief_amount as amount,
            cut_amount as line_local_amount
        from credits
    )

select
    {{
        posting(
            snapshot_id="snapshot_id",
            entry_key="entry_key",
            entry_type="'settlement'",
            source_entity="'invoice'",
            source_id="invoice_id",
            source_number="document_number",
            memo="'Discount without a document'",
            role="role",
            line_reference="invoice_id",
            account_number="account_number",
            document_type="'invoice'",
            document_id="invoice_id",
            entry_party_id="source_party_id",
            source_party_id="source_party_id",
            local_currency="currency",
            description="'Discount without a document'",
            category_source="'system'",
            line_order="line_order",
            amount="amount",
            local_amount="line_local_amount",
            fx_rate="fx_rate",
            entry_date="settlement_date",
            source_changed_at="synced_at",
        )
    }}
from lines
