-- What BILL and the ledger count on different days: payments the ledger has posted and
-- BILL counts only when they clear, payments still to come, and credits BILL counts as
-- soon as a scheduled payment names them. In the document's currency.
with
    payments as (
        select * from ({{ known_now("int_payments_known") }}) as payments_known
    ),

    parts as (
        select
            cut.org_id,
            cut.bill_id,
            case
                when payments.state in ('in_process', 'sent') then cut.cut_amount else 0
            end as moving_amount,
            case
                when payments.state in ('returned', 'funding_failed', 'escheated')
                then cut.cut_amount
                else 0
            end as returned_amount,
            0 as planned_amount,
            0 as pending_credit
        from ({{ known_now("int_bill_settlements_cut", adds_org=true) }}) as cut
        inner join
            payments
            on cut.org_id = payments.org_id
            and cut.source_id = payments.payment_id
        where cut.source_entity = 'payment' and not cut.is_reversed
        union all
        select
            allotted.org_id,
            allotted.bill_id,
            0 as moving_amount,
            0 as returned_amount,
            allotted.cash_amount as planned_amount,
            0 as pending_credit
        from ({{ known_now("int_bill_payments_allotted", adds_org=true) }}) as allotted
        inner join
            payments
            on allotted.org_id = payments.org_id
            and allotted.payment_id = payments.payment_id
        where payments.not_posted_reason = 'scheduled'
        union all
        select
            uses.org_id,
            uses.bill_id,
            0 as moving_amount,
            0 as returned_amount,
            0 as planned_amount,
            uses.amount as pending_credit
        from ({{ known_now("int_vendor_credits_used", adds_org=true) }}) as uses
        left join
            payments
            on uses.org_id = payments.org_id
            and uses.payment_id = payments.payment_id
        where
            not uses.is_effective
            and not uses.is_reversed
            and (uses.is_listed_by_credit or payments.state <> 'cancelled')
    )

select
    org_id,
    bill_id,
    cast(sum(moving_amount) as decimal(18, 2)) as moving_amount,
    cast(sum(returned_amount) as decimal(18, 2)) as returned_amount,
    cast(sum(planned_amount) as decimal(18, 2)) as planned_amount,
    cast(sum(pending_credit) as decimal(18, 2)) as pending_credit
from parts
group by org_id, bill_id
