-- The day each voided AP payment became void, in the organization's time zone.
with
    versions as ({{ known_versions("stg_bill__payments", "payment_id", "payment") }}),

    judged as (
        select
            versions.snapshot_id,
            versions.org_id,
            versions.payment_id,
            versions.version,
            versions.org_timezone,
            versions.updated_at,
            coalesce(
                {{ normalised_status("versions.single_status") }}
                in ('VOIDED', 'FUNDING_FAILED_VOIDED'),
                false
            )
            or {{ normalised_status("versions.status") }}
            in ('VOID', 'VOIDED') as is_voided,
            max(versions.version) over (
                partition by versions.snapshot_id, versions.payment_id
            ) as newest_version
        from versions
    ),

    last_unvoided as (
        select snapshot_id, payment_id, max(version) as version
        from judged
        where not is_voided
        group by snapshot_id, payment_id
    ),

    first_voided as (
        select
            judged.snapshot_id,
            judged.org_id,
            judged.payment_id,
            min(judged.newest_version) as newest_version,
            min(judged.org_timezone) as org_timezone,
            min(
                {{ local_date("judged.updated_at", "judged.org_timezone") }}
            ) as seen_void_date
        from judged
        left join
            last_unvoided
            on judged.snapshot_id = last_unvoided.snapshot_id
            and judged.payment_id = last_unvoided.payment_id
        where judged.is_voided and judged.version > coalesce(last_unvoided.version, 0)
        group by judged.snapshot_id, judged.org_id, judged.payment_id
    ),

    accepted as (
        select
            first_voided.snapshot_id,
            voids.payment_id,
            max(voids.payment_void_type) as void_type,
            max(
                {{ local_date("voids.updated_at", "first_voided.org_timezone") }}
            ) as accepted_date
        from {{ ref("stg_bill__payment_voids") }} as voids
        inner join
            first_voided
            on voids.org_id = first_voided.org_id
            and voids.payment_id = first_voided.payment_id
            and voids.version = first_voided.newest_version
        where upper(voids.status) = 'ACCEPTED'
        group by first_voided.snapshot_id, voids.payment_id
    )

select
    first_voided.snapshot_id,
    first_voided.payment_id,
    accepted.void_type,
    coalesce(accepted.accepted_date, first_voided.seen_void_date) as void_date
from first_voided
left join
    accepted
    on first_voided.snapshot_id = accepted.snapshot_id
    and first_voided.payment_id = accepted.payment_id
