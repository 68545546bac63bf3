-- The day each voided receipt became void: when BILL last touched its first void
-- version.
with
    versions as (
        select
            receipts.snapshot_id,
            receipts.receivable_payment_id as receipt_id,
            receipts.version,
            coalesce({{ normalised_status("receipts.status") }}, '')
            in ('VOID', 'VOIDED') as is_voided,
            {{ local_date("receipts.updated_at", "receipts.org_timezone") }}
            as updated_date
        from
            (
                {{
                    known_versions(
                        "stg_bill__receivable_payments",
                        "receivable_payment_id",
                        "receipt",
                    )
                }}
            ) as receipts
    ),

    last_unvoided as (
        select snapshot_id, receipt_id, max(version) as version
        from versions
        where not is_voided
        group by snapshot_id, receipt_id
    ),

    voided as (
        select
            versions.*,
            row_number() over (
                partition by versions.snapshot_id, versions.receipt_id
                order by versions.version
            ) as void_order
        from versions
        left join
            last_unvoided
            on versions.snapshot_id = last_unvoided.snapshot_id
            and versions.receipt_id = last_unvoided.receipt_id
        where
            versions.is_voided and versions.version > coalesce(last_unvoided.version, 0)
    )

select snapshot_id, receipt_id, updated_date as void_date
from voided
where void_order = 1
