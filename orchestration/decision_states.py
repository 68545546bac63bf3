"""What became of each decision: it counts, waits, was taken back or is rejected.

Here belongs: comparing stored decisions with the published ledger. Not here: how the
list looks (showing.py), what a valid decision is (decision_kinds.py).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.decision_kinds import KINDS, Kind
from orchestration.decision_rules import Row
from orchestration.decisions import Body, checked, holding, in_order, rows_of
from orchestration.reading import PublishedLedger
from orchestration.settings import ConnectionFolder
from orchestration.store import Store, instant_from, instant_text

REJECTING = {
    "category_overrides": "override_orphaned",
    "settlement_overrides": "settlement_override_rejected",
    "manual_entries": "manual_entry_rejected",
}
"""The check in data_quality whose document_id is the target of a decision (its
document, record or entry) that the ledger cannot follow."""
RECORDS = """
select source_entity, source_id from posting_status
where source_id in (select unnest(cast(? as varchar[])))
union
select source_entity, source_id from party_members
where source_id in (select unnest(cast(? as varchar[])))
union
select 'party' as source_entity, party_id as source_id from parties
where party_id in (select unnest(cast(? as varchar[])))
union
select 'party' as source_entity, former_party_id as source_id from party_redirects
where former_party_id in (select unnest(cast(? as varchar[])))
"""
FINDINGS = """
select check_name, document_id, message from data_quality where resolved_at is null
and check_name in (select unnest(cast(? as varchar[])))
"""
LINES = """
select line_id from category_predictions
where line_id in (select unnest(cast(? as varchar[])))
"""
ANY = ""
PARTY = "party"
"""A party, or a vendor or customer: a decision may name either as one."""
Record = tuple[str, str]
"""An entity and an id; `ANY` where a decision does not say which entity."""


@dataclass(frozen=True)
class Known:
    """What the published ledger knows of what decisions name."""

    as_of: str = ""
    records: frozenset[Record] = frozenset()
    lines: frozenset[str] = frozenset()
    findings: tuple[tuple[str, str, str], ...] = ()


def decision_rows(folder: ConnectionFolder) -> list[Row]:
    """Return every decision with what became of it, oldest first per kind."""
    store = Store(folder.store)
    said = {
        name: [json.loads(decision.body) for decision in in_order(store, kind)]
        for name, kind in KINDS.items()
    }
    known = _known(folder, said)
    return [row for name in KINDS for row in _rows(KINDS[name], said[name], known)]


def _rows(kind: Kind, bodies: Sequence[Body], known: Known) -> list[Row]:
    due = [body for body in bodies if body[kind.moment] <= known.as_of]
    taken_back = {id(body) for body in due} - {id(body) for body in holding(kind, due)}
    return [
        {
            "kind": kind.name,
            "about": " ".join(body[name] for name in kind.target if body[name]),
            "account_number": _accounts(kind, body),
            "effective_at": body[kind.moment],
            "state": "superseded"
            if id(body) in taken_back
            else _state(kind, body, known),
        }
        for body in bodies
    ]


def _accounts(kind: Kind, body: Body) -> str:
    rows = rows_of(kind, body)
    return ", ".join(dict.fromkeys(row.get("account_number", "") for row in rows))


def _state(kind: Kind, body: Body, known: Known) -> str:
    reason = _rejection(kind, body, known)
    if reason:
        return f"rejected: {reason}"
    missing = [name for name in _records(kind, body) if name not in known.records]
    if missing:
        names = ", ".join(" ".join(record).strip() for record in missing)
        return f"pending: not loaded yet: {names}"
    if body[kind.moment] > known.as_of:
        return "counts from the next sync at or after its instant"
    return "counts"


def _rejection(kind: Kind, body: Body, known: Known) -> str:
    """Return why a decision has no effect: by our checks, or as the ledger found."""
    for row in rows_of(kind, body):
        for reason in checked(kind, row)[1]:
            return reason
    if kind.name == "category_overrides" and body["line_id"] in {"", *known.lines}:
        return ""
    subjects = {body.get(name) for name in ("document_id", "source_id", *kind.target)}
    for check, subject, message in known.findings:
        if check == REJECTING.get(kind.name) and subject in subjects:
            return message
    return ""


def _records(kind: Kind, body: Body) -> list[Record]:
    """Return what a decision names that must be loaded before it can count."""
    found: list[Record] = []
    for row in rows_of(kind, body):
        entity, into = row.get("source_entity", ANY), row.get("into_entity", ANY)
        named = (
            (entity, row.get("document_id")),
            (entity, row.get("source_id")),
            (into, row.get("into_id")),
            (PARTY, row.get("party_id")),
        )
        found += [(word, key) for word, key in named if key]
    return list(dict.fromkeys(found))


def _known(folder: ConnectionFolder, said: dict[str, list[Body]]) -> Known:
    if not folder.ledger.exists():
        return Known()
    ledger = PublishedLedger(folder)
    named = {
        key
        for name, bodies in said.items()
        for body in bodies
        for _, key in _records(KINDS[name], body)
    }
    lines = {body["line_id"] for body in said["category_overrides"]}
    records = {
        (row["source_entity"], row["source_id"])
        for row in ledger.rows(RECORDS, [sorted(named)] * 4)
    }
    return Known(
        as_of=instant_text(instant_from(ledger.meta()["as_of"])),
        records=frozenset(
            records
            | {(ANY, key) for _, key in records}
            | {(PARTY, key) for word, key in records if word in {"vendor", "customer"}}
        ),
        lines=frozenset(row["line_id"] for row in ledger.rows(LINES, [sorted(lines)])),
        findings=tuple(
            (row["check_name"], row["document_id"], row["message"])
            for row in ledger.rows(FINDINGS, [sorted(REJECTING.values())])
        ),
    )
