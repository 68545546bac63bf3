-- What each posted AP payment consists of: bills it pays, bills we do not know, and
-- a rest without a bill. `home_amount` is the part's share of the money that left,
-- and `relief_amount` what it takes off the open item: they differ by the exchange
-- result. Money that says nothing of its rate goes by that of what it settles, else by
-- that of the bills it names: they may have been settled before.
with
    payments as (
        select *
        from {{ ref("int_payments_known") }}
        where is_posted and not_posted_reason is null
    ),

    applied as (
        select
            cut.snapshot_id,
            cut.source_id as payment_id,
            cut.application_id,
            'application' as role,
            cut.ordinal,
            cut.bill_id as document_id,
            bills.vendor_id as source_party_id,
            cut.cut_amount as local_amount,
            cut.relief_amount
        from {{ ref("int_bill_settlements_cut") }} as cut
        inner join
            {{ ref("int_bills_known") }} as bills
            on cut.snapshot_id = bills.snapshot_id
            and cut.bill_id = bills.bill_id
        where cut.source_entity = 'payment' and cut.cut_amount > 0
    ),

    orphaned as (
        select
            allotted.snapshot_id,
            allotted.payment_id,
            allotted.application_id,
            'orphan' as role,
            allotted.ordinal,
            allotted.bill_id as document_id,
            payments.vendor_id as source_party_id,
            allotted.cash_amount as local_amount,
            cast(null as decimal(18, 2)) as relief_amount
        from {{ ref("int_bill_payments_allotted") }} as allotted
        inner join
            payments
            on allotted.snapshot_id = payments.snapshot_id
            and allotted.payment_id = payments.payment_id
        where
            allotted.cash_amount > 0
            and not exists (
                select 1
                from {{ ref("int_bills_known") }} as bills
                where
                    bills.snapshot_id = allotted.snapshot_id
                    and bills.bill_id = allotted.bill_id
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
            payments.snapshot_id,
            payments.payment_id,
            payments.payment_id as application_id,
            'unapplied' as role,
            1000000 as ordinal,
            payments.payment_id as document_id,
            payments.vendor_id as source_party_id,
            cast(
                payments.amount - coalesce(sum(named.local_amount), 0) as decimal(18, 2)
            ) as local_amount,
            cast(null as decimal(18, 2)) as relief_amount
        from payments
        left join
            named
            on payments.snapshot_id = named.snapshot_id
            and payments.payment_id = named.payment_id
        group by
            payments.snapshot_id,
            payments.payment_id,
            payments.vendor_id,
            payments.amount
        having payments.amount - coalesce(sum(named.local_amount), 0) <> 0
    ),

    parts as (
        select *
        from named
        union all
        select *
        from rests
    ),

    rates as (
        {{
            named_rates(
                "int_bill_payments_allotted",
                "int_bills_known",
                "payment_id",
                "bill_id",
            )
        }}
    ),

    funded as (
        select
            parts.*,
            payments.home_amount as funded_amount,
            {{ whole_units("parts.local_amount", 2) }} as local_cents,
            {{ whole_units("coalesce(payments.home_amount, 0)", 2) }} as funded_cents,
            sum(parts.relief_amount) over (
                partition by parts.snapshot_id, parts.payment_id
            ) as relieved_amount,
            sum(
                case when parts.relief_amount is not null then parts.local_amount end
            ) over (partition by parts.snapshot_id, parts.payment_id)
            as relieved_local_amount
        from parts
        inner join
            payments
            on parts.snapshot_id = payments.snapshot_id
            and parts.payment_id = payments.payment_id
    ),

    shared as (
        {{
            largest_remainder(
                "funded",
                ["snapshot_id", "payment_id"],
                "local_cents",
                "funded_cents",
                "ordinal",
            )
        }}
    ),

    valued as (
        select
            shared.*,
            case
                when shared.funded_amount is not null
                then {{ cents_to_money("shared.share_cents") }}
                when shared.relief_amount is not null
                then shared.relief_amount
                else {{ at_inferred_rate("shared.local_amount", "shared", "rates") }}
            end as home_amount
        from shared
        left join
            rates
            on shared.snapshot_id = rates.snapshot_id
            and shared.payment_id = rates.payment_id
    )

select
    snapshot_id,
    payment_id,
    application_id,
    role,
    document_id,
    source_party_id,
    ordinal,
    local_amount,
    home_amount,
    coalesce(relief_amount, home_amount) as relief_amount,
    funded_amount is null as is_rate_inferred
from valued
where home_amount is not null
