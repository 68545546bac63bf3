"""Rows that wait to be stored: filled by the threads that read, emptied in packages.

Here belongs: whole versions in, packages out, and holding readers back while a package
is being stored. Not here: what the rows are (batches.py), how dlt gets them
(pipeline.py).
"""

import threading
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from bill_source.records import Row
from bill_source.tables import table_of


class Outbox:
    """Arrow tables waiting for the next package; whole versions only, from any thread.

    Attributes:
        package: Number of the package being filled, from 1.
        rows: Rows waiting, over all tables.
        size: Their bytes.
    """

    def __init__(self, package_bytes: int) -> None:
        self.package = 1
        self.rows = 0
        self.size = 0
        self._most = package_bytes
        self._changed = threading.Condition()
        self._waiting: dict[str, list[pa.Table]] = {}
        self._leaving: dict[str, list[pa.Table]] = {}
        self._is_closed = False

    def add(self, tables: Mapping[str, pa.Table]) -> int:
        """Add versions to all their tables at once; return their package's number.

        Readers wait here while a whole package waits for the one before to be stored.
        """
        with self._changed:
            self._changed.wait_for(lambda: self.size < self._most or self._is_closed)
            for name, table in tables.items():
                if table.num_rows:
                    self._waiting.setdefault(name, []).append(table)
                    self.rows += table.num_rows
                    self.size += table.nbytes
            return self.package

    def add_rows(self, name: str, rows: list[Row]) -> None:
        """Add a few rows of one of our own tables."""
        with self._changed:
            self._waiting.setdefault(name, []).append(table_of(name, rows))
            self.rows += len(rows)

    def take(self) -> dict[str, pa.Table]:
        """Take out everything that waits, one Arrow table per raw table."""
        with self._changed:
            self._leaving, self._waiting = self._waiting, {}
            self.rows, self.size = 0, 0
            self.package += 1
            self._changed.notify_all()
        return {name: pa.concat_tables(parts) for name, parts in self._leaving.items()}

    def stored(self) -> None:
        """Forget what was taken out: it is in the warehouse now."""
        with self._changed:
            self._leaving = {}

    def close(self) -> None:
        """Let waiting readers go: the sync is over."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def newest_raw(self, table: str, ids: Sequence[str]) -> dict[str, bytes]:
        """Return the newest JSON of records that are not in the warehouse yet."""
        with self._changed:
            parts = [*self._leaving.get(table, ()), *self._waiting.get(table, ())]
        found: dict[str, bytes] = {}
        for part in parts:
            chosen = part.filter(pc.is_in(part["id"], pa.array(ids, pa.string())))
            texts = (text.encode() for text in chosen["_raw"].to_pylist())
            found |= dict(zip(chosen["id"].to_pylist(), texts, strict=True))
        return found
