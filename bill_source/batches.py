"""Many records of one list at once: JSON -> Arrow columns, exactly or not at all.

Here belongs: the fast road, on which Arrow reads thousands of records in one go. Not
here: records that are odd in any way; those are read singly, which says what is wrong
(records.py). Both roads give the same rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import json

from bill_source.answers import decode
from bill_source.drift import (
    Finding,
    example,
    findings_of,
    names_beside,
    new_values,
    unknown_fields,
)
from bill_source.entities import BY_TABLE, Children, Column, Entity
from bill_source.masking import SENSITIVE, may_hold_sensitive
from bill_source.tables import SCHEMAS, TYPES

JSON_TYPES: dict[str, pa.DataType] = TYPES | {
    # Arrow reads no dates from JSON; rates may have more decimals than we keep.
    "date": pa.string(),
    "rate": pa.decimal256(76, 18),
}
RATE_DECIMALS = 8
EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Origin:
    """What all rows of one sync have in common."""

    org_id: str
    synced_at: datetime


class Found(NamedTuple):
    """One record as it came: masked JSON, its hash, and which version it is to be.

    A deleted record has no hash: so it is news when it comes back.
    """

    id: str
    raw: bytes
    digest: str
    parent_id: str = ""
    version: int = 1


@dataclass(frozen=True)
class Batch:
    """Rows by raw table, and what nobody has told us about before."""

    tables: dict[str, pa.Table]
    findings: list[Finding] = field(default_factory=list)


def read_batch(
    entity: Entity, records: Sequence[Found], origin: Origin
) -> Batch | None:
    """Read records whose every value is plain; None where a single one is not."""
    try:
        raw = _texts([record.raw for record in records])
        parsed, is_complete = _parse(records, _json_schema(entity.table))
        if parsed.num_rows != len(records):
            return None
        seen = parsed.schema if is_complete else None
        if not may_hold_sensitive(entity) and _is_sensitive(entity, seen, records):
            return None
        tables = dict(_tables(entity, parsed, records, raw, origin))
    except pa.ArrowInvalid:
        return None
    if is_complete:
        findings = _unknown(entity, parsed, records)
        return Batch(tables, [*new_values(entity, tables), *findings])
    each = (findings_of(entity, decode(one.raw), one.id) for one in records)
    return Batch(tables, [finding for found in each for finding in found])


def _is_sensitive(
    entity: Entity, schema: pa.Schema | None, records: Sequence[Found]
) -> bool:
    """Whether a sensitive field turned up where none is documented."""
    if schema is not None:
        undeclared = names_beside(schema, _json_schema(entity.table))
        return not SENSITIVE.isdisjoint(undeclared)
    marks = [f'"{name}"'.encode() for name in SENSITIVE]
    return any(mark in record.raw for record in records for mark in marks)


def _unknown(
    entity: Entity, parsed: pa.Table, records: Sequence[Found]
) -> list[Finding]:
    known = _json_schema(entity.table)
    paths = unknown_fields(parsed.schema, known, entity.untyped)
    return [Finding(p, "new_field", "", example(p, records)) for p in paths]


@cache
def _json_schema(table: str) -> pa.Schema:
    entity = BY_TABLE[table]
    return pa.schema(_fields(entity.columns, entity.children))


def _fields(columns: Sequence[Column], children: Sequence[Children]) -> list[pa.Field]:
    leaves = {c.path: JSON_TYPES[c.kind] for c in columns if c.path}
    for child in children:
        item = pa.struct(_fields(child.columns, child.children))
        leaves[child.keys] = pa.list_(item)
    tree: dict[str, Any] = {}
    for path, leaf in leaves.items():
        place = tree
        for key in path[:-1]:
            place = place.setdefault(key, {})
        place[path[-1]] = leaf
    return [pa.field(name, _type(found)) for name, found in tree.items()]


def _type(found: Any) -> pa.DataType:
    if not isinstance(found, dict):
        return found
    return pa.struct([pa.field(name, _type(inner)) for name, inner in found.items()])


def _texts(values: Sequence[bytes]) -> pa.Array:
    """Return texts as Arrow's, without making a Python string of each.

    Raises:
        pa.ArrowInvalid: One of them is not UTF-8.
    """
    lengths = np.fromiter(map(len, values), np.int32, len(values))
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(values))]
    array = pa.Array.from_buffers(pa.string(), len(values), buffers)
    array.validate(full=True)
    return array


def _parse(records: Sequence[Found], schema: pa.Schema) -> tuple[pa.Table, bool]:
    """Parse; also say whether fields outside the schema were looked at."""
    text = b"\n".join(record.raw for record in records)
    broken = text.count(b"\n") != len(records) - 1
    reading = json.ReadOptions(use_threads=False, block_size=len(text) + 1)

    def parse(unexpected: str) -> pa.Table:
        options = json.ParseOptions(
            schema, newlines_in_values=broken, unexpected_field_behavior=unexpected
        )
        return json.read_json(pa.BufferReader(text), reading, options)

    try:
        return parse("infer"), True
    except pa.ArrowInvalid:
        # A field of no known type may hold text here and a number there.
        return parse("ignore"), False


def _tables(
    entity: Entity,
    parsed: pa.Table,
    records: Sequence[Found],
    raw: pa.Array,
    origin: Origin,
) -> Iterator[tuple[str, pa.Table]]:
    count = len(records)
    org_id = pa.repeat(pa.scalar(origin.org_id), count)
    ids = pa.array([record.id for record in records], pa.string())
    version = pa.array([record.version for record in records], pa.int64())
    values = {
        column.name: _value(parsed, column)
        for column in entity.columns
        if column.path and column.name != "id"
    }
    own = {
        "org_id": org_id,
        "id": ids,
        "_version": version,
        "_synced_at": pa.repeat(pa.scalar(origin.synced_at, TYPES["instant"]), count),
        "_content_hash": pa.array([record.digest for record in records], pa.string()),
        "_deleted": pa.array([not record.digest for record in records]),
        "_raw": raw,
    }
    parents = pa.array([record.parent_id for record in records], pa.string())
    schema = SCHEMAS[entity.table]
    arrays = [own.get(name, values.get(name, parents)) for name in schema.names]
    yield entity.table, pa.table(arrays, schema=schema)
    for children in entity.children:
        lists = _at(parsed, children.keys)
        yield from _child_tables(children, lists, [org_id, ids, version])


def _child_tables(
    children: Children, lists: pa.Array, keys: list[pa.Array]
) -> Iterator[tuple[str, pa.Table]]:
    parents = pc.list_parent_indices(lists)
    items = lists.flatten()
    if items.null_count:
        raise pa.ArrowInvalid("a list holds nothing where an object should be")
    places = parents.to_numpy(zero_copy_only=False)
    first = np.searchsorted(places, places, "left")
    ordinal = pa.array(np.arange(len(places)) - first + 1, pa.int64())
    start = [*(key.take(parents) for key in keys), ordinal]
    values = {column.name: _value(items, column) for column in children.columns}
    if children.are_lines:
        values["id"] = _first_only(values["id"], places)
    arrays = [*start, *values.values()]
    yield children.table, pa.table(arrays, schema=SCHEMAS[children.table])
    for nested in children.children:
        yield from _child_tables(nested, _at(items, nested.keys), start)


def _first_only(ids: pa.Array, places: np.ndarray) -> pa.Array:
    """Return ids without those that an earlier item of the same list has too."""
    if pc.count_distinct(ids).as_py() == len(ids) - ids.null_count:
        return ids
    codes = ids.dictionary_encode().indices.fill_null(-1).to_numpy().astype(np.int64)
    is_first = np.zeros(len(ids), dtype=bool)
    is_first[np.unique(places * len(ids) + codes, return_index=True)[1]] = True
    return pc.if_else(pa.array(is_first), ids, None)


def _at(found: pa.Table | pa.Array, path: Sequence[str]) -> pa.Array:
    for key in path:
        if isinstance(found, pa.Table):
            found = found.column(key).combine_chunks()
        else:
            found = pc.struct_field(found, key)
    return found


def _value(parent: pa.Table | pa.Array, column: Column) -> pa.Array:
    found = _at(parent, column.path)
    if column.kind == "date":
        empty = pc.equal(found, "")
        dates = pc.if_else(empty, None, found).cast(TYPES["date"])
        return _within_years(dates, EARLIEST.date(), LATEST.date())
    if column.kind == "instant":
        return _within_years(found, EARLIEST, LATEST)
    if column.kind == "money":
        found.validate(full=True)  # Arrow reads more digits than the type has
    if column.kind == "rate":
        rounded = pc.round(found, RATE_DECIMALS, round_mode="half_to_even")
        return rounded.cast(TYPES["rate"])
    return found


def _within_years(found: pa.Array, first: date, last: date) -> pa.Array:
    """Return instants or dates, if they are of the years that Python knows too.

    Raises:
        pa.ArrowInvalid: One of them is not.
    """
    ends = pc.min_max(found)
    low, high = (pa.scalar(end, found.type).value for end in (first, last))
    if (
        ends["min"].is_valid
        and not low <= ends["min"].value <= ends["max"].value <= high
    ):
        raise pa.ArrowInvalid("a date is beyond the years there are")
    return found
