-- Receipts and credit memos against invoices in time order, none above what the
-- invoice then owed, with the home amount by which each relieves the invoice.
with
    invoices as (select * from {{ ref("int_invoices_judged") }} where is_posted),

    applications as (
        select
            uses.snapshot_id,
            uses.invoice_id,
            'credit_memo' as source_entity,
            uses.credit_memo_id as source_id,
            {{ joined_key(["uses.credit_memo_id", "uses.invoice_id"]) }}
            as application_id,
            cast(null as {{ dbt.type_string() }}) as key_part,
            1 as kind_order,
            0 as ordinal,
            uses.amount as local_amount,
            uses.is_inferred,
            false as is_reversed,
            greatest(memos.credit_date, invoices.invoice_date) as settlement_date,
            cast(null as date) as reversal_date
        from {{ ref("int_credit_memos_used") }} as uses
        inner join
            {{ ref("int_credit_memos_judged") }} as memos
            on uses.snapshot_id = memos.snapshot_id
            and uses.credit_memo_id = memos.credit_memo_id
            and memos.is_posted
        inner join
            invoices
            on uses.snapshot_id = invoices.snapshot_id
            and uses.invoice_id = invoices.invoice_id
        union all
        select
            allotted.snapshot_id,
            allotted.invoice_id,
            'receipt' as source_entity,
            allotted.receipt_id as source_id,
            allotted.application_id,
            allotted.key_part,
            2 as kind_order,
            allotted.ordinal,
            allotted.cash_amount as local_amount,
            false as is_inferred,
            receipts.is_voided as is_reversed,
            allotted.application_date as settlement_date,
            case when receipts.is_voided then receipts.void_date end as reversal_date
        from {{ ref("int_receipts_allotted") }} as allotted
        inner join
            {{ ref("int_receipts_known") }} as receipts
            on allotted.snapshot_id = receipts.snapshot_id
            and allotted.receipt_id = receipts.receipt_id
            and receipts.not_posted_reason is null
        inner join
            invoices
            on allotted.snapshot_id = invoices.snapshot_id
            and allotted.invoice_id = invoices.invoice_id
        where
            allotted.cash_amount > 0
            and (
                not receipts.is_voided
                or allotted.application_date <= receipts.void_date
            )
        union all
        select
            snapshot_id,
            invoice_id,
            'bill_credit' as source_entity,
            invoice_id as source_id,
            invoice_id as application_id,
            cast(null as {{ dbt.type_string() }}) as key_part,
            3 as kind_order,
            0 as ordinal,
            amount as local_amount,
            false as is_inferred,
            false as is_reversed,
            settlement_date,
            cast(null as date) as reversal_date
        from {{ ref("int_invoice_credits_found") }}
        union all
        select
            snapshot_id,
            document_id as invoice_id,
            kind as source_entity,
            document_id as source_id,
            application_id,
            cast(null as {{ dbt.type_string() }}) as key_part,
            3 as kind_order,
            0 as ordinal,
            amount as local_amount,
            false as is_inferred,
            false as is_reversed,
            settlement_date,
            cast(null as date) as reversal_date
        from {{ ref("int_settlements_decided") }}
        where source_entity = 'invoice'
    )

select *
from ({{ cut_and_relieved("applications", "invoices", "invoice_id") }}) as relieved
