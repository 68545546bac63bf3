-- I8: live settlements of a document never exceed it, nor uses of a credit the credit,
-- nor what a payment or receipt was applied to the money, voided or not; in the
-- currency of each.
{{
    config(
        severity="warn", meta={"dagster": {"ref": {"name": "payment_applications"}}}
    )
}}
with
    shares as (
        select org_id, to_type as own_type, to_id as own_id, amount_local
        from {{ ref("payment_applications") }}
        union all
        select org_id, from_type as own_type, from_id as own_id, amount_local
        from {{ ref("payment_applications") }}
        where
            from_id <> to_id
            and (from_type not in ('payment', 'receipt') or kind <> 'void')
    ),

    totals as (
        select org_id, own_type, own_id, sum(amount_local) as amount
        from shares
        group by org_id, own_type, own_id
    ),

    own as (
        select org_id, source_entity as own_type, document_id as own_id, amount
        from ({{ known_now("int_documents_judged") }}) as documents
        union all
        select
            org_id,
            case when direction = 'ap' then 'payment' else 'receipt' end as own_type,
            payment_id as own_id,
            amount_local as amount
        from {{ ref("payments") }}
    )

select totals.org_id, totals.own_type, totals.own_id, totals.amount
from totals
left join
    own
    on totals.org_id = own.org_id
    and totals.own_type = own.own_type
    and totals.own_id = own.own_id
where totals.amount > coalesce(own.amount, 0)
