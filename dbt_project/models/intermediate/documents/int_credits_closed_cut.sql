-- What people say closed a credit or memo, in time order, each cut to what no document
-- used of it.
with
    credits as (
        select snapshot_id, source_entity, document_id, amount
        from {{ ref("int_documents_judged") }}
        where is_posted and source_entity in ('credit_memo', 'vendor_credit')
    ),

    used as (
        select
            snapshot_id,
            source_entity,
            source_id as document_id,
            sum(cut_amount) as amount
        from {{ ref("int_bill_settlements_cut") }}
        where source_entity = 'vendor_credit' and not is_reversed
        group by snapshot_id, source_entity, source_id
        union all
        select
            snapshot_id,
            source_entity,
            source_id as document_id,
            sum(cut_amount) as amount
        from {{ ref("int_invoice_settlements_cut") }}
        where source_entity = 'credit_memo'
        group by snapshot_id, source_entity, source_id
    ),

    ordered as (
        select
            decided.*,
            credits.amount - coalesce(used.amount, 0) as open_amount,
            sum(decided.amount) over (
                partition by
                    decided.snapshot_id, decided.source_entity, decided.document_id
                order by decided.settlement_date, decided.settlement_number
                rows between unbounded preceding and current row
            )
            - decided.amount as before_amount
        from {{ ref("int_settlements_decided") }} as decided
        inner join
            credits
            on decided.snapshot_id = credits.snapshot_id
            and decided.source_entity = credits.source_entity
            and decided.document_id = credits.document_id
        left join
            used
            on decided.snapshot_id = used.snapshot_id
            and decided.source_entity = used.source_entity
            and decided.document_id = used.document_id
    )

select
    snapshot_id,
    source_entity,
    document_id,
    application_id,
    kind,
    amount as local_amount,
    cast(
        greatest(least(amount, open_amount - before_amount), 0) as decimal(18, 2)
    ) as cut_amount,
    settlement_date
from ordered
