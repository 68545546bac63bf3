-- What each posted receipt consists of: invoices it pays, invoices we do not know,
-- and a rest on account. BILL gives receipts no rate: foreign ones count at that of
-- what they settle, else of the invoices they name, which may be settled already.
with
    receipts as (
        select * from {{ ref("int_receipts_known") }} where not_posted_reason is null
    ),

    applied as (
        select
            cut.snapshot_id,
            cut.source_id as receipt_id,
            cut.application_id,
            cut.key_part,
            'application' as role,
            cut.ordinal,
            cut.invoice_id as document_id,
            invoices.customer_id as source_party_id,
            cut.cut_amount as local_amount,
            cut.relief_amount,
            cut.settlement_date as application_date
        from {{ ref("int_invoice_settlements_cut") }} as cut
        inner join
            {{ ref("int_invoices_judged") }} as invoices
            on cut.snapshot_id = invoices.snapshot_id
            and cut.invoice_id = invoices.invoice_id
        where cut.source_entity = 'receipt' and cut.cut_amount > 0
    ),

    orphaned as (
        select
            allotted.snapshot_id,
            allotted.receipt_id,
            allotted.application_id,
            allotted.key_part,
            'orphan' as role,
            allotted.ordinal,
            allotted.invoice_id as document_id,
            receipts.customer_id as source_party_id,
            allotted.cash_amount as local_amount,
            cast(null as decimal(18, 2)) as relief_amount,
            allotted.application_date
        from {{ ref("int_receipts_allotted") }} as allotted
        inner join
            receipts
            on allotted.snapshot_id = receipts.snapshot_id
            and allotted.receipt_id = receipts.receipt_id
        where
            allotted.cash_amount > 0
            and (
                not receipts.is_voided
                or allotted.application_date <= receipts.void_date
            )
            and not exists (
                select 1
                from {{ ref("int_invoices_judged") }} as invoices
                where
                    invoices.snapshot_id = allotted.snapshot_id
                    and invoices.invoice_id = allotted.invoice_id
            )
    ),

    named as (
        select *
        from applied
        union all
        select *
        from orphaned
    ),

    rests as (
        select
            receipts.snapshot_id,
            receipts.receipt_id,
            receipts.receipt_id as application_id,
            cast(null as {{ dbt.type_string() }}) as key_part,
            'unapplied' as role,
            1000000 as ordinal,
            receipts.receipt_id as document_id,
            receipts.customer_id as source_party_id,
            cast(
                receipts.amount - coalesce(sum(named.local_amount), 0) as decimal(18, 2)
            ) as local_amount,
            cast(null as decimal(18, 2)) as relief_amount,
            receipts.payment_date as application_date
        from receipts
        left join
            named
            on receipts.snapshot_id = named.snapshot_id
            and receipts.receipt_id = named.receipt_id
        group by
            receipts.snapshot_id,
            receipts.receipt_id,
            receipts.customer_id,
            receipts.amount,
            receipts.payment_date
        having receipts.amount - coalesce(sum(named.local_amount), 0) <> 0
    ),

    parts as (
        select
            united.*,
            sum(relief_amount) over (
                partition by snapshot_id, receipt_id
            ) as relieved_amount,
            sum(case when relief_amount is not null then local_amount end) over (
                partition by snapshot_id, receipt_id
            ) as relieved_local_amount
        from
            (
                select *
                from named
                union all
                select *
                from rests
            ) as united
    ),

    rates as (
        {{
            named_rates(
                "int_receipts_allotted",
                "int_invoices_judged",
                "receipt_id",
                "invoice_id",
            )
        }}
    ),

    valued as (
        select
            parts.*,
            receipts.payment_date,
            receipts.is_foreign,
            case
                when parts.relief_amount is not null
                then parts.relief_amount
                when not receipts.is_foreign
                then parts.local_amount
                else {{ at_inferred_rate("parts.local_amount", "parts", "rates") }}
            end as home_amount
        from parts
        inner join
            receipts
            on parts.snapshot_id = receipts.snapshot_id
            and parts.receipt_id = receipts.receipt_id
        left join
            rates
            on parts.snapshot_id = rates.snapshot_id
            and parts.receipt_id = rates.receipt_id
    )

select
    snapshot_id,
    receipt_id,
    application_id,
    key_part,
    role,
    document_id,
    source_party_id,
    ordinal,
    local_amount,
    home_amount,
    application_date > payment_date as is_later,
    is_foreign,
    payment_date,
    application_date
from valued
where home_amount is not null
