-- What each customer receipt pays on each invoice, never above its own amount. An
-- application counts from its own date, but not before the receipt exists.
with
    receipts as (select * from {{ ref("int_receipts_known") }}),

    listed as (
        select
            receipts.snapshot_id,
            receipts.receipt_id,
            lines.invoice_id,
            receipts.amount as receipt_amount,
            greatest(
                coalesce(lines.payment_date, receipts.payment_date),
                receipts.payment_date
            ) as application_date,
            min(lines.ordinal) as ordinal,
            cast(sum(coalesce(lines.amount, 0)) as decimal(18, 2)) as amount
        from receipts
        inner join
            {{ ref("stg_bill__receivable_payment_invoices") }} as lines
            on receipts.org_id = lines.org_id
            and receipts.receipt_id = lines.receivable_payment_id
            and receipts.version = lines.version
        where lines.invoice_id is not null
        group by
            receipts.snapshot_id,
            receipts.receipt_id,
            lines.invoice_id,
            receipts.amount,
            greatest(
                coalesce(lines.payment_date, receipts.payment_date),
                receipts.payment_date
            )
    ),

    ordered as (
        select
            listed.*,
            row_number() over (
                partition by snapshot_id, receipt_id, invoice_id
                order by application_date
            ) as part,
            sum(amount) over (
                partition by snapshot_id, receipt_id
                order by application_date, ordinal, invoice_id
                rows between unbounded preceding and current row
            ) as amount_so_far
        from listed
    )

select
    snapshot_id,
    receipt_id,
    {{ joined_key(["receipt_id", "invoice_id", "application_date"]) }}
    as application_id,
    invoice_id,
    case
        when part > 1 then cast(application_date as {{ dbt.type_string() }})
    end as key_part,
    ordinal,
    cast(
        greatest(
            least(amount, receipt_amount - (amount_so_far - amount)), 0
        ) as decimal(18, 2)
    ) as cash_amount,
    application_date
from ordered
