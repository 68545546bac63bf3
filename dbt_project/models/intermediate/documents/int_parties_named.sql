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
        select members.*, lower(trim(members.raw_name)) as normalised_name
        from
            (
                select *
                from listed
                union all
                select *
                from unlisted
            ) as members
    )

select
    org_id,
    source_entity,
    source_id,
    {{
        surrogate_key(
            [
                "org_id",
                "case when normalised_name = '' then source_id else normalised_name end",
            ]
        )
    }}
    as party_id,
    raw_name,
    normalised_name,
    is_1099_tracked,
    is_listed,
    created_at
from normalised
