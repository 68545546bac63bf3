-- What each settlement recognizes of its document's lines on the cash basis: the share
-- of all settled so far less the share recognized before, so that a settled document is
-- recognized to the cent. Foreign documents count at the cash of each settlement. Those
-- a void takes back stand apart. Shares are taken of lines as the document has them, so
-- that an odd cent goes to the first of equal lines whichever side of the ledger they
-- are on.
{%- set columns = [
    "snapshot_id",
    "entry_key",
    "line_reference",
    "document_type",
    "document_id",
    "line_id",
    "line_ordinal",
    "line_role",
    "account_number",
    "description",
    "category_source",
    "category_confidence",
    "accounting_class_id",
    "department_id",
    "location_id",
    "job_id",
    "item_id",
    "fx_rate",
    "is_foreign",
    "direction_sign",
    "document_sign",
    "settled_local_cents",
    "line_cents",
    "document_cents",
    "recognized_cents",
] | join(", ") %}
with
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
            running.document_sign * case
                when running.is_foreign
                then running.direction_sign * running.cash_cents
                else running.cents_so_far
            end as target_cents
        from {{ ref("int_settlements_ordered") }} as running
        inner join
            ({{ categorized_lines() }}) as lines
            on running.state_snapshot_id = lines.snapshot_id
            and running.document_type = lines.source_entity
            and running.document_id = lines.document_id
    ),

    -- One settlement of the whole document recognizes its lines as they are.
    whole as (
        select spread.*, sign(target_cents) * line_cents as recognized_cents
        from spread
        where
            settlement_count = 1
            and document_cents > 0
            and abs(target_cents) = document_cents
    ),

    partial as (
        select *
        from spread
        where
            settlement_count > 1
            or document_cents <= 0
            or abs(target_cents) <> document_cents
    ),

    shared as (
        {{
            largest_remainder(
                "partial",
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
    ),

    recognized as (
        select {{ columns }}
        from whole
        union all
        select {{ columns }}
        from stepped
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
    {{ cents_to_money("document_sign * recognized_cents") }} as amount,
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
        else {{ cents_to_money("document_sign * recognized_cents") }}
    end as local_amount,
    fx_rate,
    category_confidence
from recognized
