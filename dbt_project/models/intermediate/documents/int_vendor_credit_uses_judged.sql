-- Every use of a vendor credit on a bill, by (credit, bill, payment): as the credit's
-- own list has it, as payments' lists have it, and which of both counts. Where they
-- differ the credit wins, also where its list leaves nothing for what a payment claims.
with
    credits as (
        {{
            newest_version(
                "stg_bill__vendor_credits", "vendor_credit_id", "vendor_credit"
            )
        }}
    ),

    payments as (select * from {{ ref("int_payments_known") }}),

    from_credits as (
        select
            credits.snapshot_id,
            credits.vendor_credit_id,
            usages.bill_id,
            nullif(usages.payment_id, '') as payment_id,
            cast(sum(usages.amount) as decimal(18, 2)) as amount
        from credits
        inner join
            {{ ref("stg_bill__vendor_credit_usages") }} as usages
            on credits.org_id = usages.org_id
            and credits.vendor_credit_id = usages.vendor_credit_id
            and credits.version = usages.version
        group by
            credits.snapshot_id,
            credits.vendor_credit_id,
            usages.bill_id,
            nullif(usages.payment_id, '')
    ),

    from_payments as (
        select
            payments.snapshot_id,
            used.vendor_credit_id,
            applications.bill_id,
            payments.payment_id,
            cast(sum(used.amount) as decimal(18, 2)) as amount
        from payments
        inner join
            {{ ref("stg_bill__payment_vendor_credits") }} as used
            on payments.org_id = used.org_id
            and payments.payment_id = used.payment_id
            and payments.version = used.version
        inner join
            {{ ref("stg_bill__payment_bill_payments") }} as applications
            on used.org_id = applications.org_id
            and used.payment_id = applications.payment_id
            and used.version = applications.version
            and used.payment_bill_payment_ordinal = applications.ordinal
        group by
            payments.snapshot_id,
            used.vendor_credit_id,
            applications.bill_id,
            payments.payment_id
    ),

    uses as (
        select
            coalesce(
                from_credits.snapshot_id, from_payments.snapshot_id
            ) as snapshot_id,
            coalesce(
                from_credits.vendor_credit_id, from_payments.vendor_credit_id
            ) as vendor_credit_id,
            coalesce(from_credits.bill_id, from_payments.bill_id) as bill_id,
            coalesce(from_credits.payment_id, from_payments.payment_id) as payment_id,
            from_credits.amount as listed_amount,
            from_payments.amount as claimed_amount
        from from_credits
        full outer join
            from_payments
            on from_credits.snapshot_id = from_payments.snapshot_id
            and from_credits.vendor_credit_id = from_payments.vendor_credit_id
            and from_credits.bill_id = from_payments.bill_id
            and from_credits.payment_id = from_payments.payment_id
    ),

    listed as (
        select snapshot_id, vendor_credit_id, sum(amount) as amount
        from from_credits
        group by snapshot_id, vendor_credit_id
    ),

    compared as (
        select
            uses.*,
            payments.payment_id is null as is_direct,
            payments.process_date,
            payments.void_date,
            payments.state,
            coalesce(payments.is_voided, false) as is_voided,
            coalesce(
                directly.amount = uses.claimed_amount, false
            ) as is_listed_directly,
            coalesce(
                listed.amount
                + sum(
                    case
                        when uses.listed_amount is null and not payments.is_voided
                        then uses.claimed_amount
                        else 0
                    end
                ) over (
                    partition by uses.snapshot_id, uses.vendor_credit_id
                    order by payments.process_date, uses.payment_id, uses.bill_id
                    rows between unbounded preceding and current row
                )
                > credits.amount,
                false
            ) as is_too_much
        from uses
        left join
            payments
            on uses.snapshot_id = payments.snapshot_id
            and uses.payment_id = payments.payment_id
        left join
            credits
            on uses.snapshot_id = credits.snapshot_id
            and uses.vendor_credit_id = credits.vendor_credit_id
        left join
            listed
            on uses.snapshot_id = listed.snapshot_id
            and uses.vendor_credit_id = listed.vendor_credit_id
        left join
            from_credits as directly
            on uses.snapshot_id = directly.snapshot_id
            and uses.vendor_credit_id = directly.vendor_credit_id
            and {{ key_if("uses.listed_amount is null", "uses.bill_id") }}
            = directly.bill_id
            and directly.payment_id is null
    )

select
    snapshot_id,
    {{ joined_key(["vendor_credit_id", "bill_id", "payment_id"]) }} as use_id,
    vendor_credit_id,
    bill_id,
    payment_id,
    state,
    coalesce(listed_amount, claimed_amount) as amount,
    listed_amount is not null as is_listed_by_credit,
    is_direct,
    is_voided,
    listed_amount is not null
    or (not is_listed_directly and (is_voided or not is_too_much)) as is_counted,
    case
        when listed_amount is not null
        then coalesce(claimed_amount <> listed_amount, false)
        else is_too_much and not is_voided and not is_listed_directly
    end as is_conflicting,
    process_date,
    void_date
from compared
where coalesce(listed_amount, claimed_amount) > 0 and bill_id is not null
