-- Vendors and customers as known now, with what tells them apart: tax ids are hashed,
-- bank accounts their last digits. One that documents name but BILL's lists lack is
-- there too.
with
    listed as (
        select
            org_id,
            'vendor' as source_entity,
            vendor_id as source_id,
            coalesce(vendor_name, '') as raw_name,
            tax_id_hash as tax_id,
            email,
            phone,
            bank_account_masked as bank_account,
            address_line1 as address_line,
            address_zip_or_postal_code as zip,
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
            cast(null as {{ dbt.type_string() }}) as tax_id,
            email,
            phone,
            cast(null as {{ dbt.type_string() }}) as bank_account,
            billing_address_line1 as address_line,
            billing_address_zip_or_postal_code as zip,
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
            cast(null as {{ dbt.type_string() }}) as tax_id,
            cast(null as {{ dbt.type_string() }}) as email,
            cast(null as {{ dbt.type_string() }}) as phone,
            cast(null as {{ dbt.type_string() }}) as bank_account,
            cast(null as {{ dbt.type_string() }}) as address_line,
            cast(null as {{ dbt.type_string() }}) as zip,
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
    )

select *
from listed
union all
select *
from unlisted
