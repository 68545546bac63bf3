-- When a person or the categorizer decided something about a record: chose a category,
-- left it out, settled it, wrote an entry, or named the bank account it used.
with
    used as (
        select
            org_id,
            {{ record_key("payment", "payment_id") }} as record_key,
            funding_account_id as source_id
        from {{ ref("stg_bill__payments") }}
        union
        select
            org_id,
            {{ record_key("payment", "payment_id") }} as record_key,
            chart_of_account_id as source_id
        from {{ ref("stg_bill__payments") }}
        union
        select
            org_id,
            {{ record_key("receipt", "receivable_payment_id") }} as record_key,
            receivables_account_id as source_id
        from {{ ref("stg_bill__receivable_payments") }}
        union
        select org_id, record_key, 'default' as source_id
        from {{ ref("int_records_without_bank") }}
    ),

    named as (
        select org_id, source_id, effective_at
        from {{ ref("stg_decisions__bank_account_map") }}
        union
        select mapped.org_id, banks.bank_account_id as source_id, mapped.effective_at
        from {{ ref("stg_decisions__bank_account_map") }} as mapped
        inner join
            {{ ref("stg_bill__bank_accounts") }} as banks
            on mapped.org_id = banks.org_id
            and mapped.source_id = banks.chart_of_account_id
    ),

    mapped as (
        select org_id, source_id, effective_at
        from named
        union
        select named.org_id, 'default' as source_id, named.effective_at
        from named
        inner join
            {{ ref("stg_bill__bank_accounts") }} as banks
            on named.org_id = banks.org_id
            and named.source_id = banks.bank_account_id
            and (banks.is_default_payables or banks.is_default_receivables)
    )

select
    org_id,
    source_entity || ':' || document_id as record_key,
    effective_at as changed_at
from {{ ref("stg_decisions__category_overrides") }}
union
select
    org_id, source_entity || ':' || document_id as record_key, decided_at as changed_at
from {{ ref("stg_decisions__line_answers") }}
union
select
    org_id,
    source_entity || ':' || document_id as record_key,
    effective_at as changed_at
from {{ ref("stg_decisions__exclusions") }}
union
select
    org_id,
    source_entity || ':' || document_id as record_key,
    effective_at as changed_at
from {{ ref("stg_decisions__settlement_overrides") }}
union
select
    org_id,
    {{ record_key("manual", "entry_id") }} as record_key,
    effective_at as changed_at
from {{ ref("stg_decisions__manual_entries") }}
union
select used.org_id, used.record_key, mapped.effective_at as changed_at
from used
inner join mapped on used.org_id = mapped.org_id and used.source_id = mapped.source_id
