"""The warehouse file while a load runs: opened once, repaired first.

Here belongs: opening and making the file, and putting right what a killed run left.
Not here: what it holds of a list (held.py); loading rows, which dlt does over the same
connection (pipeline.py).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from bill_source.errors import WarehouseError
from bill_source.held import DATASET
from bill_source.tables import LOAD_ID, RAW, SCHEMAS

NOT_DONE = (
    "_dlt_load_id not in (select load_id from raw_bill._dlt_loads where status = 0)"
)
SETTINGS = {
    "TimeZone": "UTC",
    # History grows, a load's memory need not.
    "memory_limit": "128MiB",
    # A second thread costs half as much again, while others fetch and parse.
    "threads": "1",
    # Row groups are compressed once, not after every package.
    "checkpoint_threshold": "96MiB",
}
COMPRESSED = "varchar using compression zstd"
"""For JSON: a fifth of the size in half the time of what DuckDB would choose."""
FILE: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": "v1.5.0"
}
"""DuckDB has this compression since 1.2; since 1.3 other texts cost half to write."""
SQL_TYPES = {
    pa.string(): "varchar",
    pa.decimal128(18, 2): "decimal(18, 2)",
    pa.decimal128(28, 8): "decimal(28, 8)",
    pa.int64(): "bigint",
    pa.bool_(): "boolean",
    pa.date32(): "date",
    pa.timestamp("us", tz="UTC"): "timestamptz",
}
DAMAGED = (
    "Delete the file (and its .wal) and run the sync again: the file is made anew;"
    " decisions are kept elsewhere."
)


class Warehouse:
    """The raw tables of one connection, from the start of a load to its end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: duckdb.DuckDBPyConnection | None = None

    def open(self) -> None:
        """Open the file if there is one.

        Raises:
            WarehouseError: It is in use, damaged, not writable or the disk is full.
        """
        if self.path.exists():
            try:
                self._connection = duckdb.connect(self.path)
                for name, value in SETTINGS.items():
                    self._connection.execute(f"set {name} = '{value}'")
            except duckdb.Error as error:
                raise self.error(error) from error

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def connection(self) -> duckdb.DuckDBPyConnection:
        """Return the open file, made now where there is none.

        DuckDB writes a new file's header in steps: killed between them, it leaves a
        file that nothing can open. So the file gets its name when it is whole.
        """
        if self._connection is None:
            fresh = self.path.with_name(f"{self.path.name}.new")
            fresh.unlink(missing_ok=True)
            try:
                with duckdb.connect(fresh, config=FILE) as connection:
                    _run(connection, _statements({}))
            except duckdb.Error as error:
                raise self.error(error) from error
            fresh.replace(self.path)
            self.open()
        assert self._connection is not None  # noqa: S101 - open() raises otherwise
        return self._connection

    @property
    def is_there(self) -> bool:
        """Whether the file exists."""
        return self._connection is not None

    def ask(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """Run one query, from any thread; without the file there are no rows."""
        if self._connection is None:
            return []
        try:
            with self._connection.cursor() as cursor:
                return cursor.execute(query, values or None).fetchall()
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

    def tables(self) -> dict[str, set[str]]:
        """Columns of each existing raw table."""
        rows = self.ask(
            "select table_name, list(column_name) from information_schema.columns"
            " where table_schema = $schema group by all",
            schema=DATASET,
        )
        return {table: set(columns) for table, columns in rows}

    def add_tables(self) -> None:
        """Give a file of an older version the tables and columns it lacks."""
        statements = _statements(self.tables())
        if len(statements) > 1:
            self._execute(["begin", *statements, "commit"])

    def _execute(self, statements: Sequence[str]) -> list[int]:
        try:
            with self.connection().cursor() as cursor:
                return _run(cursor, statements)
        except duckdb.Error as error:
            raise self.error(error) from error

    def roll_back(self) -> int:
        """Delete the rows of loads that did not end; return how many there were.

        dlt marks a load as done last, after all its files. A load without the mark was
        killed half-way, and dlt's own state table is read by the same rule: so rows
        and watermarks go back together, to the end of the last whole load.
        """
        present = self.tables()
        unfinished = "true" if "_dlt_loads" not in present else NOT_DONE
        marked = [table for table, found in present.items() if LOAD_ID in found]
        if not marked:
            return 0
        deletions = [
            f"delete from {DATASET}.{table} where {unfinished}"  # noqa: S608 - our names
            for table in marked
        ]
        return sum(self._execute(["begin", *deletions, "commit"]))


def _run(connection: duckdb.DuckDBPyConnection, statements: Sequence[str]) -> list[int]:
    done = [connection.execute(one).fetchall() for one in statements]
    return [int(rows[0][0]) for rows in done if rows]


def _statements(present: Mapping[str, set[str]]) -> list[str]:
    """Return what makes the raw tables and columns that are not present.

    dlt would make a table when its first row comes; but whoever reads the tables need
    not wonder which of them there are.
    """
    statements = [f"create schema if not exists {DATASET}"]
    for table, schema in SCHEMAS.items():
        wanted = {field.name: SQL_TYPES[field.type] for field in schema}
        wanted |= {LOAD_ID: "varchar"} | ({RAW: COMPRESSED} if RAW in wanted else {})
        columns = ", ".join(f"{name} {kind}" for name, kind in wanted.items())
        if table not in present:
            statements.append(f"create table {DATASET}.{table} ({columns})")
            continue
        statements += [
            f"alter table {DATASET}.{table} add column {name} {kind}"
            for name, kind in wanted.items()
            if name not in present[table]
        ]
    return statements


def root_of(error: BaseException) -> BaseException:
    """Return the first error of a chain; dlt wraps DuckDB's more than once."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error
