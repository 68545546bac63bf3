"""Typed rows -> Arrow tables, collected until they are handed to dlt.

Here belongs: the Arrow schema of every raw table and the rows waiting for a package.
Not here: where values come from (records.py), how they are stored (pipeline.py).
"""

import threading
from collections.abc import Iterable, Mapping

import pyarrow as pa

from bill_source.entities import ENTITIES
from bill_source.records import Row, child_columns, parent_columns

BATCH_ROWS = 1_000
QUARANTINE = "quarantine"
QUARANTINE_COLUMNS = [
    ("org_id", "text"),
    ("entity", "text"),
    ("id", "text"),
    ("reason", "text"),
    ("resolved", "boolean"),
    ("_version", "integer"),
    ("_synced_at", "instant"),
    ("_content_hash", "text"),
    ("_raw", "text"),
]
"""Newest ``_version`` of (entity, id): the record is set aside unless resolved."""
TYPES = {
    "text": pa.string(),
    "hash": pa.string(),
    "money": pa.decimal128(18, 2),
    "rate": pa.decimal128(28, 8),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "instant": pa.timestamp("us", tz="UTC"),
}


def _schema(columns: Iterable[tuple[str, str]]) -> pa.Schema:
    return pa.schema([pa.field(name, TYPES[kind]) for name, kind in columns])


def _schemas() -> dict[str, pa.Schema]:
    found = {QUARANTINE: _schema(QUARANTINE_COLUMNS)}
    for entity in ENTITIES:
        found[entity.table] = _schema(parent_columns(entity))
        for table, columns in child_columns(entity):
            found[table] = _schema(columns)
    return found


SCHEMAS = _schemas()
"""The Arrow schema of every raw table."""


class Outbox:
    """Rows waiting for the next package; whole versions only, from any thread."""

    def __init__(self) -> None:
        self.rows = 0
        self._lock = threading.Lock()
        self._waiting: dict[str, list[Row]] = {}
        self._tables: dict[str, list[pa.Table]] = {}

    def add(self, rows: Mapping[str, list[Row]]) -> None:
        """Add the rows of one version to all its tables at once."""
        with self._lock:
            for table, found in rows.items():
                waiting = self._waiting.setdefault(table, [])
                waiting.extend(found)
                self.rows += len(found)
                if len(waiting) >= BATCH_ROWS:
                    self._seal(table)

    def take(self) -> dict[str, pa.Table]:
        """Take out everything that waits, one Arrow table per raw table."""
        with self._lock:
            for table in list(self._waiting):
                self._seal(table)
            taken = {
                table: pa.concat_tables(parts) for table, parts in self._tables.items()
            }
            self._tables = {}
            self.rows = 0
        return taken

    def _seal(self, table: str) -> None:
        rows = self._waiting.pop(table)
        if not rows:
            return
        schema = SCHEMAS[table]
        arrays = [
            pa.array(values, field.type)
            for values, field in zip(zip(*rows, strict=True), schema, strict=True)
        ]
        self._tables.setdefault(table, []).append(pa.table(arrays, schema=schema))


def empty_tables(names: Iterable[str]) -> dict[str, pa.Table]:
    """Return raw tables without rows, so that they exist before any record does."""
    return {name: SCHEMAS[name].empty_table() for name in names}
