-- The cash book's postings: every entry in which something is settled or money moves,
-- its lines on the control accounts replaced by what they settle. Documents recognize
-- their lines; what has no document waits on 6990 or 4990. Nothing is recognized where
-- no money moved: unexplained settlements, write-offs, open items brought forward.
{%- set on_control = key_if(
    "accrual.account_number in ('1100', '2000')", "accrual.entry_key"
) %}
with
    accrual as (
        select posted.*
        from {{ ref("int_accrual_united") }} as posted
        where
            posted.entry_type in (
                'credit_use',
                'payment',
                'receipt',
                'receipt_apply',
                'settlement',
                'fee',
                'manual'
            )
            and not {{ is_void_key("posted.entry_key") }}
            and posted.role not in ('exchange', 'opening_items')
            and (posted.entry_type <> 'fee' or posted.role in ('cash', 'application'))
            and not exists (
                select 1
                from {{ ref("int_accrual_united") }} as others
                where
                    others.snapshot_id = posted.snapshot_id
                    and others.entry_key = posted.entry_key
                    and others.entry_type = 'settlement'
                    and others.role in ('unexplained', 'writeoff')
            )
    ),

    recognized as (select * from {{ ref("int_settlements_recognized") }}),

    settled as (
        select distinct snapshot_id, entry_key, line_reference, document_id
        from recognized
    ),

    -- Money without a document: control lines nothing is recognized for.
    held as (
        select
            {{
                changed_posting(
                    "accrual",
                    {
                        "account_number": cash_account("accrual"),
                        "amount": "accrual.amount + coalesce(exchange.amount, 0)",
                    },
                )
            }}
        from accrual
        left join
            settled
            on accrual.snapshot_id = settled.snapshot_id
            and {{ on_control }} = settled.entry_key
            and accrual.line_reference = settled.line_reference
            and accrual.document_id = settled.document_id
        left join
            (
                select snapshot_id, entry_key, line_reference, sum(amount) as amount
                from {{ ref("int_accrual_united") }}
                where role = 'exchange'
                group by snapshot_id, entry_key, line_reference
            ) as exchange
            on accrual.snapshot_id = exchange.snapshot_id
            and {{ on_control }} = exchange.entry_key
            and accrual.line_reference = exchange.line_reference
        where settled.entry_key is null
    ),

    lines as (
        select
            {{
                changed_posting(
                    "accrual",
                    {
                        "role": "recognized.line_role",
                        "line_reference": "accrual.line_reference || '|' || recognized.line_id",
                        "account_number": "recognized.account_number",
                        "source_line_id": "case when recognized.line_role = 'line' then recognized.line_id end",
                        "description": "coalesce(nullif(recognized.description, ''), accrual.description)",
                        "category_source": "recognized.category_source",
                        "accounting_class_id": "recognized.accounting_class_id",
                        "department_id": "recognized.department_id",
                        "location_id": "recognized.location_id",
                        "job_id": "recognized.job_id",
                        "item_id": "recognized.item_id",
                        "line_order": "accrual.line_order * 2000000 + recognized.line_ordinal",
                        "amount": "recognized.amount",
                        "local_amount": "recognized.local_amount",
                        "fx_rate": "recognized.fx_rate",
                        "category_confidence": "recognized.category_confidence",
                    },
                )
            }}
        from accrual
        inner join
            recognized
            on accrual.snapshot_id = recognized.snapshot_id
            and accrual.entry_key = recognized.entry_key
            and accrual.line_reference = recognized.line_reference
            and accrual.document_id = recognized.document_id
        where accrual.account_number in ('1100', '2000')
    ),

    events as (
        select *
        from held
        union all
        select *
        from lines
    ),

    voids as (
        select distinct
            snapshot_id, entry_key, entry_type, source_id, member_entity, entry_date
        from {{ ref("int_accrual_united") }}
        where {{ is_void_key("entry_key") }}
    ),

    postings as (
        select *
        from events
        union all
        select
            {{
                reversed_posting(
                    "events",
                    entry_key="voids.entry_key",
                    entry_type="voids.entry_type",
                    entry_date="voids.entry_date",
                )
            }}
        from events
        inner join
            voids
            on events.snapshot_id = voids.snapshot_id
            and events.source_id = voids.source_id
            and events.member_entity = voids.member_entity
            and (
                (voids.entry_type = 'payment_void' and events.entry_type = 'payment')
                or (
                    voids.entry_type = 'receipt_void'
                    and events.entry_type in ('receipt', 'receipt_apply')
                )
                or voids.entry_key = events.entry_key || '|void'
            )
        union all
        select {{ posting_columns() | map(attribute=0) | join(", ") }}
        from {{ ref("int_accrual_united") }}
        where entry_type = 'transfer'
    )

    {{ postings_spanned("postings") }}
