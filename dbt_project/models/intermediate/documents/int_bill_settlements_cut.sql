-- Payments and credits against bills in time order, none above what the bill then
-- owed, with the home amount by which each relieves the bill: pro rata, the last the
-- rest. What BILL shows as paid and nothing explains comes last. Voided payments
-- stand apart: their reversal undoes exactly what they did.
with
    bills as (select * from {{ ref("int_bills_judged") }} where is_posted),

    applications as (
        select
            uses.snapshot_id,
            uses.bill_id,
            'vendor_credit' as source_entity,
            uses.vendor_credit_id as source_id,
            {{
                joined_key(
                    ["uses.vendor_credit_id", "uses.bill_id", "uses.payment_id"]
                )
            }} as application_id,
            uses.payment_id,
            1 as kind_order,
            0 as ordinal,
            uses.amount as local_amount,
            uses.is_reversed,
            case
                when uses.is_direct
                then greatest(credits.credit_date, bills.bill_date)
                else uses.use_date
            end as settlement_date,
            uses.reversal_date
        from {{ ref("int_vendor_credits_used") }} as uses
        inner join
            {{ ref("int_vendor_credits_judged") }} as credits
            on uses.snapshot_id = credits.snapshot_id
            and uses.vendor_credit_id = credits.vendor_credit_id
            and credits.is_posted
        inner join
            bills
            on uses.snapshot_id = bills.snapshot_id
            and uses.bill_id = bills.bill_id
        where uses.is_effective
        union all
        select
            allotted.snapshot_id,
            allotted.bill_id,
            'payment' as source_entity,
            allotted.payment_id as source_id,
            allotted.application_id,
            allotted.payment_id,
            2 as kind_order,
            allotted.ordinal,
            allotted.cash_amount as local_amount,
            payments.is_voided as is_reversed,
            payments.process_date as settlement_date,
            case when payments.is_voided then payments.void_date end as reversal_date
        from {{ ref("int_bill_payments_allotted") }} as allotted
        inner join
            {{ ref("int_payments_known") }} as payments
            on allotted.snapshot_id = payments.snapshot_id
            and allotted.payment_id = payments.payment_id
            and payments.is_posted
        inner join
            bills
            on allotted.snapshot_id = bills.snapshot_id
            and allotted.bill_id = bills.bill_id
        where allotted.cash_amount > 0
        union all
        select
            snapshot_id,
            bill_id,
            'bill_credit' as source_entity,
            bill_id as source_id,
            bill_id as application_id,
            cast(null as {{ dbt.type_string() }}) as payment_id,
            3 as kind_order,
            0 as ordinal,
            amount as local_amount,
            false as is_reversed,
            settlement_date,
            cast(null as date) as reversal_date
        from {{ ref("int_bill_credits_found") }}
        union all
        select
            snapshot_id,
            bill_id,
            'unexplained_settlement' as source_entity,
            bill_id as source_id,
            bill_id as application_id,
            cast(null as {{ dbt.type_string() }}) as payment_id,
            4 as kind_order,
            0 as ordinal,
            amount as local_amount,
            false as is_reversed,
            settlement_date,
            cast(null as date) as reversal_date
        from {{ ref("int_bill_shortfalls_found") }}
        union all
        select
            snapshot_id,
            document_id as bill_id,
            kind as source_entity,
            document_id as source_id,
            application_id,
            cast(null as {{ dbt.type_string() }}) as payment_id,
            3 as kind_order,
            0 as ordinal,
            amount as local_amount,
            false as is_reversed,
            settlement_date,
            cast(null as date) as reversal_date
        from {{ ref("int_settlements_decided") }}
        where source_entity = 'bill'
    )

select *
from ({{ cut_and_relieved("applications", "bills", "bill_id") }}) as relieved
