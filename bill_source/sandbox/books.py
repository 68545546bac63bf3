"""The company's books: every record BILL would hold, and links between them.

Here belongs: adding, changing and finding records, and knowing which derived amounts
are stale. Not here: what happens in the company (life.py), how derived amounts follow
from payments (derived.py).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bill_source.sandbox.answers import Body
from bill_source.sandbox.catalog import BY_NAME
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


class Books:
    """All records of one company, by list and id."""

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
        self._tables: dict[str, dict[str, Row]] = {name: {} for name in BY_NAME}
        self._versions: dict[str, int] = dict.fromkeys(BY_NAME, 1)

    def rows(self, name: str) -> Sequence[Row]:
        """Return a list's rows in the order they were made."""
        return list(self._tables[name].values())

    def find(self, name: str, row_id: str) -> Row | None:
        """Return one row by its id."""
        return self._tables[name].get(row_id)

    def row(self, name: str, row_id: str) -> Row:
        """Return one row that is known to exist."""
        return self._tables[name][row_id]

    def version(self, name: str) -> int:
        """Return a number that grows with every change of a list."""
        return self._versions[name]

    def organization(self) -> Row | None:
        """Return the organization's record."""
        return self.company

    def rates(self) -> Body:
        """Return what BILL charges for paying by card."""
        return self.card_rates

    def add(self, name: str, body: Body, at: datetime, **hidden: Any) -> Row:
        """Add a record under the next id, made at an instant."""
        row_id = body.pop("id", None) or self.ids.next(BY_NAME[name].prefix)
        times = {"createdTime": at, "updatedTime": at}
        row = Row(row_id, {"id": row_id} | body | times, hidden)
        self._tables[name][row_id] = row
        self._versions[name] += 1
        return row

    def touch(self, name: str, row: Row, at: datetime | None) -> None:
        """Note that a record changed; without an instant, its updatedTime stays."""
        if at is not None:
            row.body["updatedTime"] = max(at, row.body["updatedTime"])
        row.forget_text()
        self._versions[name] += 1

    def change(self, name: str, row_id: str, values: Body, at: datetime | None) -> Row:
        """Overwrite fields of a record, as a test or a person in BILL would.

        Raises:
            KeyError: There is no such record.
        """
        row = self.row(name, row_id)
        row.body |= values
        self.touch(name, row, at)
        return row

    def remove(self, name: str, row_id: str) -> None:
        """Make a record vanish, which BILL does not do to these lists."""
        del self._tables[name][row_id]
        self._versions[name] += 1

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
