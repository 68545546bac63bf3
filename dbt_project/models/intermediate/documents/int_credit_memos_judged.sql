-- Credit memos as known now, and whether each posts. BILL gives memos no rate, so a
-- memo in foreign currency has no home value.
with
    memos as (
        {{ newest_version("stg_bill__credit_memos", "credit_memo_id", "credit_memo") }}
    ),

    settings as (select * from {{ ref("int_snapshots") }}),

    customers as (select * from {{ ref("int_customers_known") }}),

    used as (
        select distinct snapshot_id, credit_memo_id
        from {{ ref("int_credit_memos_used") }}
        where not is_inferred
    ),

    judged as (
        select
            memos.snapshot_id,
            memos.org_id,
            memos.credit_memo_id,
            memos.customer_id,
            memos.version,
            memos.accounting_class_id,
            memos.department_id,
            memos.location_id,
            memos.job_id,
            memos.reference_number,
            memos.description,
            upper(memos.status) as status,
            coalesce(customers.currency, settings.home_currency) as currency,
            coalesce(memos.amount, 0) as amount,
            coalesce(memos.sales_tax_total, 0) as tax_amount,
            memos.applied_amount,
            coalesce(memos.is_archived, false) as is_archived,
            coalesce(customers.currency, settings.home_currency)
            <> settings.home_currency as is_foreign,
            used.credit_memo_id is not null as has_live_settlement,
            excluded.document_id is not null as is_excluded,
            coalesce(
                memos.credit_date,
                {{ local_date("memos.created_at", "settings.org_timezone") }}
            ) as credit_date,
            memos.created_at,
            memos.updated_at,
            memos.synced_at
        from memos
        inner join settings on memos.snapshot_id = settings.snapshot_id
        left join
            customers
            on memos.snapshot_id = customers.snapshot_id
            and memos.customer_id = customers.customer_id
        left join
            used
            on memos.snapshot_id = used.snapshot_id
            and memos.credit_memo_id = used.credit_memo_id
        left join
            {{ ref("int_documents_excluded") }} as excluded
            on memos.snapshot_id = excluded.snapshot_id
            and memos.credit_memo_id = excluded.document_id
            and excluded.source_entity = 'credit_memo'
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
