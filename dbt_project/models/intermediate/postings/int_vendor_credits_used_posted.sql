-- Using a vendor credit closes part of a bill against the credit: one account, two
-- open items. A use through a payment that was voided, and that the credit no longer
-- lists, is taken back on the void date.
{{ config(materialized="view") }}
with
    uses as (
        select
            cut.*,
            bills.vendor_id as bill_vendor_id,
            bills.currency,
            credits.vendor_id as credit_vendor_id,
            credits.reference_number,
            greatest(credits.synced_at, bills.synced_at) as synced_at,
            cut.snapshot_id
            || '|credit_use|'
            || {{ joined_key(["cut.source_id", "cut.bill_id", "cut.payment_id"]) }}
            as entry_key
        from {{ ref("int_bill_settlements_cut") }} as cut
        inner join
            {{ ref("int_bills_known") }} as bills
            on cut.snapshot_id = bills.snapshot_id
            and cut.bill_id = bills.bill_id
        inner join
            {{ ref("int_vendor_credits_judged") }} as credits
            on cut.snapshot_id = credits.snapshot_id
            and cut.source_id = credits.vendor_credit_id
        where cut.source_entity = 'vendor_credit' and cut.cut_amount > 0
    ),

    lines as (
        select
            uses.*,
            'application' as role,
            '2000' as account_number,
            'bill' as document_type,
            bill_id as document_id,
            bill_vendor_id as source_party_id,
            0 as line_order,
            relief_amount as amount,
            cut_amount as line_local_amount
        from uses
        union all
        select
            uses.*,
            'credit' as role,
            '2000' as account_number,
            'vendor_credit' as document_type,
            source_id as document_id,
            credit_vendor_id as source_party_id,
            1 as line_order,
            - cut_amount as amount,
            - cut_amount as line_local_amount
        from uses
        union all
        select
            uses.*,
            'exchange' as role,
            '7200' as account_number,
            'bill' as document_type,
            bill_id as document_id,
            bill_vendor_id as source_party_id,
            2 as line_order,
            cut_amount - relief_amount as amount,
            cast(0 as decimal(18, 2)) as line_local_amount
        from uses
        where cut_amount <> relief_amount
    ),

    posted as (
        select
            {{
                posting(
                    snapshot_id="snapshot_id",
                    entry_key="entry_key",
                    entry_type="'credit_use'",
                    source_entity="'vendor_credit'",
                    source_id="source_id",
                    source_number="reference_number",
                    memo="'Vendor credit used'",
                    role="role",
                    line_reference="document_id",
                    account_number="account_number",
                    document_type="document_type",
                    document_id="document_id",
                    entry_party_id="credit_vendor_id",
                    source_party_id="source_party_id",
                    local_currency="currency",
                    description="'Vendor credit used'",
                    category_source="'system'",
                    line_order="line_order",
                    amount="amount",
                    local_amount="line_local_amount",
                    entry_date="settlement_date",
                    source_changed_at="synced_at",
                )
            }}
        from lines
    )

select *
from posted
union all
select
    {{
        reversed_posting(
            "posted",
            entry_key="posted.entry_key || '|void'",
            entry_type="'credit_use'",
            entry_date="uses.reversal_date",
        )
    }}
from posted
inner join uses on posted.entry_key = uses.entry_key
where uses.is_reversed
