"""What our own warehouse already holds, and putting right what a killed run left.

Here belongs: reading and repairing schema raw_bill with DuckDB itself. Not here:
loading rows, which dlt does (pipeline.py). No connection outlives a call, as dlt
opens the same file.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from bill_source.entities import BY_TABLE, Entity, snake
from bill_source.errors import WarehouseError
from bill_source.outbox import QUARANTINE, SCHEMAS
from bill_source.versions import Versions

DATASET = "raw_bill"
NOT_DONE = (
    "_dlt_load_id not in (select load_id from raw_bill._dlt_loads where status = 0)"
)
DAMAGED = (
    "Delete the file (and its .wal) and run the sync again: the file is made anew;"
    " decisions are kept elsewhere."
)


class Warehouse:
    """The raw tables of one connection, as they are between two packages."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the file for one piece of work.

        Raises:
            WarehouseError: It is in use, damaged, not writable or the disk is full.
        """
        try:
            with duckdb.connect(self.path) as connection:
                yield connection
        except duckdb.Error as error:
            raise self.error(error) from error

    def error(self, error: Exception) -> WarehouseError:
        """Say what DuckDB's refusal means for the person running the sync."""
        text = " ".join(str(root_of(error)).split())[:300]
        if "set lock on file" in text:
            return WarehouseError(f"Another program has {self.path} open: {text}.")
        if "permission" in text.lower() or "no space" in text.lower():
            return WarehouseError(
                f"Could not write {self.path}: {text}.",
                advice="Make the folder writable and run the sync again.",
            )
        return WarehouseError(f"Could not use {self.path}: {text}.", advice=DAMAGED)

    def create(self) -> None:
        """Make an empty file where there is none.

        DuckDB writes a new file's header in steps: killed between them, it leaves a
        file that nothing can open. So the file gets its name when it is whole.
        """
        if self.path.exists():
            return
        fresh = self.path.with_name(f"{self.path.name}.new")
        fresh.unlink(missing_ok=True)
        try:
            with duckdb.connect(fresh):
                pass
        except duckdb.Error as error:
            raise self.error(error) from error
        fresh.replace(self.path)

    def tables(self) -> dict[str, set[str]]:
        """Columns of each existing raw table."""
        if not self.path.exists():
            return {}
        with self.open() as connection:
            return _tables(connection)

    def missing_tables(self) -> list[str]:
        """Raw tables that do not exist yet, or lack a column."""
        present = self.tables()
        return [
            table
            for table, schema in SCHEMAS.items()
            if not set(schema.names) <= present.get(table, set())
        ]

    def roll_back(self) -> int:
        """Delete the rows of loads that did not end; return how many there were.

        dlt marks a load as done last, after all its files. A load without the mark was
        killed half-way, and dlt's own state table is read by the same rule: so rows
        and watermarks go back together, to the end of the last whole load.
        """
        if not self.path.exists():
            return 0
        with self.open() as connection:
            present = _tables(connection)
            unfinished = "true" if "_dlt_loads" not in present else NOT_DONE
            marked = [t for t, found in present.items() if "_dlt_load_id" in found]
            connection.execute("begin")
            deleted = [_delete(connection, table, unfinished) for table in marked]
            connection.execute("commit")
        return sum(deleted)

    def versions(self, entities: Iterable[Entity]) -> dict[str, Versions]:
        """Return what is held of each entity, by table."""
        found = {entity.table: Versions() for entity in entities}
        present = self.tables()
        if not present:
            return found
        with self.open() as connection:
            for table, versions in found.items():
                if table in present:
                    _fill(connection, BY_TABLE[table], versions)
                if QUARANTINE in present:
                    of_table = f"entity = '{table}'"
                    versions.set_aside = _newest(connection, QUARANTINE, of_table)
        return found

    def values(
        self, table: str, column: str, key: str, keys: Sequence[str]
    ) -> set[str]:
        """Values of a column over all versions of the given parents."""
        if not keys or table not in self.tables():
            return set()
        query = f"""
            select distinct {column} from {DATASET}.{table}
            where {column} is not null and {key} in (select unnest($keys))
        """  # noqa: S608 - names from entities.py
        with self.open() as connection:
            rows = connection.execute(query, {"keys": list(keys)}).fetchall()
        return {row[0] for row in rows}


def root_of(error: BaseException) -> BaseException:
    """Return the first error of a chain; dlt wraps DuckDB's more than once."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def _delete(connection: duckdb.DuckDBPyConnection, table: str, where: str) -> int:
    query = f"delete from {DATASET}.{table} where {where}"  # noqa: S608 - our names
    return int(connection.execute(query).fetchall()[0][0])


def _tables(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    rows = connection.execute(
        "select table_name, list(column_name) from information_schema.columns"
        " where table_schema = $schema group by all",
        {"schema": DATASET},
    ).fetchall()
    return {table: set(columns) for table, columns in rows}


def _fill(
    connection: duckdb.DuckDBPyConnection, entity: Entity, versions: Versions
) -> None:
    versions.known = _newest(connection, entity.table, "true")

    def ids(condition: str) -> set[str]:
        query = f"""
            select id from (
                select * from {DATASET}.{entity.table}
                qualify row_number() over (partition by id order by _version desc) = 1
            ) where {condition}
        """  # noqa: S608 - names and conditions from entities.py
        return {row[0] for row in connection.execute(query).fetchall()}

    if any(column.name == "archived" for column in entity.columns):
        versions.archived = ids("archived")
        versions.unarchived = ids("archived is not true")
    if entity.open_filter:
        versions.open = ids(open_condition(entity.open_filter))
    if entity.unsettled:
        versions.unsettled = ids(entity.unsettled)


def open_condition(text: str) -> str:
    """Return a list filter of ours, ``field:in:"A,B"``, as an SQL condition."""
    field, _, values = text.split(":")
    quoted = ", ".join(f"'{value}'" for value in values.strip('"').split(","))
    return f"{snake(field)} in ({quoted})"


def _newest(
    connection: duckdb.DuckDBPyConnection, table: str, condition: str
) -> dict[str, tuple[str, int]]:
    query = f"""
        select id, coalesce(_content_hash, ''), _version from {DATASET}.{table}
        where {condition}
        qualify row_number() over (partition by id order by _version desc) = 1
    """  # noqa: S608 - names from entities.py
    rows = connection.execute(query).fetchall()
    return {record_id: (digest, version) for record_id, digest, version in rows}
