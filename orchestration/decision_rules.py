"""What the cells of a decision, and decisions of a kind, must say together.

Here belongs: checks of a row, of the rows that make one decision, of new decisions
beside stored ones; which decision takes which back. Not here: single cells
(decision_cells.py), the kinds (decision_kinds.py), what a decision does (dbt_project).
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from orchestration.decision_cells import is_bank_account

Row = dict[str, str]


class Line(NamedTuple):
    """A row of a file, or a stored one, which has no line number."""

    number: int | None
    row: Row


class Refusal(NamedTuple):
    """Why a row is refused, and where."""

    line: int
    column: str
    reason: str


class RowError(Exception):
    """A row that contradicts itself."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"column {column}: {reason}")


Complete = Callable[[Row], Row]
Ends = Callable[[Row, Row], bool]
CheckGroup = Callable[[Sequence[Line]], Iterator[Refusal]]
CheckOrder = Callable[[Sequence[Line]], Iterator[Refusal]]

CONTROL = frozenset({"2000", "1100"})
DEFAULT_ACCOUNTS = {
    ("writeoff", "bill"): "5900",
    ("writeoff", "vendor_credit"): "5900",
    ("writeoff", "invoice"): "6850",
    ("writeoff", "credit_memo"): "6850",
    ("settled_outside", "bill"): "1010",
    ("settled_outside", "vendor_credit"): "1010",
    ("settled_outside", "invoice"): "1080",
    ("settled_outside", "credit_memo"): "1080",
}
"""Where a settlement goes that names no account: what we no longer owe is a purchase
discount, what we no longer get a bad debt, money goes where BILL's would by default."""


def as_it_stands(row: Row) -> Row:
    """Return a row whose cells need not agree."""
    return row


def settlement(row: Row) -> Row:
    """Check a settlement's account, and fill it in where there is none."""
    kind, entity, number = row["kind"], row["source_entity"], row["account_number"]
    if not number:
        return {**row, "account_number": DEFAULT_ACCOUNTS[kind, entity]}
    if kind == "writeoff" and is_bank_account(number):
        raise RowError(
            "account_number", f"a writeoff moves no money, so it cannot be {number}"
        )
    if kind == "settled_outside" and number == "6850":
        raise RowError("account_number", "6850 is for kind writeoff")
    return row


def lock(row: Row) -> Row:
    """Say plainly whether a lock reopens a period."""
    return {**row, "reopened": row["reopened"] or "false"}


def lock_ends(old: Row, new: Row) -> bool:
    """Tell whether a lock no longer holds since a newer row."""
    if new["reopened"] == "true":
        return old["reopened"] == "true" or old["lock_date"] >= new["lock_date"]
    return old["reopened"] == "true" or old["lock_date"] == new["lock_date"]


def check_locks(lines: Sequence[Line]) -> Iterator[Refusal]:
    """Lock dates rise in the order of locking, except where a row reopens.

    Args:
        lines: New and stored locks, in the order of locking.
    """
    for before, after in pairwise(lines):
        number = after.number or before.number
        reason = _wrong_order(before.row, after.row)
        if number and reason:
            yield Refusal(number, "lock_date", reason)
    if lines and lines[0].number and lines[0].row["reopened"] == "true":
        yield Refusal(lines[0].number, "reopened", "no period is locked before this")


def _wrong_order(before: Row, after: Row) -> str:
    first, second = before["lock_date"], after["lock_date"]
    if after["reopened"] == "true":
        if second < first:
            return ""
        return f"{second} reopens nothing: the lock before it is of {first}"
    if second > first:
        return ""
    return (
        f"{second}, locked at {after['locked_at']}, does not rise above {first}, locked"
        f" at {before['locked_at']}; to open a period again, add a row with reopened ="
        " true"
    )


def party(row: Row) -> Row:
    """Check that an action has the cells it needs and no others."""
    action, into = row["action"], (row["into_entity"], row["into_id"])
    if action == "merge" or (action == "split" and any(into)):
        for column in ("into_entity", "into_id"):
            if not row[column]:
                raise RowError(column, f"is empty, and this {action} needs it")
    if action == "rename" and any(into):
        raise RowError("into_id", "is only for merge and split")
    if (action == "rename") != bool(row["name"]):
        need = (
            "is empty, and rename needs it" if action == "rename" else "is for rename"
        )
        raise RowError("name", need)
    if into == (row["source_entity"], row["source_id"]):
        raise RowError("into_id", "is the record itself")
    return row


def party_ends(old: Row, new: Row) -> bool:
    """Tell whether a newer override of parties takes an older one back."""
    if "rename" in {old["action"], new["action"]}:
        same = _members(old) == _members(new)
        return same and old["action"] == new["action"]
    one, other = _members(old), _members(new)
    return one <= other or other <= one


def _members(row: Row) -> set[tuple[str, str]]:
    source = (row["source_entity"], row["source_id"])
    into = (row["into_entity"], row["into_id"])
    return {source, into} if row["into_id"] else {source}


def entry_line(row: Row) -> Row:
    """Check one line of a manual entry."""
    if bool(row["debit"]) == bool(row["credit"]):
        raise RowError("debit", "exactly one of debit and credit must be above zero")
    if row["account_number"] in CONTROL:
        for column in ("party_id", "document_id"):
            if not row[column]:
                raise RowError(
                    column, f"is empty, and {row['account_number']} needs it"
                )
    return row


def check_entry(lines: Sequence[Line]) -> Iterator[Refusal]:
    """A manual entry has two lines or more, one date, and balances."""
    number, row = lines[-1].number or 0, lines[0].row
    name = row["entry_id"]
    for line in lines:
        if line.row["entry_date"] != row["entry_date"]:
            yield Refusal(
                line.number or 0,
                "entry_date",
                f"entry {name} has two dates, {row['entry_date']} and"
                f" {line.row['entry_date']}",
            )
    debit, credit = (
        sum((Decimal(line.row[side] or 0) for line in lines), Decimal())
        for side in ("debit", "credit")
    )
    if debit != credit:
        reason = f"entry {name} does not balance: debit {debit}, credit {credit}"
        yield Refusal(number, "debit", reason)
