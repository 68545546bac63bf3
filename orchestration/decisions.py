"""People's decisions: what a valid one is, and how it gets in and out as CSV.

Here belongs: the kinds and their columns, checking a file row by row, all-or-nothing
import, export. Not here: where decisions are kept (store.py), what they do to the
ledger (dbt_project).
"""

import csv
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import IO

from orchestration.failures import UsageError
from orchestration.settings import DBT_PROJECT
from orchestration.store import Decision, Store, instant_text

Check = Callable[[str], str]
"""Returns the cleaned text of one cell, or raises ValueError with the reason."""
SHOWN_REFUSALS = 20


@dataclass(frozen=True)
class Column:
    """One CSV column of a decision kind."""

    name: str
    check: Check
    is_required: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of decision; ``target`` names the columns that say what it is about."""

    name: str
    columns: tuple[Column, ...]
    target: tuple[str, ...]

    @property
    def header(self) -> list[str]:
        """The CSV header, in the documented order."""
        return [column.name for column in self.columns]


def text(value: str) -> str:
    """Accept any text."""
    return value.strip()


def one_of(*values: str) -> Check:
    """Accept one of some words."""

    def check(value: str) -> str:
        if value.strip() not in values:
            raise ValueError(f"{value!r} is none of: {', '.join(values)}")
        return value.strip()

    return check


def instant(value: str) -> str:
    """Accept an ISO 8601 date or instant; without an offset it is UTC."""
    try:
        parsed = datetime.fromisoformat(value.strip())
    except ValueError:
        raise ValueError(f"{value!r} is no ISO 8601 date or instant") from None
    return instant_text(parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC))


def money(value: str) -> str:
    """Accept an exact amount with at most two decimals."""
    try:
        amount = Decimal(value.strip())
    except InvalidOperation:
        raise ValueError(f"{value!r} is no amount") from None
    if not amount.is_finite() or amount != round(amount, 2) or abs(amount) >= 10**16:
        raise ValueError(f"{value!r} is no amount with at most two decimals")
    return f"{amount:.2f}"


def whole_number(value: str) -> str:
    """Accept a whole number of at most nine digits."""
    if not value.strip().lstrip("-").isdecimal() or len(value.strip()) > 9:  # noqa: PLR2004 - fits an INTEGER
        raise ValueError(f"{value!r} is no whole number")
    return str(int(value))


@cache
def chart_of_accounts() -> Mapping[str, Mapping[str, str]]:
    """Return the shipped chart of accounts by account number."""
    path = DBT_PROJECT / "seeds" / "chart_of_accounts.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["account_number"]: row for row in csv.DictReader(file)}


def category(value: str) -> str:
    """Accept the number of an account that a line may be booked to."""
    account = chart_of_accounts().get(value.strip())
    if account is None:
        raise ValueError(f"{value!r} is no account of the chart of accounts")
    if account["is_categorizable"] != "true":
        raise ValueError(
            f"{value} {account['account_name']} is kept by the posting rules and cannot"
            " be chosen as a category"
        )
    return value.strip()


EFFECTIVE = Column("effective_at", instant)
NOTE = Column("note", text)
KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "category_overrides",
            (
                Column(
                    "source_entity",
                    one_of("bill", "vendor_credit", "invoice", "credit_memo"),
                    is_required=True,
                ),
                Column("document_id", text, is_required=True),
                Column("line_id", text),
                Column("account_number", category, is_required=True),
                EFFECTIVE,
                NOTE,
            ),
            ("source_entity", "document_id", "line_id"),
        ),
        Kind(
            "category_rules",
            (
                Column("rule_id", text, is_required=True),
                Column("priority", whole_number, is_required=True),
                Column("party_id", text),
                Column("party_name", text),
                Column("text_contains", text),
                Column("min_amount", money),
                Column("max_amount", money),
                Column("direction", one_of("ap", "ar")),
                Column("account_number", category, is_required=True),
                EFFECTIVE,
                NOTE,
            ),
            ("rule_id",),
        ),
        Kind(
            "party_overrides",
            (
                Column("action", one_of("merge", "split", "rename"), is_required=True),
                Column("source_entity", one_of("vendor", "customer"), is_required=True),
                Column("source_id", text, is_required=True),
                Column("into_entity", one_of("vendor", "customer")),
                Column("into_id", text),
                Column("name", text),
                EFFECTIVE,
            ),
            ("source_entity", "source_id", "into_entity", "into_id"),
        ),
    )
}
PLANNED = (
    "settlement_overrides",
    "period_locks",
    "exclusions",
    "manual_entries",
    "bank_account_map",
    "bank_transactions",
)


def kind_named(name: str) -> Kind:
    """Return a kind of decision.

    Raises:
        UsageError: There is none of that name, or this release does not book it yet.
    """
    if name in KINDS:
        return KINDS[name]
    known = ", ".join(KINDS)
    if name in PLANNED:
        raise UsageError(
            f"Decisions of kind {name} are not supported by this release, so nothing"
            f" was imported. It supports: {known}."
        )
    raise UsageError(f"Unknown kind of decision {name!r}. There are: {known}.")


def import_decisions(store: Store, kind: Kind, path: Path, now: datetime) -> int:
    """Add the rows of a CSV file, all or none.

    Args:
        store: Where decisions are kept.
        kind: What the file holds.
        path: The CSV file, UTF-8, header in line 1.
        now: The instant of import, taken where ``effective_at`` is empty.

    Returns:
        How many decisions were new.

    Raises:
        UsageError: The file or any row is refused; nothing was added.
    """
    rows = read_rows(kind, path)
    newest = {
        _target(kind, json.loads(decision.body)): json.loads(decision.body)
        for decision in sorted(store.decisions(kind.name), key=_age)
    }
    fresh = [row for row in rows if not _repeats(row, newest.get(_target(kind, row)))]
    added = [_decision(kind, row, now) for row in fresh]
    return store.add_decisions(kind.name, added, now)


def read_rows(kind: Kind, path: Path) -> list[dict[str, str]]:
    """Return a file's checked rows.

    Raises:
        UsageError: Something in the file is refused; names line, column and reason.
    """
    refused: list[str] = []
    rows = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line, cells in _records(kind, path, file):
                row, reasons = _checked(kind, cells)
                refused += [f"{path}, line {line}, {reason}" for reason in reasons]
                rows.append(row)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"Cannot read {path} as UTF-8 CSV: {error}.") from error
    if refused:
        shown = "\n".join(refused[:SHOWN_REFUSALS])
        raise UsageError(
            f"Nothing was imported, since {len(refused)} cell(s) are refused:\n{shown}"
        )
    return rows


def export_decisions(store: Store, kind: Kind, file: IO[str]) -> int:
    """Write every decision of a kind as CSV that can be imported again."""
    writer = csv.DictWriter(file, kind.header, lineterminator="\n")
    writer.writeheader()
    decisions = store.decisions(kind.name)
    for decision in decisions:
        row = json.loads(decision.body)
        writer.writerow({**row, "effective_at": decision.effective_at})
    return len(decisions)


def _records(
    kind: Kind, path: Path, file: IO[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row with the number of its first line."""
    reader = csv.reader(file, strict=True)
    header = [name.strip() for name in next(reader, [])]
    _check_header(kind, path, header)
    line = reader.line_num
    for cells in reader:
        start, line = line + 1, reader.line_num
        if not any(cells):
            continue
        if len(cells) != len(header):
            raise UsageError(
                f"Nothing was imported: {path}, line {start}, column"
                f" {header[min(len(cells), len(header) - 1)]}: the row has {len(cells)}"
                f" cells and the header {len(header)}."
            )
        yield start, dict(zip(header, cells, strict=True))


