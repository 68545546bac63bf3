-- I25: what settled a foreign document in full took off it what was recorded, to the
-- cent: in its applications, and in the lines of its open item but those people wrote.
{{
    config(
        severity="warn", meta={"dagster": {"ref": {"name": "payment_applications"}}}
    )
}}
with
    settled as (
        select
            documents.org_id,
            documents.source_entity as document_type,
            documents.document_id,
            min(documents.home_amount) as home_amount,
            sum(applications.amount_home) as relieved_amount,
            coalesce(
                min(least(documents.document_date, applications.date))
                < min(settings.ledger_start_date),
                false
            ) as is_before_start
        from ({{ known_now("int_documents_judged") }}) as documents
        inner join
            {{ ref("payment_applications") }} as applications
            on documents.org_id = applications.org_id
            and documents.source_entity = applications.to_type
            and documents.document_id = applications.to_id
        inner join
            {{ ref("int_connection_settings_dated") }} as settings
            on documents.org_id = settings.org_id
            and documents.currency <> settings.home_currency
        where documents.is_posted
        group by documents.org_id, documents.source_entity, documents.document_id
        having sum(applications.amount_local) = min(documents.amount)
    ),

    written as (
        select org_id, document_type, document_id, amount
        from {{ ref("journal_lines") }}
        where account_number in ('1100', '2000')
        union all
        select org_id, document_type, document_id, -1 * amount as amount
        from ({{ known_now("int_manual_entries_known") }}) as manual_entries
        where account_number in ('1100', '2000') and not is_waiting
    ),

    left_open as (
        select settled.org_id, settled.document_type, settled.document_id
        from settled
        inner join
            written
            on settled.org_id = written.org_id
            and settled.document_type = written.document_type
            and settled.document_id = written.document_id
        where not settled.is_before_start
        group by settled.org_id, settled.document_type, settled.document_id
        having sum(written.amount) <> 0
    )

select org_id, document_type, document_id, 'applications' as differing
from settled
where relieved_amount <> home_amount
union all
select org_id, document_type, document_id, 'lines' as differing
from left_open
