-- Every use of a vendor credit on a bill, counted once: the credit's own list and
-- the payments' lists together, by (credit, bill, payment). Where they differ the
-- credit wins.
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
        select from_credits.*, true as is_listed_by_credit
        from from_credits
        union all
        select from_payments.*, false as is_listed_by_credit
        from from_payments
        where
            not exists (
                select 1
                from from_credits
                where
                    from_credits.snapshot_id = from_payments.snapshot_id
                    and from_credits.vendor_credit_id = from_payments.vendor_credit_id
                    and from_credits.bill_id = from_payments.bill_id
                    and (
                        from_credits.payment_id = from_payments.payment_id
                        or (
                            from_credits.payment_id is null
                            and from_credits.amount = from_payments.amount
                        )
                    )
            )
    )

select
    uses.snapshot_id,
    uses.vendor_credit_id,
    uses.bill_id,
    uses.payment_id,
    uses.amount,
    uses.is_listed_by_credit,
    payments.payment_id is null as is_direct,
    payments.payment_id is null
    or (
        payments.process_date is not null
        and payments.state not in ('scheduled', 'cancelled', 'unknown')
    ) as is_effective,
    coalesce(payments.is_voided and not uses.is_listed_by_credit, false) as is_reversed,
    payments.process_date as use_date,
    case
        when payments.is_voided and not uses.is_listed_by_credit then payments.void_date
    end as reversal_date
from uses
left join
    payments
    on uses.snapshot_id = payments.snapshot_id
    and uses.payment_id = payments.payment_id
where uses.amount > 0 and uses.bill_id is not null
