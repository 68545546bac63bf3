-- What each settlement recognizes of its document's lines on the cash basis: the
-- share of
-- all settled so far less the share recognized before, so that a settled document is
-- recognized to the cent. Foreign documents count at the cash of each settlement. Those
-- a void takes back stand apart.
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
            posted.entry_key,
            posted.line_reference,
            posted.document_type,
            posted.document_id,
            posted.source_id,
            posted.entry_date,
            {{ settlement_kind("posted.entry_type") }} as kind_order,
            sign(posted.amount) as direction_sign,
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
            and posted.source_id = voids.source_id
            and posted.entry_type <> 'credit_use'
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
    ),

    running as (
        select
            settlements.*,
            sum(direction_sign * cash_cents) over (
                partition by snapshot_id, document_type, document_id, is_reversed
                order by entry_date, kind_order, source_id, line_reference, entry_key
                rows between unbounded preceding and current row
            ) as cents_so_far
        from settlements
    ),

    spread as (
        select
            running.*,
            lines.line_id,
            lines.line_ordinal,
            lines.role as line_role,
            lines.account_number,
            lines.description,
            lines.category_source,
            lines.category_confidence,
            lines.accounting_class_id,
            lines.department_id,
            lines.location_id,
            lines.job_id,
            lines.item_id,
            lines.fx_rate,
            {{ whole_units("lines.local_amount", 2) }} as line_cents,
            {{ whole_units("running.local_amount", 2) }} as settled_local_cents,
            case
                when running.is_foreign
                then running.direction_sign * running.cash_cents
                else running.cents_so_far
            end as target_cents
        from running
        inner join
            ({{ categorized_lines() }}) as lines
            on running.snapshot_id = lines.snapshot_id
            and running.document_type = lines.source_entity
            and running.document_id = lines.document_id
    ),

    shared as (
        {{
            largest_remainder(
                "spread",
                ["snapshot_id", "entry_key", "line_reference", "document_id"],
                "line_cents",
                "target_cents",
                "line_ordinal",
            )
        }}
    ),

    stepped as (
        select
            shared.*,
            share_cents - case
                when is_foreign
                then 0
                else
                    coalesce(
                        lag(share_cents) over (
                            partition by
                                snapshot_id,
                                document_type,
                                document_id,
                                is_reversed,
                                line_id
                            order by
                                entry_date,
                                kind_order,
                                source_id,
                                line_reference,
                                entry_key
                        ),
                        0
                    )
            end as recognized_cents
        from shared
    )

select
    snapshot_id,
    entry_key,
    line_reference,
    document_type,
    document_id,
    line_id,
    line_ordinal,
    line_role,
    account_number,
    description,
    category_source,
    accounting_class_id,
    department_id,
    location_id,
    job_id,
    item_id,
    {{ cents_to_money("recognized_cents") }} as amount,
    case
        when is_foreign
        then
            {{
                cents_to_money(
                    round_div(
                        "(direction_sign * settled_local_cents * line_cents)",
                        "document_cents",
                    )
                )
            }}
        else {{ cents_to_money("recognized_cents") }}
    end as local_amount,
    fx_rate,
    category_confidence
from stepped
