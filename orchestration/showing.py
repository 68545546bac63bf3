"""How the command line shows things.

Here belongs: tables and sentences for people, documents for ``--json``. Not here:
where the facts come from (reading.py, store.py).
"""

import csv
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import IO, Any, Literal

from rich.console import Console
from rich.table import Table

from bill_source import ConnectionReport
from orchestration.failures import ExitStatus, LedgerError
from orchestration.reading import PublishedLedger
from orchestration.running import Outcome
from orchestration.settings import ConnectionFolder, Home
from orchestration.states import standing
from orchestration.store import Store

BUCKETS = ("current", "1-30", "31-60", "61-90", "over 90", "unapplied")
Row = Mapping[str, Any]
SHOWN = 20
"""Differences to show; the table has them all."""


def connection_row(home: Home, name: str) -> dict[str, Any]:
    """Return what ``connections --json`` says of one connection."""
    now = standing(home, name)
    return {
        "name": name,
        "organization_id": now.organization_id,
        "state": now.word,
        "cause": now.state.cause,
        "since": now.state.since or None,
        "last_success": now.state.last_success,
        "next_action": now.next_action(name),
    }


def refusals(console: Console, report: ConnectionReport) -> None:
    """Say which lists a credential may not read, and why."""
    role = f" of role {report.role}" if report.role else ""
    if report.refused:
        console.print(f"This token{role} cannot read:")
    for refusal in report.refused:
        console.print(f"  {refusal.table}: {refusal.reason}", markup=False)


def connections(console: Console, rows: Sequence[Row]) -> None:
    """Show the connections as a table."""
    if not rows:
        console.print("No connection yet. Start with: bill-ledger connect, or demo.")
        return
    names = (
        "name",
        "organization_id",
        "state",
        "since",
        "last_success",
        "cause",
        "next_action",
    )
    _table(console, "", names, rows)


def fates(console: Console, rows: Sequence[Row]) -> None:
    """Show what goes and what stays when a connection is taken away."""
    _table(console, "", ("what", "where", "bytes", "fate"), rows)


def outcome(console: Console, home: Home, result: Outcome) -> None:
    """Say how a run ended."""
    if result.status is ExitStatus.DONE:
        run = _last_run(home, result.name)
        console.print(
            f"{result.name}: published; {run.get('versions_appended', 0):,} new or"
            f" changed records, {run.get('api_calls', 0):,} requests to BILL.",
            markup=False,
        )
    else:
        console.print(f"{result.name}: {result.message}", style="red", markup=False)


def outcome_row(home: Home, result: Outcome) -> dict[str, Any]:
    """Return what ``sync --json`` says of one connection."""
    run = _last_run(home, result.name) if result.run_id else {}
    return {
        "name": result.name,
        "exit_status": int(result.status),
        "message": result.message,
        "run_id": result.run_id,
        "as_of": run.get("as_of"),
        "api_calls": run.get("api_calls", 0),
        "rows_read": run.get("rows_read", 0),
        "versions_appended": run.get("versions_appended", 0),
        "ledger": str(home.connection(result.name).ledger),
    }


def _last_run(home: Home, name: str) -> dict[str, Any]:
    runs = Store(home.connection(name).store).runs()
    return runs[-1] if runs else {}


def summary(console: Console, folder: ConnectionFolder, *, first: bool) -> None:
    """Show a fresh ledger in a screenful."""
    ledger = PublishedLedger(folder)
    console.print()
    _table(
        console,
        "Documents",
        ("source_entity", "documents", "posted", "not_posted"),
        ledger.documents(),
    )
    _trial_balance(console, ledger)
    aging = [
        {"": label, **_buckets(ledger.aging(table))}
        for label, table in (("payable", "ap_aging"), ("receivable", "ar_aging"))
    ]
    _table(console, "Open today, by days past due", ("", *BUCKETS, "total"), aging)
    _table(console, "Categories", ("decided_by", "lines", "amount"), ledger.coverage())
    _next_steps(console, folder, first=first)


def _trial_balance(console: Console, ledger: PublishedLedger) -> None:
    facts = ledger.trial_balance()
    unbalanced = facts["unbalanced"]
    verdict = "every month is zero" if not unbalanced else f"NOT ZERO: {unbalanced}"
    console.print(f"Trial balance over {facts['months']} months: {verdict}.\n")


def _buckets(aging: Mapping[str, Decimal]) -> dict[str, Any]:
    total = sum(aging.values(), Decimal())
    return {**{name: aging.get(name, Decimal()) for name in BUCKETS}, "total": total}


def _next_steps(console: Console, folder: ConnectionFolder, *, first: bool) -> None:
    again = (
        "loads what changed overnight" if first else "loads the next night's changes"
    )
    console.print(
        f"Ledger     {folder.ledger}\n"
        f"Parquet    {folder.exports}\n"
        f"Next       .venv/bin/bill-ledger demo     {again}\n"
        "           .venv/bin/bill-ledger review demo     lines worth a look\n"
        "           .venv/bin/bill-ledger app             the review app\n"
        "           .venv/bin/bill-ledger ui              the Dagster UI\n"
        "           .venv/bin/bill-ledger connect NAME    your own BILL",
        markup=False,
    )


