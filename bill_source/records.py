"""One BILL record -> its content hash and its typed rows, parent and children.

Here belongs: walking a record by its entity's columns. Not here: reading single
values (values.py), deciding whether the content is new (versions.py).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from bill_source.entities import Children, Column, Entity, singular
from bill_source.values import DIGITS_READ, UnreadableError, read_value

Row = tuple[Any, ...]

_SORTED = msgspec.json.Encoder(order="deterministic", decimal_format="number")
_PLAIN = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True)
class Stamp:
    """What every row of one version carries besides the record's own values."""

    org_id: str
    record_id: str
    version: int
    parent_id: str = ""


def content_hash(record: Any) -> str:
    """Return a hash that changes exactly when the record's meaning may have changed.

    Absent, null and empty are one to BILL, which leaves out fields without a value;
    ``12`` and ``12.00`` are one number; keys have no order, lists do.
    """
    text = _SORTED.encode(_canonical(record))
    return hashlib.sha256(text).hexdigest()[:32]


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        fields = {key: _canonical(item) for key, item in value.items()}
        return {key: item for key, item in fields.items() if not _is_empty(item)}
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    if isinstance(value, Decimal):
        return _canonical_number(value)
    return value


def _is_empty(value: Any) -> bool:
    return value is None or value in ({}, [])


def _canonical_number(value: Decimal) -> Decimal | int:
    if abs(value.adjusted()) > DIGITS_READ:
        return value
    whole = int(value)
    return whole if whole == value else value.normalize()


def encode(record: Any) -> str:
    """Return a record's JSON with exact numbers."""
    return _PLAIN.encode(record).decode()


def typed_rows(
    entity: Entity, record: dict[str, Any], stamp: Stamp, tail: Row
) -> dict[str, list[Row]]:
    """Return the rows of one version by table, in the order of that table's columns.

    Args:
        entity: What the record is.
        record: The decoded, masked record.
        stamp: Whose version it is.
        tail: The parent row's own last values (see ``VERSION_COLUMNS``).

    Raises:
        UnreadableError: A value of the record or of its lists is not exact.
    """
    own = [column for column in entity.columns if column.name != "id"]
    values = [
        _value(column, record) if column.path else stamp.parent_id for column in own
    ]
    rows: dict[str, list[Row]] = {table: [] for table in entity.tables()}
    ids = (stamp.org_id, stamp.record_id)
    rows[entity.table].append((*ids, *values, stamp.version, *tail))
    start = (stamp.org_id, stamp.record_id, stamp.version)
    for children in entity.children:
        for table, row in _child_rows(children, record, start):
            rows[table].append(row)
    return rows


def _child_rows(
    children: Children, record: dict[str, Any], start: Row
) -> Iterator[tuple[str, Row]]:
    found = _at(children.keys, record)
    if found is None:
        return
    if not isinstance(found, list):
        raise UnreadableError(f"{children.path}: expected a list")
    names = [column.name for column in children.columns]
    place = names.index("id") if children.are_lines else None
    taken: set[str] = set()
    for ordinal, item in enumerate(found, start=1):
        if not isinstance(item, dict):
            raise UnreadableError(f"{children.path}: expected objects in the list")
        values = _values(children.columns, item)
        if place is not None:
            values[place] = None if values[place] in taken else values[place]
            taken.add(values[place])
        yield children.table, (*start, ordinal, *values)
        for nested in children.children:
            yield from _child_rows(nested, item, (*start, ordinal))


def _values(columns: tuple[Column, ...], record: dict[str, Any]) -> list[Any]:
    return [_value(column, record) for column in columns]


def _value(column: Column, record: dict[str, Any]) -> Any:
    value = _at(column.path, record)
    return None if value is None else read_value(column.kind, column.path, value)


def _at(path: tuple[str, ...], record: dict[str, Any]) -> Any:
    value: Any = record
    for key in path:
        if value is None:
            return None
        if not isinstance(value, dict):
            raise UnreadableError(f"{'.'.join(path)}: expected an object")
        value = value.get(key)
    return value


def parent_columns(entity: Entity) -> list[tuple[str, str]]:
    """Names and kinds of a parent table's columns, in the order of its rows."""
    start = [("org_id", "text"), ("id", "text")]
    own = [(c.name, str(c.kind)) for c in entity.columns if c.name != "id"]
    tail = [
        ("_version", "integer"),
        ("_synced_at", "instant"),
        ("_content_hash", "text"),
        ("_deleted", "boolean"),
        ("_raw", "text"),
    ]
    return [*start, *own, *tail]


def child_columns(entity: Entity) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Every child table of an entity with its columns, in the order of its rows."""
    start = [("org_id", "text"), (entity.parent_key, "text"), ("_version", "integer")]
    for children in entity.children:
        yield from _columns_below(children, start)


def _columns_below(
    children: Children, start: list[tuple[str, str]]
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    own = [(column.name, str(column.kind)) for column in children.columns]
    yield children.table, [*start, ("ordinal", "integer"), *own]
    deeper = [*start, (f"{singular(children.table)}_ordinal", "integer")]
    for nested in children.children:
        yield from _columns_below(nested, deeper)
