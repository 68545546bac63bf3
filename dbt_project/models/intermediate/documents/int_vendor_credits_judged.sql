-- Vendor credits as known now, and whether each posts. BILL gives credits no rate,
-- so a credit in foreign currency has no home value.
with
    credits as (
        {{
            newest_version(
                "stg_bill__vendor_credits", "vendor_credit_id", "vendor_credit"
            )
        }}
    ),

    settings as (select * from {{ ref("int_snapshots") }}),

    vendors as (select * from {{ ref("int_vendors_known") }}),

    used as (
        select distinct snapshot_id, vendor_credit_id
        from {{ ref("int_vendor_credits_used") }}
        where is_effective and not is_reversed
    ),

    judged as (
        select
            credits.snapshot_id,
            credits.org_id,
            credits.vendor_credit_id,
            credits.vendor_id,
            credits.version,
            credits.reference_number,
            credits.description,
            upper(credits.status) as status,
            coalesce(vendors.currency, settings.home_currency) as currency,
            coalesce(credits.amount, 0) as amount,
            credits.applied_amount,
            coalesce(credits.is_archived, false) as is_archived,
            coalesce(vendors.currency, settings.home_currency)
            <> settings.home_currency as is_foreign,
            used.vendor_credit_id is not null as has_live_settlement,
            excluded.document_id is not null as is_excluded,
            coalesce(
                credits.credit_date,
                {{ local_date("credits.created_at", "settings.org_timezone") }}
            ) as credit_date,
            credits.created_at,
            credits.updated_at,
            credits.synced_at
        from credits
        inner join settings on credits.snapshot_id = settings.snapshot_id
        left join
            vendors
            on credits.snapshot_id = vendors.snapshot_id
            and credits.vendor_id = vendors.vendor_id
        left join
            used
            on credits.snapshot_id = used.snapshot_id
            and credits.vendor_credit_id = used.vendor_credit_id
        left join
            {{ ref("int_documents_excluded") }} as excluded
            on credits.snapshot_id = excluded.snapshot_id
            and credits.vendor_credit_id = excluded.document_id
            and excluded.source_entity = 'vendor_credit'
    ),

    reasoned as (
        select
            judged.*,
            case when not is_foreign then amount end as home_amount,
            case
                when is_archived and not has_live_settlement
                then 'archived'
                when amount = 0
                then 'zero_amount'
                when is_excluded
                then 'excluded_by_user'
                when is_foreign
                then 'fx_rate_missing'
            end as not_posted_reason
        from judged
    )

select
    reasoned.*,
    not_posted_reason is null as is_posted,
    not_posted_reason is null and is_archived as is_archived_with_payments
from reasoned
