-- A credit on a bill that no vendor credit explains is a discount we took.
with
    credits as (
        select
            cut.*,
            documents.vendor_id as source_party_id,
            documents.bill_number as document_number,
            documents.currency,
            documents.fx_rate,
            documents.synced_at,
            cut.org_id || '|bill|' || cut.bill_id || '|discount' as entry_key
        from {{ ref("int_bill_settlements_cut") }} as cut
        inner join
            {{ ref("int_bills_judged") }} as documents
            on cut.org_id = documents.org_id
            and cut.bill_id = documents.bill_id
        where cut.source_entity = 'bill_credit' and cut.cut_amount > 0
    ),

    lines as (
        select
            credits.*,
            'application' as role,
            '2000' as account_number,
            0 as line_order,
            relief_amount as amount,
            cut_amount as line_local_amount
        from credits
        union all
        select
            credits.*,
            'discount' as role,
            '5900' as account_number,
            1 as line_order,
            - relief_amount as amount,
            - cut_amount as line_local_amount
        from credits
    )

select
    {{
        posting(
            org_id="org_id",
            entry_key="entry_key",
            entry_type="'settlement'",
            source_entity="'bill'",
            source_id="bill_id",
            source_number="document_number",
            memo="'Discount without a document'",
            role="role",
            line_reference="bill_id",
            account_number="account_number",
            document_type="'bill'",
            document_id="bill_id",
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
