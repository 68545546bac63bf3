"""The company's books: every record BILL would hold, and links between them.

Here belongs: adding, changing and finding records, and knowing which derived amounts
are stale. Not here: what happens in the company (life.py), how derived amounts follow
from payments (derived.py).
"""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bill_source.sandbox.annex import Annex
from bill_source.sandbox.answers import Body
from bill_source.sandbox.directory import ALL
from bill_source.sandbox.ids import Ids
from bill_source.sandbox.store import Row
from bill_source.sandbox.switches import Switches


@dataclass
class Plans:
    """What the company knows that BILL does not: plans, and where things are.

    ``accounts`` and ``items`` give ids by our own short keys; ``moving`` and
    ``waiting_receipts`` are payments and receipts whose status will still change.
    """

    opened: date | None = None
    accounts: dict[str, str] = field(default_factory=dict)
    coding: dict[str, list[str]] = field(default_factory=dict)
    waiting_vendors: list[Any] = field(default_factory=list)
    waiting_customers: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    shelved: list[str] = field(default_factory=list)
    reissued: list[str] = field(default_factory=list)
    moving: list[str] = field(default_factory=list)
    waiting_receipts: list[str] = field(default_factory=list)
    open_bills: dict[str, None] = field(default_factory=dict)
    open_invoices: dict[str, None] = field(default_factory=dict)
    open_credits: dict[str, None] = field(default_factory=dict)
    open_memos: dict[str, None] = field(default_factory=dict)
    unapplied: dict[str, None] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Edit:
    """One field of a record as somebody changed it."""

    name: str
    row_id: str
    field: str
    previous: Any
    current: Any
    at: datetime


Watcher = Callable[[str, Row, datetime | None], None]


class Books:
    """All records of one company, by list and id.

    ``annexes`` are the lists that follow from the others; ``edits`` is what `change`
    did; ``watcher`` is told of every change.
    """

    def __init__(self, seed: int, switches: Switches) -> None:
        self.seed = seed
        self.switches = switches
        self.ids = Ids(seed)
        self.lived_until: date | None = None
        self.company: Row = Row("", {})
        self.card_rates: Body = {}
        self.plans = Plans()
        self._stale: dict[str, dict[str, set[str]]] = {}
        self.links: dict[str, dict[str, list[str]]] = {}
        self.annexes: dict[str, Annex[Books]] = {}
        self.edits: list[Edit] = []
        self.watcher: Watcher | None = None
        self._tables: dict[str, dict[str, Row]] = {name: {} for name in ALL}
        self._versions: dict[str, int] = dict.fromkeys(ALL, 1)

    def _table(self, name: str) -> dict[str, Row]:
        """Return a list by id, up to date."""
        if name in self.annexes:
            self.annexes[name].refresh(self, self._tables[name])
        return self._tables[name]

    def rows(self, name: str) -> Sequence[Row]:
        """Return a list's rows in the order they were made."""
        return list(self._table(name).values())

    def count(self, name: str) -> int:
        """Return how many rows a list has."""
        return len(self._table(name))

    def find(self, name: str, row_id: str) -> Row | None:
        """Return one row by its id; Spend & Expense has two ids for each."""
        table = self._table(name)
        if row_id in table or not ALL[name].is_spend:
            return table.get(row_id)
        found = (row for row in table.values() if row.body.get("id") == row_id)
        return next(found, None)

    def row(self, name: str, row_id: str) -> Row:
        """Return one row that is known to exist."""
        return self._table(name)[row_id]

    def children(self, name: str, parent_id: str) -> Sequence[Row] | None:
        """Return a list's rows below one parent; None when there is no such parent."""
        parent = self.find(ALL[name].parent, parent_id)
        if parent is None:
            return None
        table = self._table(name)
        annex = self.annexes.get(name)
        return annex.below(parent.id, table) if annex else ()

    def version(self, name: str) -> Hashable:
        """Return a value that differs after every change of a list."""
        self._table(name)
        annex = self.annexes.get(name)
        return self._versions[name], annex.changes if annex else 0

    def organization(self) -> Row | None:
        """Return the organization's record."""
        return self.company

    def rates(self) -> Body:
        """Return what BILL charges for paying by card."""
        return self.card_rates

    def add(self, name: str, body: Body, at: datetime, **hidden: Any) -> Row:
        """Add a record under the next id, made at an instant."""
        row_id = body.pop("id", None) or self.ids.next(ALL[name].prefix)
        times = {"createdTime": at, "updatedTime": at}
        row = Row(row_id, {"id": row_id} | body | times, hidden)
        self._tables[name][row_id] = row
        self._changed(name, row, at)
        return row

    def _changed(self, name: str, row: Row, at: datetime | None) -> None:
        """Count a change of a list and tell who watches."""
        self._versions[name] += 1
        if self.watcher is not None:
            self.watcher(name, row, at)

    def touch(self, name: str, row: Row, at: datetime | None) -> None:
        """Note that a record changed; without an instant, its updatedTime stays."""
        if at is not None and "updatedTime" in row.body:
            row.body["updatedTime"] = max(at, row.body["updatedTime"])
        row.forget_text()
        self._changed(name, row, at)

    def change(self, name: str, row_id: str, values: Body, at: datetime | None) -> Row:
        """Overwrite fields of a record, as a test or a person in BILL would.

        Raises:
            KeyError: There is no such record.
        """
        row = self.row(name, row_id)
        when = at or row.body.get("updatedTime")
        if when is not None:
            self.edits += [
                Edit(name, row_id, key, row.body.get(key), value, when)
                for key, value in values.items()
            ]
        row.body |= values
        self.touch(name, row, at)
        return row

    def remove(self, name: str, row_id: str) -> None:
        """Make a record vanish, as BILL does to files, policies and spending."""
        row = self._table(name).pop(row_id)
        self._changed(name, row, None)

    def link(self, kind: str, source: str, target: str) -> None:
        """Remember that a record points to another: ``payments`` of a bill."""
        targets = self.links.setdefault(kind, {}).setdefault(source, [])
        if target not in targets:
            targets.append(target)

    def linked(self, kind: str, source: str) -> list[str]:
        """Return what points to a record."""
        return self.links.get(kind, {}).get(source, [])

    def mark(self, name: str, row_id: str, reason: str = "") -> None:
        """Note that a record's derived amounts may have changed, and why."""
        self._stale.setdefault(name, {}).setdefault(row_id, set()).add(reason)

    def take_stale(self, name: str) -> dict[str, set[str]]:
        """Return the stale records of a list with their reasons, and forget them."""
        return self._stale.pop(name, {})

    def fingerprint(self) -> tuple[int, ...]:
        """Return a value that differs as soon as anything changed."""
        return tuple(self._versions.values())
