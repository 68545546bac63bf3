-- What each AP payment says it pays on each bill, in cash, never above its own
-- amount. BILL does not say whether an application's amount includes the credits
-- used with it: the payment's own amount tells (sum = amount, or sum = amount +
-- credits).
with
    payments as (select * from {{ ref("int_payments_known") }}),

    credits as (
        select
            org_id,
            payment_id,
            version,
            payment_bill_payment_ordinal as ordinal,
            cast(sum(amount) as decimal(18, 2)) as credit_amount
        from {{ ref("stg_bill__payment_vendor_credits") }}
        group by org_id, payment_id, version, payment_bill_payment_ordinal
    ),

    listed as (
        select
            payments.snapshot_id,
            payments.payment_id,
            coalesce(
                lines.payment_bill_payment_id,
                payments.payment_id
                || '-'
                || cast(lines.ordinal as {{ dbt.type_string() }})
            ) as application_id,
            lines.bill_id,
            lines.ordinal,
            payments.amount as payment_amount,
            coalesce(lines.amount, 0) as amount,
            coalesce(credits.credit_amount, 0) as credit_amount
        from payments
        inner join
            {{ ref("stg_bill__payment_bill_payments") }} as lines
            on payments.org_id = lines.org_id
            and payments.payment_id = lines.payment_id
            and payments.version = lines.version
        left join
            credits
            on lines.org_id = credits.org_id
            and lines.payment_id = credits.payment_id
            and lines.version = credits.version
            and lines.ordinal = credits.ordinal
        where lines.bill_id is not null
    ),

    single as (
        select
            snapshot_id,
            payment_id,
            payment_id as application_id,
            bill_id,
            1 as ordinal,
            amount as payment_amount,
            amount,
            cast(0 as decimal(18, 2)) as credit_amount
        from payments
        where
            bill_id is not null
            and not exists (
                select 1
                from listed
                where
                    listed.snapshot_id = payments.snapshot_id
                    and listed.payment_id = payments.payment_id
            )
    ),

    totalled as (
        select
            applications.*,
            sum(amount) over (partition by snapshot_id, payment_id) as sum_amount,
            sum(credit_amount) over (partition by snapshot_id, payment_id) as sum_credit
        from
            (
                select *
                from listed
                union all
                select *
                from single
            ) as applications
    ),

    in_cash as (
        select
            totalled.*,
            case
                when
                    sum_credit > 0
                    and sum_amount <> payment_amount
                    and sum_amount = payment_amount + sum_credit
                then amount - credit_amount
                else amount
            end as cash_amount
        from totalled
    )

select
    snapshot_id,
    payment_id,
    application_id,
    bill_id,
    ordinal,
    cast(
        greatest(
            least(
                cash_amount,
                payment_amount - (
                    sum(cash_amount) over (
                        partition by snapshot_id, payment_id
                        order by ordinal
                        rows between unbounded preceding and current row
                    )
                    - cash_amount
                )
            ),
            0
        ) as decimal(18, 2)
    ) as cash_amount
from in_cash
