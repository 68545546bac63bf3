"""What `status` says of the source: drift, lists not read, records set aside, news.

Here belongs: the questions about BILL's lists and their answers for people and for
``--json``. Not here: how they are found (bill_source), what the ledger says
(reading.py), the rest of `status` (showing.py).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console

from orchestration.failures import LedgerError
from orchestration.reading import PublishedLedger
from orchestration.settings import ConnectionFolder
from orchestration.store import Store

OPEN = """
select check_name, document_type, document_id, message, first_seen
from data_quality
where
    resolved_at is null
    and check_name in (
        'list_emptied', 'list_forbidden', 'quarantined', 'new_field', 'new_value'
    )
order by check_name, document_type, document_id, first_seen
"""
STATES = {"list_emptied": "empty", "list_forbidden": "forbidden"}
Issue = Mapping[str, Any]


def document(folder: ConnectionFolder) -> dict[str, Any]:
    """Return what ``status --json`` says of the source."""
    issues = _open_issues(folder)
    return {
        "last_full_reading": _last_full_reading(folder),
        "lists_not_read": [
            {
                "entity": issue["document_type"],
                "state": STATES[issue["check_name"]],
                "since": issue["first_seen"].isoformat(),
                "message": issue["message"],
            }
            for issue in issues
            if issue["check_name"] in STATES
        ],
        "quarantined": sum(issue["check_name"] == "quarantined" for issue in issues),
        "new_fields": _places(issues, "new_field"),
        "new_values": _places(issues, "new_value"),
    }


def _open_issues(folder: ConnectionFolder) -> list[dict[str, Any]]:
    """Return the open issues of the published ledger; none before the first."""
    try:
        return PublishedLedger(folder).rows(OPEN)
    except LedgerError:
        return []  # `status` has said so already


def _last_full_reading(folder: ConnectionFolder) -> dict[str, Any] | None:
    reading = Store(folder.store).last_full_reading()
    if reading is None:
        return None
    return {**asdict(reading), "differences": json.loads(reading.differences)}


def _places(issues: Sequence[Issue], check: str) -> list[str]:
    """Return raw table and path of what was found: ``bills billLineItems[].x``."""
    return [
        f"{issue['document_type']} {issue['document_id']}"
        for issue in issues
        if issue["check_name"] == check
    ]


def show(console: Console, found: Mapping[str, Any]) -> None:
    """Show a person what `document` found."""
    for line in _lines(found):
        console.print(line, markup=False)


def _lines(found: Mapping[str, Any]) -> list[str]:
    lines = [_drift(found["last_full_reading"])]
    lines += [
        f"List {row['entity']}: {row['state']} since {row['since']}. {row['message']}"
        for row in found["lists_not_read"]
    ]
    if found["quarantined"]:
        lines.append(
            f"Quarantine: {found['quarantined']} record(s) could not be read; table"
            " data_quality says why (check quarantined)."
        )
    lines += [f"Unknown field: {place}" for place in found["new_fields"]]
    lines += [f"Unknown value: {place}" for place in found["new_values"]]
    return lines


def _drift(reading: Mapping[str, Any] | None) -> str:
    if reading is None:
        return "Full reading: none yet; sync --full compares every list with BILL."
    where = ", ".join(
        f"{table} {counts['drifted']}+{counts['missing']}"
        for table, counts in reading["differences"].items()
    )
    return (
        f"Full reading of {reading['lists_read']} list(s) at {reading['finished_at']}:"
        f" {reading['drifted']} record(s) had changed unseen,"
        f" {reading['missing']} missing in BILL{f' ({where})' if where else ''}."
    )
