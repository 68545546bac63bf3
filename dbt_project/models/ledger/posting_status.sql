-- Every record of BILL's, once per event: the entry it made, or why it made none.
with
    entries as (
        select
            org_id,
            entry_id,
            source_entity,
            source_id,
            case
                when substr(entry_key, length(org_id) + 2, 11) = 'credit_use|'
                then
                    'use' || substr(
                        entry_key, length(org_id || '|credit_use|' || source_id) + 1
                    )
                when entry_key like org_id || '|settlement|%'
                then
                    'settlement' || substr(
                        entry_key, length(org_id || '|settlement|' || source_id) + 1
                    )
                when entry_key = org_id || '|' || source_entity || '|' || source_id
                then 'post'
                else
                    substr(
                        entry_key,
                        length(org_id || '|' || source_entity || '|' || source_id) + 2
                    )
            end as event
        from {{ ref("journal_entries") }}
        where source_entity <> 'transfer'
    ),

    -- What a locked period first saw later has no entry of its own day: what adjusts
    -- the period is its entry.
    covered as (
        select distinct
            org_id,
            source_entity,
            source_id,
            case
                when position('|adj|' in event) > 0
                then substr(event, 1, position('|adj|' in event) - 1)
                when position('|again|' in event) > 0
                then substr(event, 1, position('|again|' in event) - 1)
                else event
            end as event
        from entries
    ),

    records as (
        select
            org_id,
            source_entity,
            document_id as source_id,
            'post' as event,
            document_date as event_date,
            coalesce(not_posted_reason, 'zero_amount') as reason
        from ({{ known_now("int_documents_judged") }}) as documents_judged
        union all
        select
            org_id,
            'payment' as source_entity,
            payment_id as source_id,
            'pay' as event,
            process_date as event_date,
            coalesce(not_posted_reason, 'fx_rate_missing') as reason
        from ({{ known_now("int_payments_known") }}) as payments_known
        union all
        select
            org_id,
            'receipt' as source_entity,
            receipt_id as source_id,
            'receive' as event,
            payment_date as event_date,
            coalesce(not_posted_reason, 'fx_rate_missing') as reason
        from ({{ known_now("int_receipts_known") }}) as receipts_known
        union all
        select
            org_id,
            'statement' as source_entity,
            statement_id as source_id,
            'post' as event,
            statement_date as event_date,
            coalesce(not_posted_reason, 'zero_amount') as reason
        from ({{ known_now("int_statements_known") }}) as statements_known
        union all
        select
            org_id,
            source_entity,
            source_id,
            'post' as event,
            cast(null as date) as event_date,
            reason
        from {{ ref("int_records_never_posted") }}
    ),

    statuses as (
        select
            records.org_id,
            records.source_entity,
            records.source_id,
            records.event,
            cast(null as {{ dbt.type_string() }}) as entry_id,
            case
                when
                    records.event_date < settings.ledger_start_date
                    and records.reason in ('zero_amount', 'fx_rate_missing')
                then 'before_start'
                else records.reason
            end as reason
        from records
        inner join
            {{ ref("int_connection_settings_dated") }} as settings
            on records.org_id = settings.org_id
        where
            not exists (
                select 1
                from covered
                where
                    covered.org_id = records.org_id
                    and covered.source_entity = records.source_entity
                    and covered.source_id = records.source_id
                    and covered.event = records.event
            )
        union all
        select
            org_id,
            source_entity,
            source_id,
            event,
            entry_id,
            cast(null as {{ dbt.type_string() }}) as reason
        from entries
    )

select
    org_id,
    source_entity,
    source_id,
    event,
    entry_id,
    reason,
    entry_id is not null as posted
from statuses
