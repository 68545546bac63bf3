-- Uses of credit memos on invoices. A memo that says it was applied but not where is
-- applied to its customer's invoices first in, first out, within their credit
-- amounts.
with
    memos as (
        {{ newest_version("stg_bill__credit_memos", "credit_memo_id", "credit_memo") }}
    ),

    invoices as ({{ newest_version("stg_bill__invoices", "invoice_id", "invoice") }}),

    listed as (
        select
            memos.snapshot_id,
            memos.credit_memo_id,
            usages.invoice_id,
            cast(sum(usages.amount) as decimal(18, 2)) as amount
        from memos
        inner join
            {{ ref("stg_bill__credit_memo_usages") }} as usages
            on memos.org_id = usages.org_id
            and memos.credit_memo_id = usages.credit_memo_id
            and memos.version = usages.version
        where usages.invoice_id is not null
        group by memos.snapshot_id, memos.credit_memo_id, usages.invoice_id
    ),

    unlisted as (
        select
            memos.snapshot_id,
            memos.credit_memo_id,
            memos.customer_id,
            least(memos.applied_amount, memos.amount) as amount,
            sum(least(memos.applied_amount, memos.amount)) over (
                partition by memos.snapshot_id, memos.customer_id
                order by memos.credit_date, memos.credit_memo_id
                rows between unbounded preceding and current row
            ) as upper_bound
        from memos
        where
            memos.applied_amount > 0
            and memos.credit_date is not null
            and not exists (
                select 1
                from listed
                where
                    listed.snapshot_id = memos.snapshot_id
                    and listed.credit_memo_id = memos.credit_memo_id
            )
    ),

    listed_by_invoice as (
        select snapshot_id, invoice_id, sum(amount) as amount
        from listed
        group by snapshot_id, invoice_id
    ),

    credited as (
        select
            invoices.snapshot_id,
            invoices.invoice_id,
            invoices.customer_id,
            invoices.invoice_date,
            invoices.credit_amount - coalesce(listed_by_invoice.amount, 0) as amount
        from invoices
        left join
            listed_by_invoice
            on invoices.snapshot_id = listed_by_invoice.snapshot_id
            and invoices.invoice_id = listed_by_invoice.invoice_id
        where invoices.credit_amount > 0 and invoices.invoice_date is not null
    ),

    queued as (
        select
            credited.*,
            sum(amount) over (
                partition by snapshot_id, customer_id
                order by invoice_date, invoice_id
                rows between unbounded preceding and current row
            ) as upper_bound
        from credited
        where amount > 0
    ),

    inferred as (
        select
            unlisted.snapshot_id,
            unlisted.credit_memo_id,
            queued.invoice_id,
            cast(
                least(unlisted.upper_bound, queued.upper_bound) - greatest(
                    unlisted.upper_bound - unlisted.amount,
                    queued.upper_bound - queued.amount
                ) as decimal(18, 2)
            ) as amount
        from unlisted
        inner join
            queued
            on unlisted.snapshot_id = queued.snapshot_id
            and unlisted.customer_id = queued.customer_id
            and unlisted.upper_bound > queued.upper_bound - queued.amount
            and queued.upper_bound > unlisted.upper_bound - unlisted.amount
    )

select snapshot_id, credit_memo_id, invoice_id, amount, false as is_inferred
from listed
where amount > 0
union all
select snapshot_id, credit_memo_id, invoice_id, amount, true as is_inferred
from inferred
