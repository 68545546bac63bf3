-- Payments voided to be sent anew, each with the payment that carries the money now:
-- same vendor, same amount, at most ten days after the void. One that pays the same
-- bill comes first, then the nearest. Without a replacement the money waits in
-- clearing.
with
    payments as (
        select *
        from {{ ref("int_payments_known") }} as known
        where
            exists (
                select 1
                from {{ ref("int_payment_parts_valued") }} as parts
                where
                    parts.snapshot_id = known.snapshot_id
                    and parts.payment_id = known.payment_id
            )
    ),

    voided as (
        select *
        from payments
        where has_money_back and upper(void_type) = 'VOID_AND_REISSUE'
    ),

    shared_bills as (
        select distinct
            old.snapshot_id, old.payment_id, new.payment_id as replacement_id
        from {{ ref("int_bill_payments_allotted") }} as old
        inner join
            {{ ref("int_bill_payments_allotted") }} as new
            on old.snapshot_id = new.snapshot_id
            and old.bill_id = new.bill_id
            and old.payment_id <> new.payment_id
    ),

    candidates as (
        select
            voided.snapshot_id,
            voided.payment_id,
            voided.void_date,
            news.payment_id as replacement_id,
            news.process_date,
            case when shared_bills.payment_id is null then 1 else 0 end as bill_rank
        from voided
        inner join
            payments as news
            on voided.snapshot_id = news.snapshot_id
            and voided.vendor_id = news.vendor_id
            and voided.amount = news.amount
            and voided.payment_id <> news.payment_id
            and news.is_online
            and news.process_date
            between voided.void_date and {{ days_after("voided.void_date", 10) }}
        left join
            shared_bills
            on voided.snapshot_id = shared_bills.snapshot_id
            and voided.payment_id = shared_bills.payment_id
            and news.payment_id = shared_bills.replacement_id
    ),

    ranked as (
        select
            candidates.*,
            row_number() over (
                partition by snapshot_id, payment_id
                order by bill_rank, process_date, replacement_id
            ) as replacement_rank,
            row_number() over (
                partition by snapshot_id, replacement_id
                order by bill_rank, void_date desc, payment_id
            ) as void_rank
        from candidates
    )

select voided.snapshot_id, voided.payment_id, ranked.replacement_id
from voided
left join
    ranked
    on voided.snapshot_id = ranked.snapshot_id
    and voided.payment_id = ranked.payment_id
    and ranked.replacement_rank = 1
    and ranked.void_rank = 1
