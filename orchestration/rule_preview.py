"""What rules would change before they are imported: line by line, open and locked.

Here belongs: applying rules as they would stand to the published ledger's lines. Not
here: importing them (decisions.py); what finally applies them is dbt_project's
int_lines_ruled, which a test compares with this.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestration.decision_kinds import KINDS
from orchestration.decisions import Body, holding, in_order, read_rows
from orchestration.reading import PublishedLedger
from orchestration.settings import ConnectionFolder
from orchestration.store import Store, instant_text

RULES = KINDS["category_rules"]
RULE_FIELDS = (
    "rule_id",
    "party_id",
    "party_name",
    "text_contains",
    "min_amount",
    "max_amount",
    "direction",
    "account_number",
)
MOVED = """
with
    said as (
        select unnest(
            from_json(cast(? as json), '[{{{fields}}}]'), recursive := true
        )
    ),

    rules as (
        select
            said.rule_id,
            said.account_number,
            cast(said.rule_order as integer) as rule_order,
            coalesce(redirects.party_id, nullif(said.party_id, '')) as party_id,
            nullif(lower(trim(said.party_name)), '') as party_name,
            lower(said.text_contains) as text_contains,
            nullif(said.direction, '') as direction,
            cast(nullif(said.min_amount, '') as decimal(18, 2)) as min_amount,
            cast(nullif(said.max_amount, '') as decimal(18, 2)) as max_amount
        from said
        left join
            party_redirects as redirects
            on redirects.former_party_id = said.party_id
    ),

    names as (
        select party_id, lower(trim(raw_name)) as party_name from party_members
        union
        select party_id, lower(trim(normalised_name)) as party_name from party_members
        union
        select party_id, lower(trim(display_name)) as party_name from parties
    ),

    named as (
        select rules.*, names.party_id as named_party_id
        from rules
        left join names on names.party_name = rules.party_name
    ),

    lines as (
        select
            *,
            rowid as place,
            case
                when source_entity in ('bill', 'vendor_credit') then 'ap' else 'ar'
            end as direction
        from category_predictions
        where category_source <> 'user'
    ),

    matched as (
        select
            lines.place,
            arg_min(named.rule_id, named.rule_order) as rule_id,
            arg_min(named.account_number, named.rule_order) as account_number
        from lines
        inner join
            named
            on coalesce(named.direction, lines.direction) = lines.direction
            and (
                named.party_id is null
                or named.party_id = lines.party_id
                or named.party_id = lines.source_party_id
            )
            and (named.party_name is null or named.named_party_id = lines.party_id)
            and (
                named.text_contains = ''
                or contains(lower(coalesce(lines.description, '')), named.text_contains)
            )
            and abs(lines.amount) >= coalesce(named.min_amount, 0)
            and (named.max_amount is null or abs(lines.amount) <= named.max_amount)
        group by all
    ),

    decided as (
        select
            lines.*,
            matched.rule_id,
            coalesce(
                matched.account_number,
                lines.model_account_number,
                case
                    when lines.direction = 'ap' then '6999'
                    when lines.source_entity = 'credit_memo' then '4900'
                    when lines.amount < 0 then '4910'
                    else '4999'
                end
            ) as account_then
        from lines
        left join matched on matched.place = lines.place
    )

select
    source_entity,
    document_id,
    line_id,
    document_date,
    party_name,
    coalesce(description, '') as description,
    amount,
    account_number as account_now,
    account_then,
    rule_id,
    case
        when document_date <= cast(nullif(?, '') as date) then 'locked' else 'open'
    end as period
from decided
where account_then <> account_number
""".format(
    fields=", ".join(f'"{name}": "VARCHAR"' for name in (*RULE_FIELDS, "rule_order"))
)
IN_ORDER = "order by document_date, source_entity, document_id, line_id"


def preview_file(
    folder: ConnectionFolder, path: Path, now: datetime
) -> list[dict[str, Any]]:
    """Return the lines that the rules of a CSV file would move if it were imported.

    Raises:
        UsageError: A row is refused; names line, column and reason.
        LedgerError: Nothing has been published yet.
    """
    moment = instant_text(now)
    rows = [line.row for line in read_rows(RULES, path)]
    said = [{**row, RULES.moment: row[RULES.moment] or moment} for row in rows]
    query, values = moved(folder, said)
    return PublishedLedger(folder).rows(f"{query} {IN_ORDER}", values)


def moved(
    folder: ConnectionFolder, said: Sequence[Mapping[str, str]] = ()
) -> tuple[str, tuple[str, ...]]:
    """Return a query for the lines whose account changes, and its values.

    It answers with each line, its account now and then, and whether its period is open.

    Args:
        folder: Whose ledger it is for, and whose rules are in force already.
        said: Rules that are said besides; none shows what waits for the next sync.
    """
    stored = [
        json.loads(decision.body) for decision in in_order(Store(folder.store), RULES)
    ]
    rules = [
        {name: rule[name] for name in RULE_FIELDS} | {"rule_order": str(order)}
        for order, rule in enumerate(_in_force([*stored, *map(dict, said)]))
    ]
    return MOVED, (json.dumps(rules), _locked_until(folder))


def _in_force(bodies: Iterable[Body]) -> list[Body]:
    """Return the rules that hold, in the order in which they win."""
    ordered = sorted(bodies, key=lambda body: body[RULES.moment])
    held = [b for b in holding(RULES, ordered) if b.get("withdrawn") != "true"]
    held.reverse()  # of equal priority and instant, the one said last wins
    held.sort(key=lambda body: body[RULES.moment], reverse=True)
    return sorted(held, key=lambda body: int(body["priority"]))


def _locked_until(folder: ConnectionFolder) -> str:
    """Return the day up to which the books are closed; '' where they are open."""
    locked = ""
    for decision in in_order(Store(folder.store), KINDS["period_locks"]):
        body = json.loads(decision.body)
        day = body["lock_date"]
        locked = min(locked, day) if body["reopened"] == "true" else max(locked, day)
    return locked