def status_document(home: Home, name: str) -> dict[str, Any]:
    """Return what ``status --json`` says of one connection."""
    folder = home.connection(name)
    document: dict[str, Any] = {"connection": connection_row(home, name)}
    ledger = PublishedLedger(folder)
    try:
        meta = ledger.meta()
    except LedgerError as error:
        return {**document, "published": False, "note": str(error)}
    reasons: dict[str, dict[str, int]] = {}
    for row in ledger.reasons():
        reasons.setdefault(row["source_entity"], {})[row["reason"]] = row["documents"]
    in_bill = ledger.in_bill()
    entities = [
        {
            "entity": row["source_entity"],
            "in_bill": in_bill.get(row["source_entity"]),
            "loaded": row["documents"],
            "posted": row["posted"],
            "not_posted": row["not_posted"],
            "not_posted_by_reason": reasons.get(row["source_entity"], {}),
        }
        for row in ledger.documents()
    ]
    return {
        **document,
        "published": True,
        "as_of": meta.get("as_of"),
        "built_at": meta.get("built_at"),
        "watermarks": {
            key.removeprefix("watermark."): value
            for key, value in meta.items()
            if key.startswith("watermark.")
        },
        "entities": entities,
        "unexplained": ledger.differences(),
        "open_checks": ledger.open_checks(),
    }


def status(console: Console, document: Row) -> None:
    """Show a status document to a person."""
    connections(console, [document["connection"]])
    if not document["published"]:
        console.print(document["note"], markup=False)
        return
    console.print(f"Ledger as of {document['as_of']}\n", markup=False)
    rows = [
        {
            **row,
            "why": ", ".join(
                f"{reason} {count}"
                for reason, count in row["not_posted_by_reason"].items()
            ),
        }
        for row in document["entities"]
    ]
    names = ("entity", "in_bill", "loaded", "posted", "not_posted", "why")
    _table(console, "", names, rows)
    _differences(console, document["unexplained"])
    _table(
        console,
        "Open checks",
        ("check_name", "severity", "findings"),
        document["open_checks"],
    )


def _differences(console: Console, rows: Sequence[Row]) -> None:
    if not rows:
        console.print("Every bill, invoice and balance agrees with BILL.\n")
        return
    names = ("document_type", "document_id", "unexplained", "currency", "cause")
    _table(console, "Unexplained differences to BILL", names, rows[:SHOWN])
    if len(rows) > SHOWN:
        console.print(f"and {len(rows) - SHOWN} more: table reconciliation\n")


def review(console: Console, rows: Sequence[Row]) -> None:
    """Show the review queue."""
    if not rows:
        console.print("Nothing to review: every line has a confident category.")
        return
    names = (
        "source_entity",
        "document_id",
        "line_id",
        "party_name",
        "description",
        "amount",
        "suggestion_1",
        "confidence",
        "explanation",
    )
    _table(console, "", names, rows)


def rule_changes(console: Console, rows: Sequence[Row]) -> None:
    """Show the lines that rules would move, and how many lie in locked periods."""
    if not rows:
        console.print("No line would change.")
        return
    _table(console, "", _moves(rows, "rule_id", "period"), rows)
    locked = sum(row["period"] == "locked" for row in rows)
    after = ": there an entry in the open period makes up for it" if locked else ""
    console.print(
        f"{len(rows)} line(s) would change, {locked} of them in locked periods{after}."
    )


def newer_answers(
    console: Console, rows: Sequence[Row], name: str, *, is_kept: bool
) -> None:
    """Show the lines that newer answers move, and what to do next."""
    if not rows:
        console.print("The categorizer would answer as it did.")
        return
    _table(console, "", _moves(rows, "confidence", "explanation"), rows)
    after = (
        f"{len(rows)} answer(s) are kept. They count from the next sync of {name}."
        if is_kept
        else f"{len(rows)} line(s) would move. Keep the newer answers with: bill-ledger"
        f" recategorize {name} --yes"
    )
    console.print(after, markup=False)


def _moves(rows: Sequence[Row], *last: str) -> tuple[str, ...]:
    """Return the columns to show of lines that move: whose, how much, from, to."""
    names = ("document_id", "line_id", "party_name", "vendor_name", "amount")
    known = [name for name in names if name in rows[0]]
    return (*known, "account_now", "account_then", *last)


def write_csv(file: IO[str], header: Sequence[str], rows: Sequence[Row]) -> None:
    """Write rows as CSV, header included even when there are none."""
    writer = csv.DictWriter(file, header)
    writer.writeheader()
    writer.writerows([dict(row) for row in rows])


def decisions(console: Console, rows: Sequence[Row]) -> None:
    """Show every decision, and what became of it."""
    if not rows:
        console.print("No decisions yet.")
        return
    names = ("kind", "about", "account_number", "effective_at", "state")
    _table(console, "", names, rows)


def _table(
    console: Console, title: str, names: Sequence[str], rows: Sequence[Row]
) -> None:
    table = Table(title=title or None, title_justify="left")
    for name in names:
        numeric = any(isinstance(row.get(name), int | Decimal) for row in rows)
        justify: Literal["left", "right"] = "right" if numeric else "left"
        table.add_column(name, justify=justify, no_wrap=numeric, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row.get(name)) for name in names))
    console.print(table)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value).replace("[", r"\[")
