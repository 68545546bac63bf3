-- I6: every raw record known by now is in posting_status; posted or a reason, never
-- both.
{{ config(meta={"dagster": {"ref": {"name": "posting_status"}}}) }}
with
    records as (
        select org_id, 'bill' as source_entity, bill_id as source_id, synced_at
        from {{ ref("stg_bill__bills") }}
        union
        select
            org_id,
            'vendor_credit' as source_entity,
            vendor_credit_id as source_id,
            synced_at
        from {{ ref("stg_bill__vendor_credits") }}
        union
        select org_id, 'payment' as source_entity, payment_id as source_id, synced_at
        from {{ ref("stg_bill__payments") }}
        union
        select org_id, 'invoice' as source_entity, invoice_id as source_id, synced_at
        from {{ ref("stg_bill__invoices") }}
        union
        select
            org_id,
            'credit_memo' as source_entity,
            credit_memo_id as source_id,
            synced_at
        from {{ ref("stg_bill__credit_memos") }}
        union
        select
            org_id,
            'receipt' as source_entity,
            receivable_payment_id as source_id,
            synced_at
        from {{ ref("stg_bill__receivable_payments") }}
        union
        select
            org_id,
            'statement' as source_entity,
            billing_statement_id as source_id,
            synced_at
        from {{ ref("stg_bill__billing_statements") }}
        union
        select org_id, source_entity, source_id, null as synced_at
        from {{ ref("int_records_never_posted") }}
    ),

    as_of as (select org_id, as_of from {{ ref("int_connection_settings_dated") }})

select distinct records.source_entity, records.source_id, 'no status' as problem
from records
where
    exists (
        select 1
        from as_of
        where
            as_of.org_id = records.org_id
            and coalesce(records.synced_at <= as_of.as_of, true)
    )
    and not exists (
        select 1
        from {{ ref("posting_status") }} as statuses
        where
            statuses.org_id = records.org_id
            and statuses.source_entity = records.source_entity
            and statuses.source_id = records.source_id
    )
union all
select source_entity, source_id, 'posted and reason disagree' as problem
from {{ ref("posting_status") }}
where posted = (reason is not null) or posted = (entry_id is null)
union all
select source_entity, source_id, 'entry of no record' as problem
from {{ ref("journal_entries") }} as entries
where
    source_entity <> 'transfer'
    and not exists (
        select 1
        from {{ ref("posting_status") }} as statuses
        where statuses.org_id = entries.org_id and statuses.entry_id = entries.entry_id
    )
