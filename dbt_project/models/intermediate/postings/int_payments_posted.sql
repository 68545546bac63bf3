-- A payment debits the bills it settles and credits the money on its way to the
-- vendor: BILL's clearing account, or the bank where the payment was made outside
-- BILL.
with
    parts as (select * from {{ ref("int_payment_parts_valued") }}),

    totals as (
        select
            snapshot_id,
            payment_id,
            cast(sum(home_amount) as decimal(18, 2)) as home_amount,
            cast(sum(local_amount) as decimal(18, 2)) as local_amount
        from parts
        group by snapshot_id, payment_id
    ),

    payments as (
        select
            known.*,
            totals.home_amount as cash_amount,
            totals.local_amount as cash_local_amount,
            known.snapshot_id || '|payment|' || known.payment_id || '|pay' as entry_key,
            case
                when known.is_online then '1090' else known.bank_account
            end as cash_account
        from {{ ref("int_payments_known") }} as known
        inner join
            totals
            on known.snapshot_id = totals.snapshot_id
            and known.payment_id = totals.payment_id
    ),

    lines as (
        select
            snapshot_id,
            payment_id,
            'cash' as role,
            payment_id as line_reference,
            cash_account as account_number,
            'payment' as document_type,
            payment_id as document_id,
            vendor_id as source_party_id,
            0 as line_order,
            - cash_amount as amount,
            - cash_local_amount as local_amount
        from payments
        union all
        select
            snapshot_id,
            payment_id,
            role,
            application_id as line_reference,
            '2000' as account_number,
            case
                when role = 'unapplied' then 'payment' else 'bill'
            end as document_type,
            document_id,
            source_party_id,
            ordinal as line_order,
            relief_amount as amount,
            local_amount
        from parts
        union all
        select
            snapshot_id,
            payment_id,
            'exchange' as role,
            application_id as line_reference,
            '7200' as account_number,
            'bill' as document_type,
            document_id,
            source_party_id,
            1000001 + ordinal as line_order,
            home_amount - relief_amount as amount,
            cast(0 as decimal(18, 2)) as local_amount
        from parts
        where home_amount <> relief_amount
    )

select
    {{
        posting(
            snapshot_id="lines.snapshot_id",
            entry_key="payments.entry_key",
            entry_type="'payment'",
            source_entity="'payment'",
            source_id="lines.payment_id",
            source_number="payments.transaction_number",
            memo="payments.description",
            role="lines.role",
            line_reference="lines.line_reference",
            account_number="lines.account_number",
            document_type="lines.document_type",
            document_id="lines.document_id",
            source_line_id="case when lines.role = 'application' then lines.line_reference end",
            entry_party_id="payments.vendor_id",
            source_party_id="lines.source_party_id",
            local_currency="payments.currency",
            description="payments.description",
            category_source="'system'",
            line_order="lines.line_order",
            amount="lines.amount",
            local_amount="lines.local_amount",
            fx_rate="case when payments.is_foreign then payments.exchange_rate end",
            entry_date="payments.process_date",
            source_changed_at="payments.synced_at",
        )
    }}
from lines
inner join
    payments
    on lines.snapshot_id = payments.snapshot_id
    and lines.payment_id = payments.payment_id
