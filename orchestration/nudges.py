"""That BILL said something changed: which notifications came, since when a sync waits.

Here belongs: two tables beside the decisions. A notification is a nudge and nothing
more: what it says is read from BILL by the next sync. Not here: receiving
(webhooks.py), starting a run (automation.py).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from orchestration.store import instant_from, instant_text, opened

KEPT = timedelta(days=30)
"""How long an event id is remembered, so that its repetition is known as one."""
BUSY_SECONDS = 5
TABLES = """
create table if not exists notifications (
    event_id text primary key,
    event_type text not null,
    received_at text not null
);
create table if not exists nudge (
    single integer primary key check (single = 1),
    since text not null
);
"""


@dataclass(frozen=True)
class Nudges:
    """The nudges of one connection, in its SQLite file."""

    path: Path

    def note(self, event_id: str, event_type: str, now: datetime) -> bool:
        """Note a notification; tell whether it is the first with its id.

        Raises:
            StoreError: Others kept the file busy for seconds, or it is damaged.
        """
        with self._transaction() as connection:
            connection.execute(
                "delete from notifications where received_at < ?",
                (instant_text(now - KEPT),),
            )
            inserted = connection.execute(
                "insert or ignore into notifications values (?, ?, ?)",
                (event_id, event_type, instant_text(now)),
            )
            if inserted.rowcount:
                connection.execute(
                    "insert or ignore into nudge values (1, ?)", (instant_text(now),)
                )
            return bool(inserted.rowcount)

    def pending_since(self) -> datetime | None:
        """Return when the first notification came that no sync has followed."""
        if not self.path.exists():
            return None
        with self._transaction() as connection:
            rows = connection.execute("select since from nudge").fetchall()
        return instant_from(rows[0][0]) if rows else None

    def answer(self) -> None:
        """Forget the nudge, because a run is asked for; later ones count anew."""
        with self._transaction() as connection:
            connection.execute("delete from nudge")

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with opened(self.path, BUSY_SECONDS) as connection:
            connection.executescript(TABLES)
            with connection:
                yield connection
