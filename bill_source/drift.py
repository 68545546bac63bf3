"""What BILL sends that its documentation did not have: fields and enum values.

Here belongs: finding them, on both roads by which records are read. Not here: what is
done about them (versions.py keeps a row of each; the record loads as ever).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from bill_source.entities import Children, Column, Entity


class Finding(NamedTuple):
    """A ``new_field`` at a path, or a ``new_value``; a record that shows it."""

    path: str
    kind: str
    value: str
    record_id: str


class _Record(Protocol):
    @property
    def id(self) -> str:
        """The record's id."""

    @property
    def raw(self) -> bytes:
        """The record's JSON."""


def place(column: Column, above: str = "") -> str:
    """Return where a column is read from: ``billLineItems[].amount``."""
    return above + ".".join(column.path)


def enums(
    columns: Iterable[Column],
    children: Iterable[Children],
    table: str,
    above: str = "",
) -> Iterator[tuple[str, Column, str]]:
    """Yield (table, column, path) of every column whose values are known."""
    for column in columns:
        if column.values:
            yield table, column, place(column, above)
    for child in children:
        below = f"{above}{child.path}[]."
        yield from enums(child.columns, child.children, child.table, below)


def new_values(entity: Entity, tables: Mapping[str, pa.Table]) -> list[Finding]:
    """Return enum values that were not documented, each with a record that has it."""
    found = []
    key = entity.parent_key
    for table, column, path in enums(entity.columns, entity.children, entity.table):
        values = tables[table].column(column.name)
        for value in pc.unique(values).to_pylist():
            if value and value not in column.values:
                row = pc.index(values, value).as_py()
                ids = tables[table].column("id" if table == entity.table else key)
                found.append(Finding(path, "new_value", value, ids[row].as_py()))
    return found


def unknown_fields(
    found: pa.Schema, known: pa.Schema, untyped: frozenset[str]
) -> list[str]:
    """Return the paths that Arrow inferred beside those we declared."""
    beside = _beside(found, {field.name: field.type for field in known}, "")
    return [path for path, _ in beside if path not in untyped]


def names_beside(found: pa.Schema, known: pa.Schema) -> set[str]:
    """Return every field name on or below the paths we did not declare."""
    beside = _beside(found, {field.name: field.type for field in known}, "")
    return {name for _, field in beside for name in (field.name, *_names(field.type))}


def _names(kind: pa.DataType) -> Iterator[str]:
    while pa.types.is_list(kind):
        kind = kind.value_type
    if pa.types.is_struct(kind):
        for field in kind:
            yield field.name
            yield from _names(field.type)


def _beside(
    found: Iterable[pa.Field], known: Mapping[str, pa.DataType], above: str
) -> Iterator[tuple[str, pa.Field]]:
    for field in found:
        path = f"{above}{field.name}"
        declared = known.get(field.name)
        if declared is None:
            if not _is_hollow(field.type):
                yield path, field
            continue
        inner, inner_known, mark = field.type, declared, "."
        if pa.types.is_list(inner):
            inner, inner_known, mark = inner.value_type, declared.value_type, "[]."
        if pa.types.is_struct(inner):
            names = {one.name: one.type for one in inner_known}
            yield from _beside(inner, names, f"{path}{mark}")


def _is_hollow(kind: pa.DataType) -> bool:
    """Whether a field was null, ``{}`` or ``[]`` wherever it came."""
    inner = kind.value_type if pa.types.is_list(kind) else kind
    is_bare = pa.types.is_struct(inner) and not inner.num_fields
    return is_bare or bool(pa.types.is_null(inner))


def example(path: str, records: Sequence[_Record]) -> str:
    """Return the id of a record that has a field, as far as its text tells."""
    name = path.rpartition(".")[2].removesuffix("[]").encode()
    having = (record.id for record in records if b'"%b"' % name in record.raw)
    return next(having, "")


def findings_of(entity: Entity, record: dict[str, Any], record_id: str) -> set[Finding]:
    """Return what one decoded record holds beyond the documentation."""
    found = set(_walk(record, entity.columns, entity.children, ""))
    return {
        Finding(path, kind, value, record_id)
        for path, kind, value in found
        if path not in entity.untyped
    }


HOLLOW: tuple[Any, ...] = (None, {}, [], [None], [{}])
Known = Mapping[tuple[str, ...], Column | Children]


def _walk(
    record: dict[str, Any],
    columns: Iterable[Column],
    children: Iterable[Children],
    above: str,
) -> Iterator[tuple[str, str, str]]:
    known: dict[tuple[str, ...], Column | Children] = {c.path: c for c in columns}
    known |= {child.keys: child for child in children}
    for name, value in record.items():
        yield from _judge((name,), value, known, above)


def _judge(
    path: tuple[str, ...], value: Any, known: Known, above: str
) -> Iterator[tuple[str, str, str]]:
    found = known.get(path)
    if isinstance(found, Column):
        if found.values and isinstance(value, str) and value not in {"", *found.values}:
            yield place(found, above), "new_value", value
    elif isinstance(found, Children):
        items = value if isinstance(value, list) else ()
        for item in (item for item in items if isinstance(item, dict)):
            below = f"{above}{found.path}[]."
            yield from _walk(item, found.columns, found.children, below)
    elif any(other[: len(path)] == path for other in known):
        for name, inner in value.items() if isinstance(value, dict) else ():
            yield from _judge((*path, name), inner, known, above)
    elif value not in HOLLOW:
        yield above + ".".join(path), "new_field", ""
