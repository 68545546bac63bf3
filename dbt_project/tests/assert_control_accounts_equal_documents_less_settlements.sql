-- I4, I5: control accounts by a second road: what each open item is worth less what
-- settled it, from documents and settlements themselves, is what its control lines add
-- up to with each vendor and customer; and a line is with one whose item it was at some
-- lock or is now, also where a settled item's lines add up to nothing.
{{ config(severity="warn", meta={"dagster": {"ref": {"name": "journal_lines"}}}) }}
{%- set item = "org_id, account_number, document_type, document_id, source_party_id" %}
with
    documents as (
        select
            org_id,
            case when direction = 'ap' then '2000' else '1100' end as account_number,
            source_entity as document_type,
            document_id,
            source_party_id,
            case
                when source_entity in ('bill', 'credit_memo') then -1 else 1
            end as sign,
            home_amount
        from ({{ known_now("int_documents_judged") }}) as documents_judged
        where is_posted
    ),

    bill_settlements as (
        select *
        from
            (
                {{ known_now("int_bill_settlements_cut", adds_org=true) }}
            ) as bill_settlements_cut
        where source_entity <> 'payment' and not is_reversed
    ),

    invoice_settlements as (
        select *
        from
            (
                {{ known_now("int_invoice_settlements_cut", adds_org=true) }}
            ) as invoice_settlements_cut
        where source_entity <> 'receipt' and not is_reversed
    ),

    -- A credit's use settles two documents: what it is used on, and the credit.
    settlements as (
        select org_id, 'bill' as document_type, bill_id as document_id, relief_amount
        from bill_settlements
        union all
        select
            org_id, 'invoice' as document_type, invoice_id as document_id, relief_amount
        from invoice_settlements
        union all
        select
            org_id,
            source_entity as document_type,
            source_id as document_id,
            cut_amount as relief_amount
        from bill_settlements
        where source_entity = 'vendor_credit'
        union all
        select
            org_id,
            source_entity as document_type,
            source_id as document_id,
            cut_amount as relief_amount
        from invoice_settlements
        where source_entity = 'credit_memo'
        union all
        select
            org_id,
            source_entity as document_type,
            document_id,
            cut_amount as relief_amount
        from ({{ known_now("int_credits_closed_cut", adds_org=true) }}) as closed
    ),

    movements as (
        select {{ item }}, sign * home_amount as amount, 1 as is_named
        from documents
        union all
        select
            documents.org_id,
            documents.account_number,
            documents.document_type,
            documents.document_id,
            documents.source_party_id,
            -1 * documents.sign * settlements.relief_amount as amount,
            1 as is_named
        from settlements
        inner join
            documents
            on settlements.org_id = documents.org_id
            and settlements.document_type = documents.document_type
            and settlements.document_id = documents.document_id
        union all
        select
            parts.org_id,
            '2000' as account_number,
            case
                when parts.role = 'unapplied' then 'payment' else 'bill'
            end as document_type,
            parts.document_id,
            parts.source_party_id,
            parts.relief_amount as amount,
            1 as is_named
        from ({{ known_now("int_payment_parts_valued", adds_org=true) }}) as parts
        inner join
            ({{ known_now("int_payments_known") }}) as payments
            on parts.org_id = payments.org_id
            and parts.payment_id = payments.payment_id
            and not payments.is_voided
        union all
        select
            parts.org_id,
            '1100' as account_number,
            case
                when parts.role = 'unapplied' then 'receipt' else 'invoice'
            end as document_type,
            parts.document_id,
            parts.source_party_id,
            -1 * parts.home_amount as amount,
            1 as is_named
        from ({{ known_now("int_receipt_parts_valued", adds_org=true) }}) as parts
        inner join
            ({{ known_now("int_receipts_known") }}) as receipts
            on parts.org_id = receipts.org_id
            and parts.receipt_id = receipts.receipt_id
            and not receipts.is_voided
        union all
        select {{ item }}, amount, 1 as is_named
        from ({{ known_now("int_manual_entries_known") }}) as manual_entries
        where account_number in ('1100', '2000') and not is_waiting
        union all
        select
            org_id,
            '2000' as account_number,
            'statement' as document_type,
            statement_id as document_id,
            'BILL' as source_party_id,
            -1 * amount as amount,
            1 as is_named
        from ({{ known_now("int_statements_known") }}) as statements
        where not_posted_reason is null and paid_on is null
        union all
        -- What came before the ledger starts has no entry.
        select
            united.org_id,
            united.account_number,
            united.document_type,
            united.document_id,
            united.source_party_id,
            -1 * united.amount as amount,
            0 as is_named
        from ({{ known_now("int_accrual_united") }}) as united
        inner join
            {{ ref("int_connection_settings_dated") }} as settings
            on united.org_id = settings.org_id
            and united.entry_date < settings.ledger_start_date
        where
            united.account_number in ('1100', '2000') and united.entry_type <> 'manual'
        union all
        select {{ item }}, -1 * amount as amount, 0 as is_named
        from {{ ref("journal_lines") }}
        where account_number in ('1100', '2000')
    ),

    items as (
        select {{ item }}, sum(amount) as difference, max(is_named) as is_named
        from movements
        group by {{ item }}
        having sum(amount) <> 0 or max(is_named) = 0
    ),

    holders as (
        select org_id, source_entity as document_type, document_id, source_party_id
        from {{ ref("int_documents_judged") }}
        union all
        select
            snapshots.org_id,
            'payment' as document_type,
            payments.payment_id as document_id,
            payments.vendor_id as source_party_id
        from {{ ref("int_payments_known") }} as payments
        inner join
            {{ ref("int_snapshots") }} as snapshots
            on payments.snapshot_id = snapshots.snapshot_id
        union all
        select
            snapshots.org_id,
            'receipt' as document_type,
            receipts.receipt_id as document_id,
            receipts.customer_id as source_party_id
        from {{ ref("int_receipts_known") }} as receipts
        inner join
            {{ ref("int_snapshots") }} as snapshots
            on receipts.snapshot_id = snapshots.snapshot_id
    ),

    strangers as (
        select
            items.org_id,
            items.account_number,
            items.document_type,
            items.document_id,
            items.source_party_id
        from items
        inner join
            holders
            on items.org_id = holders.org_id
            and items.document_type = holders.document_type
            and items.document_id = holders.document_id
        where items.is_named = 0
        group by
            items.org_id,
            items.account_number,
            items.document_type,
            items.document_id,
            items.source_party_id
        having
            max(
                case
                    when
                        holders.source_party_id
                        is not distinct from items.source_party_id
                    then 1
                    else 0
                end
            )
            = 0
    )

select {{ item }}, difference
from items
where difference <> 0
union all
select {{ item }}, 0 as difference
from strangers
