-- Which payment, receipt or credit settled which document, and what a void took
-- back.
with
    payment_parts as (
        select *
        from
            (
                {{ known_now("int_payment_parts_valued", adds_org=true) }}
            ) as payment_parts_valued
    ),

    settlements as (
        select
            cut.org_id,
            case
                when cut.source_entity in ('bill_credit', 'settled_outside', 'writeoff')
                then 'bill'
                when cut.source_entity = 'unexplained_settlement'
                then 'suspense'
                else cut.source_entity
            end as from_type,
            cut.source_id as from_id,
            cut.source_entity as settled_by,
            'bill' as to_type,
            cut.bill_id as to_id,
            cut.cut_amount as amount_local,
            cut.relief_amount as amount_home,
            case
                when cut.source_entity not in ('payment', 'vendor_credit')
                then 0
                else cut.relief_amount - coalesce(parts.home_amount, cut.cut_amount)
            end as fx_gain_home,
            cut.settlement_date,
            cut.reversal_date
        from ({{ known_now("int_bill_settlements_cut", adds_org=true) }}) as cut
        left join
            payment_parts as parts
            on parts.role = 'application'
            and cut.org_id = parts.org_id
            and {{ key_if("cut.source_entity = 'payment'", "cut.source_id") }}
            = parts.payment_id
            and cut.application_id = parts.application_id
        where cut.cut_amount > 0
        union all
        select
            cut.org_id,
            case
                when cut.source_entity in ('bill_credit', 'settled_outside', 'writeoff')
                then 'invoice'
                else cut.source_entity
            end as from_type,
            cut.source_id as from_id,
            cut.source_entity as settled_by,
            'invoice' as to_type,
            cut.invoice_id as to_id,
            cut.cut_amount as amount_local,
            cut.relief_amount as amount_home,
            case
                when cut.source_entity = 'credit_memo'
                then cut.cut_amount - cut.relief_amount
                else 0
            end as fx_gain_home,
            cut.settlement_date,
            cut.reversal_date
        from ({{ known_now("int_invoice_settlements_cut", adds_org=true) }}) as cut
        where cut.cut_amount > 0
        union all
        select
            org_id,
            source_entity as from_type,
            document_id as from_id,
            kind as settled_by,
            source_entity as to_type,
            document_id as to_id,
            cut_amount as amount_local,
            cut_amount as amount_home,
            0 as fx_gain_home,
            settlement_date,
            cast(null as date) as reversal_date
        from ({{ known_now("int_credits_closed_cut", adds_org=true) }}) as closed
        where cut_amount > 0
    ),

    events as (
        select
            settlements.*,
            settled_by as kind,
            case
                when settled_by in ('settled_outside', 'writeoff')
                then settled_by
                else 'apply'
            end as event,
            1 as sign,
            settlement_date as event_date
        from settlements
        union all
        select
            settlements.*,
            'void' as kind,
            'void' as event,
            -1 as sign,
            reversal_date as event_date
        from settlements
        where reversal_date is not null
    )

select
    org_id,
    from_type,
    from_id,
    to_type,
    to_id,
    event,
    kind,
    cast(sum(sign * amount_local) as decimal(18, 2)) as amount_local,
    cast(sum(sign * amount_home) as decimal(18, 2)) as amount_home,
    cast(sum(sign * fx_gain_home) as decimal(18, 2)) as fx_gain_home,
    event_date as date
from events
group by org_id, from_type, from_id, to_type, to_id, event, kind, event_date
