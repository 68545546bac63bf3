-- Every settlement of a document in the order in which the cash book counts them, with
-- all settled so far. Those a void takes back stand apart.
with
    voids as (
        select distinct snapshot_id, source_entity, source_id
        from {{ ref("int_accrual_united") }}
        where entry_type in ('payment_void', 'receipt_void')
    ),

    void_uses as (
        select distinct snapshot_id, entry_key
        from {{ ref("int_accrual_united") }}
        where entry_type = 'credit_use' and {{ is_void_key("entry_key") }}
    ),

    exchange as (
        select snapshot_id, entry_key, document_type, document_id, sum(amount) as amount
        from {{ ref("int_accrual_united") }}
        where role = 'exchange'
        group by snapshot_id, entry_key, document_type, document_id
    ),

    settlements as (
        select
            posted.snapshot_id,
            documents.state_snapshot_id,
            posted.entry_key,
            posted.line_reference,
            posted.document_type,
            posted.document_id,
            posted.source_id,
            posted.entry_date,
            {{ settlement_kind("posted.entry_type") }} as kind_order,
            sign(posted.amount) as direction_sign,
            case
                when posted.document_type in ('invoice', 'vendor_credit') then -1 else 1
            end as document_sign,
            documents.currency <> snapshots.home_currency as is_foreign,
            abs(coalesce(posted.local_amount, posted.amount)) as local_amount,
            {{ whole_units("documents.amount", 2) }} as document_cents,
            {{ whole_units("abs(posted.amount + coalesce(exchange.amount, 0))", 2) }}
            as cash_cents,
            voids.source_id is not null
            or void_uses.entry_key is not null as is_reversed
        from {{ ref("int_accrual_united") }} as posted
        inner join
            {{ ref("int_documents_judged") }} as documents
            on posted.snapshot_id = documents.snapshot_id
            and posted.document_type = documents.source_entity
            and posted.document_id = documents.document_id
            and documents.is_posted
        inner join
            {{ ref("int_snapshots") }} as snapshots
            on posted.snapshot_id = snapshots.snapshot_id
        left join
            exchange
            on posted.snapshot_id = exchange.snapshot_id
            and posted.entry_key = exchange.entry_key
            and posted.document_type = exchange.document_type
            and posted.document_id = exchange.document_id
        left join
            voids
            on posted.snapshot_id = voids.snapshot_id
            and posted.source_entity = voids.source_entity
            and {{ key_if("posted.entry_type <> 'credit_use'", "posted.source_id") }}
            = voids.source_id
        left join
            void_uses
            on posted.snapshot_id = void_uses.snapshot_id
            and posted.entry_key || '|void' = void_uses.entry_key
        where
            posted.account_number in ('1100', '2000')
            and {{ settlement_kind("posted.entry_type") }} is not null
            and not {{ is_void_key("posted.entry_key") }}
            and posted.amount <> 0
            and posted.role not in ('opening', 'opening_items')
    )

select
    settlements.*,
    sum(direction_sign * cash_cents) over (
        partition by snapshot_id, document_type, document_id, is_reversed
        order by entry_date, kind_order, source_id, line_reference, entry_key
        rows between unbounded preceding and current row
    ) as cents_so_far,
    count(*) over (
        partition by snapshot_id, document_type, document_id, is_reversed
    ) as settlement_count
from settlements
