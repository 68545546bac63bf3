"""Raw tables against the books they were read from, record by record.

Here belongs: what the newest versions should say, worked out from the sandbox's own
records without our readers, and what each table must be in itself. Not here: what
happened to the records (histories.py).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from bill_source.entities import ENTITIES, Children, Column, Entity
from bill_source.sandbox import SandboxServer
from bill_source.sandbox.directory import ALL, route

Rows = list[tuple[Any, ...]]
MASKED = {"routingNumber", "dateOfBirth", "taxId", "downloadLink"}
BY_ID_ONLY = {"statementDetails"}
"""Shown where a record is read by its id, not in the list."""
LISTS = [
    one for one in ENTITIES if one.group == "core" and one.table != "organizations"
]
"""The core lists; BILL may keep the organization itself from a token."""
_JSON = msgspec.json.Encoder(order="deterministic", decimal_format="number")


@dataclass(frozen=True)
class Shelf:
    """One raw table's newest versions: each record's key, what it says, its columns."""

    records: dict[str, Any]
    columns: dict[str, dict[str, Any]]


def canonical(value: Any) -> Any:
    """Return a value such that two spellings of one meaning are equal."""
    if isinstance(value, dict):
        kept = {
            key: canonical(inner)
            for key, inner in value.items()
            if key not in MASKED | BY_ID_ONLY
        }
        kept = {key: _number(key, inner, value) for key, inner in kept.items()}
        return {
            key: inner for key, inner in kept.items() if inner not in (None, {}, [])
        }
    if isinstance(value, list):
        return [canonical(inner) for inner in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds")
    if isinstance(value, str):
        return _instant_or_text(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(Decimal(value).normalize() + 0)
    return value


def _number(key: str, value: Any, beside: Mapping[str, Any]) -> Any:
    """Keep of a bank's account number what is kept of it: four digits."""
    banks = not {"nameOnAccount", "routingNumber", "bankName"}.isdisjoint(beside)
    return value[-4:] if key == "accountNumber" and banks else value


def _instant_or_text(text: str) -> str:
    if len(text) < len("2026-03-02T00:00:00Z") or text[10:11] != "T":
        return text
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return text
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")


def key_of(entity: Entity, record: Mapping[str, Any]) -> str:
    """Return a record's id; where BILL gives none, all that it says."""
    if entity.identity:
        return str(record[entity.identity])
    return _JSON.encode(canonical(record)).decode()


def kept(server: SandboxServer, entity: Entity) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the records BILL has of a list, each below its parent's id."""
    books = server.books
    found = route(entity.list_path(server.organization_id, "any" if entity.per else ""))
    assert found is not None
    listing = found.listing
    if not listing.parent:
        asked = dict(entity.parameters).get("cardUserStatus")
        for row in books.rows(listing.name):
            is_nominated = bool(row.hidden.get("nominated"))
            if asked is None or is_nominated == (asked == "NOMINATED"):
                yield "", row.body
        return
    for parent in books.rows(ALL[listing.parent].name):
        for row in books.children(listing.name, parent.id) or ():
            yield parent.id, row.body


def differences(
    server: SandboxServer, folder: Path, *, hides_archives: bool = False
) -> list[str]:
    """Say where raw tables differ from the books, or are no logs of versions.

    Args:
        server: Whose books.
        folder: Whose raw tables.
        hides_archives: Whether BILL ever left archived rows out of lists: then those
            of lists without a filter for them are left out here too.
    """
    with duckdb.connect(folder / "warehouse.duckdb") as connection:
        connection.execute("set TimeZone = 'UTC'")
        return [
            found
            for entity in LISTS
            for found in (
                *_broken(connection, entity),
                *_unlike(
                    connection,
                    entity,
                    list(kept(server, entity)),
                    hides_archives=hides_archives and not entity.archived_filter,
                ),
            )
        ]


def _newest(entity: Entity) -> str:
    return (
        f"(from raw_bill.{entity.table} qualify row_number() over (partition by id"
        " order by _version desc) = 1)"
    )


def _held(connection: duckdb.DuckDBPyConnection, entity: Entity) -> dict[str, Any]:
    rows = connection.execute(
        f"select _raw from {_newest(entity)} where not _deleted"  # noqa: S608 - our names
    ).fetchall()
    records = [json.loads(raw, parse_float=Decimal) for (raw,) in rows]
    return {key_of(entity, record): canonical(record) for record in records}


def _broken(connection: duckdb.DuckDBPyConnection, entity: Entity) -> Iterator[str]:
    """Tell of ids whose versions are not 1, 2, 3..., and of rows without a parent."""
    gaps = connection.execute(
        f"select id, list(_version order by _version) as found"  # noqa: S608 - our names
        f" from raw_bill.{entity.table} group by id"
        " having found <> range(1, len(found) + 1)"
    ).fetchall()
    yield from (f"{entity.table} {one}: versions {found}" for one, found in gaps)
    for table in entity.tables():
        if table == entity.table:
            continue
        orphans = connection.execute(
            f"select count(*) from raw_bill.{table} as child anti join"  # noqa: S608 - our names
            f" raw_bill.{entity.table} as parent on parent.id ="
            f" child.{entity.parent_key} and parent._version = child._version"
        ).fetchall()
        if orphans != [(0,)]:
            yield f"{table}: {orphans} rows of no version"


