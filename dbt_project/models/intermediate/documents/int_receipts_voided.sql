-- The day each voided receipt became void: when BILL last touched its first void
-- version.
with
    versions as (
        select
            receipts.org_id,
            receipts.receivable_payment_id as receipt_id,
            receipts.version,
            coalesce({{ normalised_status("receipts.status") }}, '')
            in ('VOID', 'VOIDED') as is_voided,
            {{ local_date("receipts.updated_at", "settings.org_timezone") }}
            as updated_date
        from {{ ref("stg_bill__receivable_payments") }} as receipts
        inner join
            {{ ref("int_connection_settings_dated") }} as settings
            on receipts.org_id = settings.org_id
            and receipts.synced_at <= settings.as_of
    ),

    last_unvoided as (
        select org_id, receipt_id, max(version) as version
        from versions
        where not is_voided
        group by org_id, receipt_id
    ),

    voided as (
        select
            versions.*,
            row_number() over (
                partition by versions.org_id, versions.receipt_id
                order by versions.version
            ) as void_order
        from versions
        left join
            last_unvoided
            on versions.org_id = last_unvoided.org_id
            and versions.receipt_id = last_unvoided.receipt_id
        where
            versions.is_voided and versions.version > coalesce(last_unvoided.version, 0)
    )

select org_id, receipt_id, updated_date as void_date
from voided
where void_order = 1
