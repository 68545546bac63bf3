-- A person wrote a document off, or says it was settled outside BILL: its open item
-- against the account named. Credits and memos the other way round.
{{ config(materialized="view") }}
with
    cut as (
        select
            snapshot_id,
            'bill' as source_entity,
            bill_id as document_id,
            application_id,
            source_entity as kind,
            cut_amount,
            relief_amount,
            settlement_date,
            '2000' as control_account,
            1 as sign
        from {{ ref("int_bill_settlements_cut") }}
        where source_entity in ('writeoff', 'settled_outside')
        union all
        select
            snapshot_id,
            'invoice' as source_entity,
            invoice_id as document_id,
            application_id,
            source_entity as kind,
            cut_amount,
            relief_amount,
            settlement_date,
            '1100' as control_account,
            -1 as sign
        from {{ ref("int_invoice_settlements_cut") }}
        where source_entity in ('writeoff', 'settled_outside')
        union all
        select
            snapshot_id,
            source_entity,
            document_id,
            application_id,
            kind,
            cut_amount,
            cut_amount as relief_amount,
            settlement_date,
            case
                when source_entity = 'vendor_credit' then '2000' else '1100'
            end as control_account,
            case when source_entity = 'vendor_credit' then -1 else 1 end as sign
        from {{ ref("int_credits_closed_cut") }}
    ),

    settlements as (
        select
            cut.*,
            decided.account_number as contra_account,
            documents.source_party_id,
            documents.document_number,
            documents.currency,
            documents.fx_rate,
            case
                when cut.kind = 'writeoff'
                then 'Written off'
                else 'Settled outside BILL'
            end as memo,
            cut.snapshot_id || '|settlement|' || cut.application_id as entry_key,
            decided.effective_at
        from cut
        inner join
            {{ ref("int_settlements_decided") }} as decided
            on cut.snapshot_id = decided.snapshot_id
            and cut.source_entity = decided.source_entity
            and cut.application_id = decided.application_id
        inner join
            {{ ref("int_documents_judged") }} as documents
            on cut.snapshot_id = documents.snapshot_id
            and cut.source_entity = documents.source_entity
            and cut.document_id = documents.document_id
        where cut.cut_amount > 0
    ),

    lines as (
        select
            settlements.*,
            'application' as role,
            control_account as account_number,
            0 as line_order,
            sign * relief_amount as amount,
            sign * cut_amount as local_amount
        from settlements
        union all
        select
            settlements.*,
            kind as role,
            contra_account as account_number,
            1 as line_order,
            - sign * relief_amount as amount,
            - sign * cut_amount as local_amount
        from settlements
    )

select
    {{
        posting(
            snapshot_id="snapshot_id",
            entry_key="entry_key",
            entry_type="'settlement'",
            source_entity="source_entity",
            source_id="document_id",
            source_number="document_number",
            memo="memo",
            role="role",
            line_reference="application_id",
            account_number="account_number",
            document_type="source_entity",
            document_id="document_id",
            entry_party_id="source_party_id",
            source_party_id="source_party_id",
            local_currency="currency",
            description="memo",
            category_source="case when role = 'application' then 'system' else 'user' end",
            line_order="line_order",
            amount="amount",
            local_amount="local_amount",
            fx_rate="fx_rate",
            entry_date="settlement_date",
            source_changed_at="effective_at",
        )
    }}
from lines
