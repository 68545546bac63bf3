"""Changes that lists show later than they happened.

Here belongs: what a reader sees of the books while `visibility_lag` holds new states
back; a change's updatedTime stays the moment it was made. Not here: the books
themselves (books.py), the switch (switches.py).
"""

import hashlib
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bill_source.sandbox.answers import Body
from bill_source.sandbox.books import Books
from bill_source.sandbox.clock import Clock
from bill_source.sandbox.directory import ALL
from bill_source.sandbox.store import Row
from bill_source.sandbox.switches import Switches

_STEPS = 64


@dataclass
class Pending:
    """One change not yet seen: from when it will be, and the record afterwards.

    ``state`` is None once the record is gone; until ``taken`` it is not known yet,
    because whoever changes a record may go on after saying so.
    """

    due: datetime
    state: Row | None = None
    taken: bool = False


class Visibility:
    """The books as lists show them; without a lag, the books as they are."""

    def __init__(self, books: Books, clock: Clock, switches: Switches) -> None:
        self._books = books
        self._clock = clock
        self._switches = switches
        self._before: dict[str, dict[str, Row]] | None = None
        self._waiting: dict[str, dict[str, list[Pending]]] = {}
        self._shown: Counter[str] = Counter()
        self._heard = 0
        self._moment: datetime | None = None
        books.watcher = self.hear

    def hear(self, name: str, row: Row, at: datetime | None) -> None:
        """Note that a record has changed.

        A change that leaves updatedTime alone happened when the one before it did.
        """
        if self._before is None:
            return
        self._moment = at or self._moment or self._clock.now()
        queue = self._waiting.setdefault(name, {}).setdefault(row.id, [])
        due = self._moment + self._lag(row.id)
        queue.append(Pending(max([due, *(one.due for one in queue)])))

    def _lag(self, row_id: str) -> timedelta:
        """Return how long a change stays hidden; shuffled lags let others overtake."""
        lag = timedelta(seconds=self._switches.visibility_lag)
        if self._switches.visibility_order == "kept":
            return lag
        self._heard += 1
        text = f"{row_id}|{self._heard}".encode()
        step = hashlib.blake2b(text, digest_size=1).digest()[0] % _STEPS
        return lag * (_STEPS + step) / (2 * _STEPS)

    def prepare(self) -> None:
        """Remember what there is before somebody changes it, show what is due."""
        self._moment = None
        if not self._switches.visibility_lag and not self._waiting:
            self._before = None
        elif self._before is None:
            self._before = {
                name: {row.id: _copied(row) for row in self._books.rows(name)}
                for name in ALL
            }
        else:
            self._take(self._before)
            self._show(self._before)

    def _take(self, before: dict[str, dict[str, Row]]) -> None:
        """Copy the records whose change is complete by now."""
        for name in before:
            for row_id, queue in self._waiting.get(name, {}).items():
                if queue[-1].taken:
                    continue
                row = self._books.find(name, row_id)
                state = None if row is None else _copied(row)
                for pending in queue:
                    if not pending.taken:
                        pending.state, pending.taken = state, True

    def _show(self, before: dict[str, dict[str, Row]]) -> None:
        """Let readers see the changes whose time has come."""
        now = self._clock.now()
        for name, queues in list(self._waiting.items()):
            for row_id, queue in list(queues.items()):
                while queue and queue[0].due <= now:
                    state = queue.pop(0).state
                    self._shown[name] += 1
                    before[name].pop(row_id, None)
                    if state is not None:
                        before[name][row_id] = state
                if not queue:
                    del queues[row_id]
            if not queues:
                del self._waiting[name]

    def _seen(self, name: str, row_id: str, row: Row | None) -> Row | None:
        """Return a record as readers see it now."""
        if self._before is not None and row_id in self._waiting.get(name, ()):
            return self._before[name].get(row_id)
        return row

    def rows(self, name: str) -> Sequence[Row]:
        """Return a list's rows, in no promised order."""
        self.prepare()
        live = {row.id: row for row in self._books.rows(name)}
        known = dict.fromkeys([*live, *self._waiting.get(name, ())])
        seen = (self._seen(name, row_id, live.get(row_id)) for row_id in known)
        return [row for row in seen if row is not None]

    def find(self, name: str, row_id: str) -> Row | None:
        """Return one row by its id."""
        self.prepare()
        row = self._books.find(name, row_id)
        return self._seen(name, row.id if row else row_id, row)

    def children(self, name: str, parent_id: str) -> Sequence[Row] | None:
        """Return a list's rows below one parent; None when there is no such parent."""
        self.prepare()
        if self.find(ALL[name].parent, parent_id) is None:
            return None
        rows = self._books.children(name, parent_id) or ()
        seen = (self._seen(name, row.id, row) for row in rows)
        return [row for row in seen if row is not None]

    def version(self, name: str) -> Hashable:
        """Return a value that changes whenever the list does."""
        self.prepare()
        return self._books.version(name), self._shown[name]

    def organization(self) -> Row | None:
        """Return the organization's record."""
        return self._books.organization()

    def rates(self) -> Body:
        """Return what BILL charges for paying by card."""
        return self._books.rates()


def _copied(row: Row) -> Row:
    """Return a record that later changes do not reach."""
    return Row(row.id, _copied_value(row.body), row.hidden)


def _copied_value(value: Any) -> Any:
    """Copy dicts and lists; what they hold otherwise never changes."""
    if isinstance(value, dict):
        return {key: _copied_value(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_copied_value(inner) for inner in value]
    return value
