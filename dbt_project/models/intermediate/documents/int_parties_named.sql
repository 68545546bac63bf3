-- Vendors and customers with a canonical party: one party per normalised name for
-- now. A vendor or customer that documents name but BILL's lists lack gets a party
-- too.
with
    listed as (
        select
            org_id,
            'vendor' as source_entity,
            vendor_id as source_id,
            coalesce(vendor_name, '') as raw_name,
            is_1099_tracked,
            true as is_listed,
            created_at
        from ({{ known_now("int_vendors_known") }}) as vendors_known
        union all
        select
            org_id,
            'customer' as source_entity,
            customer_id as source_id,
            coalesce(customer_name, company_name, '') as raw_name,
            false as is_1099_tracked,
            true as is_listed,
            created_at
        from ({{ known_now("int_customers_known") }}) as customers_known
    ),

    mentions as (
        select org_id, 'vendor' as source_entity, vendor_id as source_id, vendor_name
        from ({{ known_now("int_bills_known") }}) as bills_known
        union all
        select
            org_id,
            'vendor' as source_entity,
            vendor_id as source_id,
            null as vendor_name
        from ({{ known_now("int_vendor_credits_judged") }}) as vendor_credits_judged
        union all
        select
            org_id,
            'vendor' as source_entity,
            vendor_id as source_id,
            null as vendor_name
        from ({{ known_now("int_payments_known") }}) as payments_known
        union all
        select
            org_id,
            'customer' as source_entity,
            customer_id as source_id,
            null as vendor_name
        from ({{ known_now("int_invoices_judged") }}) as invoices_judged
        union all
        select
            org_id,
            'customer' as source_entity,
            customer_id as source_id,
            null as vendor_name
        from ({{ known_now("int_credit_memos_judged") }}) as credit_memos_judged
        union all
        select
            org_id,
            'customer' as source_entity,
            customer_id as source_id,
            null as vendor_name
        from ({{ known_now("int_receipts_known") }}) as receipts_known
        union all
        select
            org_id,
            'vendor' as source_entity,
            'BILL' as source_id,
            'BILL' as vendor_name
        from ({{ known_now("int_statements_known") }}) as statements_known
    ),

    unlisted as (
        select
            mentions.org_id,
            mentions.source_entity,
            mentions.source_id,
            coalesce(max(mentions.vendor_name), '') as raw_name,
            false as is_1099_tracked,
            false as is_listed,
            cast(null as timestamp with time zone) as created_at
        from mentions
        where
            mentions.source_id is not null
            and not exists (
                select 1
                from listed
                where
                    listed.org_id = mentions.org_id
                    and listed.source_entity = mentions.source_entity
                    and listed.source_id = mentions.source_id
            )
        group by mentions.org_id, mentions.source_entity, mentions.source_id
    ),

    normalised as (
        select
            members.*,
            lower(trim(members.raw_name)) as normalised_name,
            {{
                surrogate_key(
                    [
                        "members.org_id",
                        "case when trim(members.raw_name) = '' then members.source_id else lower(trim(members.raw_name)) end",
                    ]
                )
            }}
            as party_id
        from
            (
                select *
                from listed
                union all
                select *
                from unlisted
            ) as members
    ),

    -- Whom only an entry names that a person wrote.
    written as (
        select
            entries.org_id,
            case
                when max(entries.account_number) = '1100' then 'customer' else 'vendor'
            end as source_entity,
            entries.party_id as source_id
        from {{ ref("stg_decisions__manual_entries") }} as entries
        inner join
            {{ ref("int_connection_settings_dated") }} as settings
            on entries.org_id = settings.org_id
            and entries.effective_at <= settings.as_of
        where
            entries.party_id is not null
            and not exists (
                select 1
                from normalised
                where
                    normalised.org_id = entries.org_id
                    and entries.party_id in (normalised.source_id, normalised.party_id)
            )
        group by entries.org_id, entries.party_id
    )

select
    org_id,
    source_entity,
    source_id,
    party_id,
    raw_name,
    normalised_name,
    is_1099_tracked,
    is_listed,
    created_at
from normalised
union all
select
    org_id,
    source_entity,
    source_id,
    {{ surrogate_key(["org_id", "source_id"]) }} as party_id,
    '' as raw_name,
    '' as normalised_name,
    false as is_1099_tracked,
    false as is_listed,
    cast(null as timestamp with time zone) as created_at
from written
