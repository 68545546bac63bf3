-- What BILL and the ledger count on different days, or not both: payments the ledger
-- has posted and BILL counts only when they clear, payments still to come, money and
-- credits BILL counts before their day, credits that do not post. In the document's
-- currency.
with
    payments as (
        select * from ({{ known_now("int_payments_known") }}) as payments_known
    ),

    parts as (
        select
            cut.org_id,
            'bill' as document_type,
            cut.bill_id as document_id,
            case
                when payments.state in ('in_process', 'sent') then cut.cut_amount else 0
            end as moving_amount,
            case
                when payments.state in ('returned', 'funding_failed', 'escheated')
                then cut.cut_amount
                else 0
            end as returned_amount,
            0 as planned_amount,
            0 as pending_credit,
            0 as unposted_credit,
            cast(null as {{ dbt.type_string() }}) as reason
        from ({{ known_now("int_bill_settlements_cut", adds_org=true) }}) as cut
        inner join
            payments
            on cut.org_id = payments.org_id
            and cut.source_id = payments.payment_id
        where cut.source_entity = 'payment' and not cut.is_reversed
        union all
        select
            allotted.org_id,
            'bill' as document_type,
            allotted.bill_id as document_id,
            0 as moving_amount,
            0 as returned_amount,
            allotted.cash_amount as planned_amount,
            0 as pending_credit,
            0 as unposted_credit,
            cast(null as {{ dbt.type_string() }}) as reason
        from ({{ known_now("int_bill_payments_allotted", adds_org=true) }}) as allotted
        inner join
            payments
            on allotted.org_id = payments.org_id
            and allotted.payment_id = payments.payment_id
        where payments.not_posted_reason = 'scheduled'
        union all
        select
            uses.org_id,
            'bill' as document_type,
            uses.bill_id as document_id,
            0 as moving_amount,
            0 as returned_amount,
            0 as planned_amount,
            case
                when not uses.is_effective then uses.amount else 0
            end as pending_credit,
            case when uses.is_effective then uses.amount else 0 end as unposted_credit,
            case
                when uses.is_effective
                then coalesce(credits.not_posted_reason, 'unknown')
            end as reason
        from ({{ known_now("int_vendor_credits_used", adds_org=true) }}) as uses
        left join
            payments
            on uses.org_id = payments.org_id
            and uses.payment_id = payments.payment_id
        left join
            ({{ known_now("int_vendor_credits_judged") }}) as credits
            on uses.org_id = credits.org_id
            and uses.vendor_credit_id = credits.vendor_credit_id
        where
            not uses.is_reversed
            and case
                when uses.is_effective
                then not coalesce(credits.is_posted, false)
                else uses.is_listed_by_credit or payments.state <> 'cancelled'
            end
        union all
        select
            uses.org_id,
            'invoice' as document_type,
            uses.invoice_id as document_id,
            0 as moving_amount,
            0 as returned_amount,
            0 as planned_amount,
            0 as pending_credit,
            uses.amount as unposted_credit,
            memos.not_posted_reason as reason
        from ({{ known_now("int_credit_memos_used", adds_org=true) }}) as uses
        inner join
            ({{ known_now("int_credit_memos_judged") }}) as memos
            on uses.org_id = memos.org_id
            and uses.credit_memo_id = memos.credit_memo_id
            and not memos.is_posted
        union all
        select
            allotted.org_id,
            'invoice' as document_type,
            allotted.invoice_id as document_id,
            0 as moving_amount,
            0 as returned_amount,
            0 as planned_amount,
            allotted.cash_amount as pending_credit,
            0 as unposted_credit,
            cast(null as {{ dbt.type_string() }}) as reason
        from ({{ known_now("int_receipts_allotted", adds_org=true) }}) as allotted
        inner join
            ({{ known_now("int_receipts_known") }}) as receipts
            on allotted.org_id = receipts.org_id
            and allotted.receipt_id = receipts.receipt_id
            and receipts.is_in_future
            and not receipts.is_voided
    )

select
    org_id,
    document_type,
    document_id,
    min(reason) as unposted_reason,
    cast(sum(moving_amount) as decimal(18, 2)) as moving_amount,
    cast(sum(returned_amount) as decimal(18, 2)) as returned_amount,
    cast(sum(planned_amount) as decimal(18, 2)) as planned_amount,
    cast(sum(pending_credit) as decimal(18, 2)) as pending_credit,
    cast(sum(unposted_credit) as decimal(18, 2)) as unposted_credit
from parts
group by org_id, document_type, document_id