def _check_header(kind: Kind, path: Path, header: Sequence[str]) -> None:
    expected = f"The header of {kind.name} is: {','.join(kind.header)}"
    for name in header:
        if name not in kind.header or header.count(name) > 1:
            raise UsageError(
                f"Nothing was imported: {path}, line 1, column {name!r}: unknown or"
                f" repeated column. {expected}"
            )
    for column in kind.columns:
        if column.is_required and column.name not in header:
            raise UsageError(
                f"Nothing was imported: {path}, line 1, column {column.name!r}: is"
                f" missing. {expected}"
            )


def _checked(kind: Kind, cells: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    row, reasons = {}, []
    for column in kind.columns:
        value = cells.get(column.name, "")
        try:
            row[column.name] = _cell(column, value)
        except ValueError as error:
            reasons.append(f"column {column.name}: {error}")
    return row, reasons


def _cell(column: Column, value: str) -> str:
    if value.strip():
        return column.check(value)
    if column.is_required:
        raise ValueError("is empty")
    return ""


def _decision(kind: Kind, row: dict[str, str], now: datetime) -> tuple[str, str, str]:
    effective_at = row["effective_at"] or instant_text(now)
    body = json.dumps({**row, "effective_at": effective_at}, sort_keys=True)
    key = hashlib.sha256(f"{kind.name}|{body}".encode()).hexdigest()
    return key, effective_at, body


def _target(kind: Kind, row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in kind.target)


def _age(decision: Decision) -> tuple[str, int]:
    return decision.effective_at, decision.decision_id


def _repeats(row: Mapping[str, str], newest: Mapping[str, str] | None) -> bool:
    """Tell whether an undated row says only what already holds."""
    if newest is None or row["effective_at"]:
        return False
    return {**row, "effective_at": ""} == {**newest, "effective_at": ""}
