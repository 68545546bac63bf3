-- Records that are no events: reference data, and templates of documents to come.
with
    versions as (
        select
            org_id,
            'organization' as source_entity,
            organization_id as source_id,
            'reference_data' as reason,
            synced_at
        from {{ ref("stg_bill__organizations") }}
        union
        select
            org_id,
            'user' as source_entity,
            user_id as source_id,
            'reference_data' as reason,
            synced_at
        from {{ ref("stg_bill__users") }}
        union
        select
            org_id,
            'role' as source_entity,
            role_id as source_id,
            'reference_data' as reason,
            synced_at
        from {{ ref("stg_bill__roles") }}
        union
        select
            org_id,
            'payment_term' as source_entity,
            payment_term_id as source_id,
            'reference_data' as reason,
            synced_at
        from {{ ref("stg_bill__payment_terms") }}
        union
        select
            org_id,
            'chart_of_account' as source_entity,
            chart_of_account_id as source_id,
            'reference_data' as reason,
            synced_at
        from {{ ref("stg_bill__chart_of_accounts") }}
        union
        select
            org_id,
            'accounting_class' as source_entity,
            accounting_class_id as source_id,
            'reference_data' as reason,
            synced_at
        from {{ ref("stg_bill__accounting_classes") }}
        union
        select
            org_id,
            'department' as source_entity,
            department_id as source_id,
            'reference_data' as reason,
            synced_at
        from {{ ref("stg_bill__departments") }}
        union
        select
            org_id,
            'location' as source_entity,
            location_id as source_id,
            'reference_data' as reason,
            synced_at
        from {{ ref("stg_bill__locations") }}
        union
        select
            org_id,
            'job' as source_entity,
            job_id as source_id,
            'reference_data' as reason,
            synced_at
        from {{ ref("stg_bill__jobs") }}
        union
        select
            org_id,
            'employee' as source_entity,
            employee_id as source_id,
            'reference_data' as reason,
            synced_at
        from {{ ref("stg_bill__employees") }}
        union
        select
            org_id,
            'item' as source_entity,
            item_id as source_id,
            'reference_data' as reason,
            synced_at
        from {{ ref("stg_bill__items") }}
        union
        select
            org_id,
            'bank_account' as source_entity,
            bank_account_id as source_id,
            'reference_data' as reason,
            synced_at
        from {{ ref("stg_bill__bank_accounts") }}
        union
        select
            org_id,
            'card_account' as source_entity,
            card_account_id as source_id,
            'reference_data' as reason,
            synced_at
        from {{ ref("stg_bill__card_accounts") }}
        union
        select
            org_id,
            'vendor' as source_entity,
            vendor_id as source_id,
            'reference_data' as reason,
            synced_at
        from {{ ref("stg_bill__vendors") }}
        union
        select
            org_id,
            'customer' as source_entity,
            customer_id as source_id,
            'reference_data' as reason,
            synced_at
        from {{ ref("stg_bill__customers") }}
        union
        select
            org_id,
            'recurring_bill' as source_entity,
            recurring_bill_id as source_id,
            'template' as reason,
            synced_at
        from {{ ref("stg_bill__recurring_bills") }}
        union
        select
            org_id,
            'recurring_invoice' as source_entity,
            recurring_invoice_id as source_id,
            'template' as reason,
            synced_at
        from {{ ref("stg_bill__recurring_invoices") }}
    )

select distinct
    versions.org_id, versions.source_entity, versions.source_id, versions.reason
from versions
inner join
    {{ ref("int_connection_settings_dated") }} as settings
    on versions.org_id = settings.org_id
    and versions.synced_at <= settings.as_of
union all
select org_id, source_entity, source_id, 'reference_data' as reason
from {{ ref("stg_settings__records_unread") }}
