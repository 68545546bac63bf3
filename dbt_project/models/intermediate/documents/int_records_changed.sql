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

    party_versions as (
        select
            org_id,
            'vendor:' || vendor_id as party_key,
            lower(trim(coalesce(vendor_name, ''))) as party_name,
            coalesce(currency, '') as currency,
            version,
            synced_at
        from {{ ref("stg_bill__vendors") }}
        union all
        select
            org_id,
            'customer:' || customer_id as party_key,
            lower(trim(coalesce(customer_name, company_name, ''))) as party_name,
            coalesce(currency, '') as currency,
            version,
            synced_at
        from {{ ref("stg_bill__customers") }}
    ),

    currencies as (
        select
            party_versions.*,
            lag(currency) over (
                partition by org_id, party_key order by version
            ) as currency_before
        from party_versions
    ),

    -- A rule may reach every document of the party it names, or of all.
    ruled_parties as (
        select distinct
            rules.org_id, party_versions.party_key, rules.effective_at as changed_at
        from {{ ref("stg_decisions__category_rules") }} as rules
        inner join
            party_versions
            on rules.org_id = party_versions.org_id
            and (
                (rules.party_id is null and rules.party_name is null)
                or lower(trim(rules.party_name)) = party_versions.party_name
                or party_versions.party_key
                in ('vendor:' || rules.party_id, 'customer:' || rules.party_id)
                or (
                    rules.party_id is not null
                    and not exists (
                        select 1
                        from party_versions as named
                        where
                            named.org_id = rules.org_id
                            and named.party_key in (
                                'vendor:' || rules.party_id,
                                'customer:' || rules.party_id
                            )
                    )
                )
            )
    ),

    moved_parties as (
        select org_id, party_key, changed_at
        from ruled_parties
        union all
        select org_id, party_key, synced_at as changed_at
        from currencies
        where currency_before is not null and currency_before <> currency
    ),

    changes as (
        select org_id, record_key, synced_at as changed_at
        from documents
        union all
        select documents.org_id, documents.record_key, moved_parties.changed_at
        from documents
        inner join
            moved_parties
            on documents.org_id = moved_parties.org_id
            and documents.party_key = moved_parties.party_key
        union all
        select org_id, record_key, changed_at
        from {{ ref("int_records_decided") }}
        union all
        select distinct
            lines.org_id,
            lines.source_entity || ':' || lines.document_id as record_key,
            settings.as_of as changed_at
        from {{ ref("int_document_lines_versioned") }} as lines
        inner join
            {{ ref("int_connection_settings_dated") }} as settings
            on lines.org_id = settings.org_id
        left join
            {{ ref("stg_categorizer__line_categories") }} as answers
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
