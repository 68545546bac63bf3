"""The Arrow schema of every raw table.

Here belongs: which columns a raw table has, their types and their order. Not here:
where values come from (records.py, batches.py), what waits to be stored (outbox.py).
"""

from collections.abc import Iterable

import pyarrow as pa

from bill_source.entities import ENTITIES
from bill_source.records import Row, child_columns, parent_columns

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
LIST_STATES = "list_states"
LIST_STATE_COLUMNS = [
    ("org_id", "text"),
    ("entity", "text"),
    ("state", "text"),
    ("reason", "text"),
    ("rows_held", "integer"),
    ("_version", "integer"),
    ("_synced_at", "instant"),
]
"""How BILL answers for each list, one row whenever that changes: ``listed``, ``empty``
(far fewer rows than we hold), ``forbidden``, ``accepted_empty`` (a person said so)."""
SCHEMA_CHANGES = "schema_changes"
SCHEMA_CHANGE_COLUMNS = [
    ("org_id", "text"),
    ("entity", "text"),
    ("path", "text"),
    ("kind", "text"),
    ("value", "text"),
    ("record_id", "text"),
    ("_synced_at", "instant"),
]
"""Fields and enum values that BILL's documentation did not have, each once."""
RAW = "_raw"
"""The record's own JSON, masked."""
LOAD_ID = "_dlt_load_id"
"""Last column of every raw table: which load brought the row."""
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
    found = {
        QUARANTINE: _schema(QUARANTINE_COLUMNS),
        LIST_STATES: _schema(LIST_STATE_COLUMNS),
        SCHEMA_CHANGES: _schema(SCHEMA_CHANGE_COLUMNS),
    }
    for entity in ENTITIES:
        found[entity.table] = _schema(parent_columns(entity))
        for table, columns in child_columns(entity):
            found[table] = _schema(columns)
    return found


SCHEMAS = _schemas()
"""The Arrow schema of every raw table."""


def table_of(name: str, rows: list[Row]) -> pa.Table:
    """Return rows of one raw table as an Arrow table."""
    schema = SCHEMAS[name]
    arrays = [
        pa.array(values, field.type)
        for values, field in zip(zip(*rows, strict=True), schema, strict=True)
    ]
    return pa.table(arrays, schema=schema)