def _unlike(
    connection: duckdb.DuckDBPyConnection,
    entity: Entity,
    books: list[tuple[str, dict[str, Any]]],
    *,
    hides_archives: bool,
) -> Iterator[str]:
    held = _held(connection, entity)
    hidden = {key_of(entity, one) for _, one in books if one.get("archived")}
    hidden = hidden if hides_archives else set()
    held = {key: record for key, record in held.items() if key not in hidden}
    books = [one for one in books if key_of(entity, one[1]) not in hidden]
    expected = {key_of(entity, record): canonical(record) for _, record in books}
    yield from (
        f"{entity.table} {key}: {told(held.get(key), expected.get(key))}"
        for key in sorted(held.keys() | expected.keys())
        if held.get(key) != expected.get(key)
    )
    if held != expected:
        return
    for table, rows in typed(entity, books).items():
        stored = _stored(connection, entity, table)
        found = [row for row in stored if row[0] not in hidden]
        if found != rows:
            unlike = [*(set(found) ^ set(rows))][:4]
            yield f"{table}: typed values differ: {unlike}"


def told(held: Any, expected: Any) -> str:
    """Say how two contents differ."""
    if held is None:
        return "missing"
    if expected is None:
        return "no longer in BILL"
    keys = sorted(
        k for k in held.keys() | expected.keys() if held.get(k) != expected.get(k)
    )
    return ", ".join(f"{k} is {held.get(k)!r} not {expected.get(k)!r}" for k in keys)


def typed(
    entity: Entity, books: Iterable[tuple[str, Mapping[str, Any]]]
) -> dict[str, Rows]:
    """Return what the typed columns should hold, by table."""
    rows: dict[str, Rows] = {table: [] for table in entity.tables()}
    for parent_id, record in books:
        key = key_of(entity, record) if entity.identity else ""
        own = [one for one in shown(entity.columns) if one.name != "id"]
        values = [_typed(one, record) if one.path else parent_id for one in own]
        rows[entity.table].append((key, *values))
        for children in entity.children:
            for table, row in _below(children, record, (key,)):
                rows[table].append(row)
    return {table: sorted(found, key=repr) for table, found in rows.items()}


def shown(columns: Iterable[Column]) -> list[Column]:
    """Return the columns that are not masked."""
    return [
        one
        for one in columns
        if one.kind != "hash"
        and MASKED.isdisjoint(one.path)
        and "accountNumber" not in one.path
    ]


def _below(
    children: Children, record: Mapping[str, Any], start: tuple[Any, ...]
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for ordinal, item in enumerate(_at(children.keys, record) or (), start=1):
        values = (_typed(one, item) for one in shown(children.columns))
        yield children.table, (*start, ordinal, *values)
        for nested in children.children:
            yield from _below(nested, item, (*start, ordinal))


def _at(path: Sequence[str], record: Any) -> Any:
    for key in path:
        record = record.get(key) if isinstance(record, dict) else None
    return record


def _typed(column: Column, record: Mapping[str, Any]) -> Any:
    """Read one value of the sandbox's as its column's kind."""
    value = _at(column.path, record)
    if value is None or (value == "" and column.kind in {"date", "instant"}):
        return None
    if column.kind in {"money", "rate"}:
        step = Decimal("0.01") if column.kind == "money" else Decimal("0.00000001")
        return Decimal(value).quantize(step, rounding=ROUND_HALF_EVEN)
    if column.kind == "date":
        return value if type(value) is date else date.fromisoformat(str(value)[:10])
    if column.kind == "instant":
        return _milliseconds(value)
    if column.kind == "text":
        return value if isinstance(value, str) else _JSON.encode(value).decode()
    return int(value) if column.kind == "integer" else value


def _milliseconds(value: datetime | str) -> datetime:
    instant = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    whole = instant.astimezone(UTC)
    return whole.replace(microsecond=whole.microsecond // 1000 * 1000)


def _stored(connection: duckdb.DuckDBPyConnection, entity: Entity, table: str) -> Rows:
    """Return the typed columns of the newest versions as they are stored."""
    if table == entity.table:
        key = "id" if entity.identity else "''"
        own = [one for one in shown(entity.columns) if one.name != "id"]
        names = ", ".join([key, *(one.name for one in own)])
        query = f"select {names} from {_newest(entity)} where not _deleted"  # noqa: S608 - our names
    else:
        query = (
            f"select child.* exclude (org_id, _version, _dlt_load_id)"  # noqa: S608 - our names
            f" from raw_bill.{table} as child semi join {_newest(entity)} as parent"
            f" on parent.id = child.{entity.parent_key}"
            " and parent._version = child._version and not parent._deleted"
        )
    return sorted(connection.execute(query).fetchall(), key=repr)
