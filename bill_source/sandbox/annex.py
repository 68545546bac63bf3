"""Lists that follow from the books and are written only when somebody asks.

Here belongs: keeping such a list current without losing what was changed or removed in
it. Not here: what the lists hold (office.py, paperwork.py, spend_days.py).
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bill_source.sandbox.answers import Body
from bill_source.sandbox.store import Row

B = TypeVar("B")


@dataclass(frozen=True)
class Entry:
    """One record of such a list, below a parent where the list has parents."""

    id: str
    body: Body
    parent_id: str = ""


@dataclass
class Annex(Generic[B]):
    """One list: when it has to be written anew, and how."""

    mark: Callable[[B], Hashable]
    write: Callable[[B], Iterable[Entry]]
    changes: int = 0
    _marked: Hashable = None
    _given: dict[str, Entry] = field(default_factory=dict)
    _below: dict[str, list[str]] = field(default_factory=dict)

    def refresh(self, books: B, table: dict[str, Row]) -> None:
        """Bring a table up to date; rows removed by hand stay away."""
        marked = self.mark(books)
        if marked == self._marked:
            return
        self._marked = marked
        given = {entry.id: entry for entry in self.write(books)}
        for gone in self._given.keys() - given.keys():
            table.pop(gone, None)
        for entry in given.values():
            self._put(entry, table)
        self._given = given
        self._index()
        self.changes += 1

    def _put(self, entry: Entry, table: dict[str, Row]) -> None:
        """Write one record unless it says what it said before."""
        before = self._given.get(entry.id)
        if before is None:
            table[entry.id] = Row(entry.id, dict(entry.body))
        elif before.body != entry.body and entry.id in table:
            table[entry.id].body = dict(entry.body)
            table[entry.id].forget_text()

    def _index(self) -> None:
        """Note which records stand below which parent."""
        self._below = {}
        for entry in self._given.values():
            self._below.setdefault(entry.parent_id, []).append(entry.id)

    def below(self, parent_id: str, table: dict[str, Row]) -> list[Row]:
        """Return the records below one parent."""
        ids = self._below.get(parent_id, ())
        return [table[row_id] for row_id in ids if row_id in table]
