-- When what the ledger knows of a record changed. Only asked where a period is locked.
with
    locked as (
        select org_id, min(as_of) as first_locked_at
        from {{ ref("int_snapshots") }}
        where not is_current
        group by org_id
    ),

    documents as (
        select
            org_id,
            {{ record_key("bill", "bill_id") }} as record_key,
            'vendor:' || vendor_id as party_key,
            synced_at
        from {{ ref("stg_bill__bills") }}
        union all
        select
            org_id,
            {{ record_key("vendor_credit", "vendor_credit_id") }} as record_key,
            'vendor:' || vendor_id as party_key,
            synced_at
        from {{ ref("stg_bill__vendor_credits") }}
        union all
        select
            org_id,
            {{ record_key("payment", "payment_id") }} as record_key,
            'vendor:' || vendor_id as party_key,
            synced_at
        from {{ ref("stg_bill__payments") }}
        union all
        select
            org_id,
            {{ record_key("invoice", "invoice_id") }} as record_key,
            'customer:' || customer_id as party_key,
            synced_at
        from {{ ref("stg_bill__invoices") }}
        union all
        select
            org_id,
            {{ record_key("credit_memo", "credit_memo_id") }} as record_key,
            'customer:' || customer_id as party_key,
            synced_at
        from {{ ref("stg_bill__credit_memos") }}
        union all
        select
            org_id,
            {{ record_key("receipt", "receivable_payment_id") }} as record_key,
            'customer:' || customer_id as party_key,
            synced_at
        from {{ ref("stg_bill__receivable_payments") }}
        union all
        select
            org_id,
            {{ record_key("statement", "billing_statement_id") }} as record_key,
            'vendor:BILL' as party_key,
            synced_at
        from {{ ref("stg_bill__billing_statements") }}
    ),

    -- A party's currency decides in which money its documents are.
    currencies as (
        select
            org_id,
            'vendor:' || vendor_id as party_key,
            synced_at,
            coalesce(currency, '') as currency,
            lag(coalesce(currency, '')) over (
                partition by org_id, vendor_id order by version
            ) as currency_before
        from {{ ref("stg_bill__vendors") }}
        union all
        select
            org_id,
            'customer:' || customer_id as party_key,
            synced_at,
            coalesce(currency, '') as currency,
            lag(coalesce(currency, '')) over (
                partition by org_id, customer_id order by version
            ) as currency_before
        from {{ ref("stg_bill__customers") }}
    ),

    -- A rule may reach any document, and so may a merge of parties that rules name.
    reaching_far as (
        select org_id, effective_at as changed_at
        from {{ ref("stg_decisions__category_rules") }}
        union
        select overrides.org_id, overrides.effective_at as changed_at
        from {{ ref("stg_decisions__party_overrides") }} as overrides
        inner join
            {{ ref("stg_decisions__category_rules") }} as rules
            on overrides.org_id = rules.org_id
            and coalesce(rules.party_id, rules.party_name) is not null
    ),

    changes as (
        select org_id, record_key, synced_at as changed_at
        from documents
        union all
        select
            documents.org_id, documents.record_key, currencies.synced_at as changed_at
        from documents
        inner join
            currencies
            on documents.org_id = currencies.org_id
            and documents.party_key = currencies.party_key
            and currencies.currency_before <> currencies.currency
        union all
        select documents.org_id, documents.record_key, reaching_far.changed_at
        from documents
        inner join reaching_far on documents.org_id = reaching_far.org_id
        where exists (select 1 from locked where locked.org_id = documents.org_id)
        union all
        select org_id, record_key, changed_at
        from {{ ref("int_records_decided") }}
        union all
        -- The bank's lines date the movements of all payments together.
        select
            org_id,
            {{ record_key("bank_feed", "'all'") }} as record_key,
            effective_at as changed_at
        from {{ ref("stg_decisions__bank_transactions") }}
        union all
        -- A line without an answer gets one in this run.
        select distinct
            lines.org_id,
            lines.source_entity || ':' || lines.document_id as record_key,
            settings.as_of as changed_at
        from {{ ref("int_document_lines_versioned") }} as lines
        inner join
            {{ ref("int_connection_settings_dated") }} as settings
            on lines.org_id = settings.org_id
        left join
            {{ ref("stg_decisions__line_answers") }} as answers
            on lines.org_id = answers.org_id
            and lines.source_entity = answers.source_entity
            and lines.document_id = answers.document_id
            and lines.line_id = answers.line_id
        where
            answers.line_id is null
            and exists (select 1 from locked where locked.org_id = lines.org_id)
        union all
        -- A payment of a later day posts when the day has come, with no new version.
        select
            payments.org_id,
            {{ record_key("payment", "payments.payment_id") }} as record_key,
            snapshots.next_as_of as changed_at
        from {{ ref("stg_bill__payments") }} as payments
        inner join
            {{ ref("int_snapshots") }} as snapshots
            on payments.org_id = snapshots.org_id
            and payments.process_date > snapshots.as_of_date
            and not snapshots.is_current
    )

select distinct changes.org_id, changes.record_key, changes.changed_at
from changes
inner join
    locked
    on changes.org_id = locked.org_id
    and changes.changed_at > locked.first_locked_at
