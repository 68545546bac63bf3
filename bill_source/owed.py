"""What changes of one list still have to be followed in another.

Here belongs: since when that is so, over syncs that end early, leave lists out or are
refused one: a changed payment is no news to the next sync, but its bills are still to
be read. Not here: which requests follow (sync.py).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from bill_source.entities import BY_TABLE, ENTITIES, Entity
from bill_source.held import Reader, formerly_touched, stored_since
from bill_source.instants import as_text

OWED = "owed_since"


class Owed:
    """Since when each list has not followed the changes of others."""

    def __init__(self, reader: Reader, state: dict[str, Any]) -> None:
        self._reader = reader
        self._state = state
        self._since = {table: found.get(OWED, "") for table, found in state.items()}

    def begin(self, causes: Iterable[Entity], now: datetime) -> None:
        """Note, before anything is read, what these lists' changes will concern.

        A list that was never read to its end will be: whatever that brings is newer.
        """
        for table in {table for cause in causes for table in concerned(cause)}:
            found = self._state.get(table, {})
            if found.get("watermark") or "pending" in found:
                found[OWED] = min(found.get(OWED) or as_text(now), as_text(now))

    def done(self, table: str) -> None:
        """Note that a list has followed everything."""
        self._state[table].pop(OWED, None)

    def changed(self, cause: Entity, target: str) -> set[str]:
        """Return the ids whose stored changes a list has not followed."""
        since = self._since.get(target)
        return stored_since(self._reader, cause, since) if since else set()

    def documents(self, target: str) -> set[str]:
        """Return the documents such changes touch, before and after."""
        found: set[str] = set()
        for cause in ENTITIES:
            for table, column, touched in cause.touches:
                changed = self.changed(cause, target) if touched == target else set()
                found |= formerly_touched(
                    self._reader, cause, table, column, sorted(changed)
                )
        return found

    def parents(self, child: Entity) -> set[str]:
        """Return the parents whose changes a list below them has not followed."""
        return self.changed(BY_TABLE[child.per], child.table)


def concerned(cause: Entity) -> Iterator[str]:
    """Tables of the lists in which a list's changes have to be followed."""
    yield from (target for _, _, target in cause.touches)
    yield from (child.table for child in ENTITIES if child.per == cause.table)
