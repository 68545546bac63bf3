-- Which records can change each other's postings: payments and the bills and credits
-- they name in any version, receipts and invoices, memos and invoices. Both directions.
with
    links as (
        select
            org_id,
            {{ record_key("payment", "payment_id") }} as one_key,
            {{ record_key("bill", "bill_id") }} as other_key
        from {{ ref("stg_bill__payment_bill_payments") }}
        union all
        select
            org_id,
            {{ record_key("payment", "payment_id") }} as one_key,
            {{ record_key("bill", "bill_id") }} as other_key
        from {{ ref("stg_bill__payments") }}
        union all
        select
            org_id,
            {{ record_key("payment", "payment_id") }} as one_key,
            {{ record_key("vendor_credit", "vendor_credit_id") }} as other_key
        from {{ ref("stg_bill__payment_vendor_credits") }}
        union all
        select
            org_id,
            {{ record_key("vendor_credit", "vendor_credit_id") }} as one_key,
            {{ record_key("bill", "bill_id") }} as other_key
        from {{ ref("stg_bill__vendor_credit_usages") }}
        union all
        select
            org_id,
            {{ record_key("vendor_credit", "vendor_credit_id") }} as one_key,
            {{ record_key("payment", "payment_id") }} as other_key
        from {{ ref("stg_bill__vendor_credit_usages") }}
        union all
        -- What replaces a payment that is sent anew is found by vendor and amount.
        select
            voided.org_id,
            {{ record_key("payment", "voided.payment_id") }} as one_key,
            {{ record_key("payment", "others.payment_id") }} as other_key
        from {{ ref("stg_bill__payments") }} as voided
        inner join
            {{ ref("stg_bill__payment_voids") }} as voids
            on voided.org_id = voids.org_id
            and voided.payment_id = voids.payment_id
            and voided.version = voids.version
            and upper(voids.payment_void_type) = 'VOID_AND_REISSUE'
        inner join
            {{ ref("stg_bill__payments") }} as others
            on voided.org_id = others.org_id
            and voided.vendor_id = others.vendor_id
            and voided.amount = others.amount
            and voided.payment_id <> others.payment_id
        union all
        select
            org_id,
            {{ record_key("receipt", "receivable_payment_id") }} as one_key,
            {{ record_key("invoice", "invoice_id") }} as other_key
        from {{ ref("stg_bill__receivable_payment_invoices") }}
        union all
        select
            org_id,
            {{ record_key("credit_memo", "credit_memo_id") }} as one_key,
            {{ record_key("invoice", "invoice_id") }} as other_key
        from {{ ref("stg_bill__credit_memo_usages") }}
        union all
        -- A memo that does not say where it was used may be used on any of these.
        select
            memos.org_id,
            {{ record_key("credit_memo", "memos.credit_memo_id") }} as one_key,
            {{ record_key("invoice", "invoices.invoice_id") }} as other_key
        from {{ ref("stg_bill__credit_memos") }} as memos
        left join
            {{ ref("stg_bill__credit_memo_usages") }} as usages
            on memos.org_id = usages.org_id
            and memos.credit_memo_id = usages.credit_memo_id
            and memos.version = usages.version
        inner join
            {{ ref("stg_bill__invoices") }} as invoices
            on memos.org_id = invoices.org_id
            and memos.customer_id = invoices.customer_id
            and invoices.credit_amount > 0
        where memos.applied_amount > 0 and usages.credit_memo_id is null
        union all
        -- An entry a person wrote does not say of which kind the document is it names.
        select
            entries.org_id,
            {{ record_key("manual", "entries.entry_id") }} as one_key,
            kinds.kind || ':' || entries.document_id as other_key
        from {{ ref("stg_decisions__manual_entries") }} as entries
        cross join
            (
                values
                    ('bill'),
                    ('vendor_credit'),
                    ('payment'),
                    ('statement'),
                    ('invoice'),
                    ('credit_memo'),
                    ('receipt')
            ) as kinds(kind)
        union all
        -- Which line of a bank feed is which sum depends on all sums: with a feed, all
        -- that moves money through BILL changes together.
        select
            moved.org_id,
            moved.record_key as one_key,
            {{ record_key("bank_feed", "'all'") }} as other_key
        from
            (
                select org_id, {{ record_key("payment", "payment_id") }} as record_key
                from {{ ref("stg_bill__payments") }}
                where is_online
                union all
                select
                    org_id,
                    {{ record_key("receipt", "receivable_payment_id") }} as record_key
                from {{ ref("stg_bill__receivable_payments") }}
                where is_online
            ) as moved
        where
            exists (
                select 1
                from {{ ref("stg_decisions__bank_transactions") }} as feed
                where feed.org_id = moved.org_id
            )
    )

select org_id, one_key, other_key
from links
where one_key is not null and other_key is not null
union
select org_id, other_key as one_key, one_key as other_key
from links
where one_key is not null and other_key is not null
