-- When what the ledger knows of a record changed, and whether only by a new version of
-- it. Only asked where a period is locked.
with
    locked as (
        select org_id, min(as_of) as first_locked_at
        from {{ ref("int_snapshots") }}
        where not is_current
        group by org_id
    ),

    changes as (
        select org_id, record_key, true as is_version, synced_at as changed_at
        from {{ ref("int_records_versioned") }}
        union all
        select org_id, record_key, false as is_version, changed_at
        from {{ ref("int_records_recast") }}
        union all
        select org_id, record_key, false as is_version, changed_at
        from {{ ref("int_records_decided") }}
        union all
        -- The bank's lines date the movements of all payments together.
        select
            org_id,
            {{ record_key("bank_feed", "'all'") }} as record_key,
            false as is_version,
            effective_at as changed_at
        from {{ ref("stg_decisions__bank_transactions") }}
        union all
        -- A line without an answer gets one in this run.
        select distinct
            lines.org_id,
            lines.source_entity || ':' || lines.document_id as record_key,
            false as is_version,
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
        -- Money known beforehand posts when its day has come, with no new version.
        select
            money.org_id,
            money.record_key,
            false as is_version,
            snapshots.next_as_of as changed_at
        from
            (
                select
                    org_id,
                    {{ record_key("payment", "payment_id") }} as record_key,
                    process_date as money_date,
                    synced_at
                from {{ ref("stg_bill__payments") }}
                union all
                select
                    org_id,
                    {{ record_key("receipt", "receivable_payment_id") }} as record_key,
                    payment_date as money_date,
                    synced_at
                from {{ ref("stg_bill__receivable_payments") }}
                union all
                select
                    org_id,
                    {{ record_key("statement", "billing_statement_id") }} as record_key,
                    coalesce(payment_date, invoice_date) as money_date,
                    synced_at
                from {{ ref("stg_bill__billing_statements") }}
            ) as money
        inner join
            {{ ref("int_snapshots") }} as snapshots
            on money.org_id = snapshots.org_id
            and money.synced_at <= snapshots.as_of
            and money.money_date > snapshots.as_of_date
            and not snapshots.is_current
    )

select
    changes.org_id,
    changes.record_key,
    sum(case when changes.is_version then 0 else 1 end) = 0 as is_version,
    changes.changed_at
from changes
inner join
    locked
    on changes.org_id = locked.org_id
    and changes.changed_at > locked.first_locked_at
group by changes.org_id, changes.record_key, changes.changed_at
