"""What rules would change before they are imported: line by line, open and locked.

Here belongs: applying rules as they would stand to the published ledger's lines. Not
here: importing them (decisions.py); what finally applies them is dbt_project's
int_lines_ruled, which a test compares with this.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.decision_kinds import KINDS
from orchestration.decisions import Body, holding, in_order, read_rows
from orchestration.reading import PublishedLedger
from orchestration.settings import ConnectionFolder
from orchestration.store import Store, instant_text

RULES = KINDS["category_rules"]
LINES = """
select
    source_entity,
    document_id,
    line_id,
    document_date,
    party_id,
    source_party_id,
    party_name,
    coalesce(description, '') as description,
    amount,
    account_number,
    model_account_number
from category_predictions
where category_source <> 'user'
order by document_date, source_entity, document_id, line_id
"""
NAMES = """
select party_id, lower(trim(raw_name)) as name from party_members
union
select party_id, lower(trim(normalised_name)) as name from party_members
union
select party_id, lower(trim(display_name)) as name from parties
"""
REDIRECTS = "select former_party_id, party_id from party_redirects"
SHOWN = (
    "source_entity",
    "document_id",
    "line_id",
    "document_date",
    "party_name",
    "description",
    "amount",
)
Line = Mapping[str, Any]


@dataclass(frozen=True)
class _Parties:
    """The names of each party, and where former ids went."""

    names: frozenset[tuple[str, str]]
    redirects: Mapping[str, str]


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
    return preview(
        folder,
        [{**row, RULES.moment: row[RULES.moment] or moment} for row in rows],
    )


def preview(
    folder: ConnectionFolder, said: Sequence[Mapping[str, str]]
) -> list[dict[str, Any]]:
    """Return the lines whose account changes when these rules are said, and to what."""
    ledger = PublishedLedger(folder)
    stored = [
        json.loads(decision.body) for decision in in_order(Store(folder.store), RULES)
    ]
    rules = _in_force([*stored, *map(dict, said)])
    parties = _Parties(
        frozenset((row["party_id"], row["name"]) for row in ledger.rows(NAMES)),
        {row["former_party_id"]: row["party_id"] for row in ledger.rows(REDIRECTS)},
    )
    locked = _locked_until(folder)
    found = []
    for line in ledger.rows(LINES):
        rule = next((r for r in rules if _matches(r, line, parties)), None)
        account = _without_rules(line) if rule is None else rule["account_number"]
        if account != line["account_number"]:
            found.append(
                {name: line[name] for name in SHOWN}
                | {
                    "account_now": line["account_number"],
                    "account_then": account,
                    "rule_id": None if rule is None else rule["rule_id"],
                    "period": _period(line, locked),
                }
            )
    return found


def _in_force(bodies: Iterable[Body]) -> list[Body]:
    """Return the rules that hold, in the order in which they win."""
    ordered = sorted(bodies, key=lambda body: body[RULES.moment])
    held = [b for b in holding(RULES, ordered) if b.get("withdrawn") != "true"]
    held.reverse()  # of equal priority and instant, the one said last wins
    held.sort(key=lambda body: body[RULES.moment], reverse=True)
    return sorted(held, key=lambda body: int(body["priority"]))


def _matches(rule: Body, line: Line, parties: _Parties) -> bool:
    is_bill = line["source_entity"] in {"bill", "vendor_credit"}
    size = abs(line["amount"])
    wanted = rule["party_id"]
    party = parties.redirects.get(wanted, wanted)
    name = rule["party_name"].strip().lower()
    return (
        rule["direction"] in {"", "ap" if is_bill else "ar"}
        and (not party or party in {line["party_id"], line["source_party_id"]})
        and (not name or (line["party_id"], name) in parties.names)
        and rule["text_contains"].lower() in line["description"].lower()
        and size >= Decimal(rule["min_amount"] or 0)
        and (not rule["max_amount"] or size <= Decimal(rule["max_amount"]))
    )


def _without_rules(line: Line) -> str:
    """Return the account of a line that no rule and no person decides."""
    if line["model_account_number"] is not None:
        return str(line["model_account_number"])
    if line["source_entity"] in {"bill", "vendor_credit"}:
        return "6999"
    if line["source_entity"] == "credit_memo":
        return "4900"
    return "4910" if line["amount"] < 0 else "4999"


def _locked_until(folder: ConnectionFolder) -> str:
    """Return the day up to which the books are closed; '' where they are open."""
    locked = ""
    for decision in in_order(Store(folder.store), KINDS["period_locks"]):
        body = json.loads(decision.body)
        day = body["lock_date"]
        locked = min(locked, day) if body["reopened"] == "true" else max(locked, day)
    return locked


def _period(line: Line, locked: str) -> str:
    return "locked" if line["document_date"].isoformat() <= locked else "open"
