"""What the ledger was last built from, so that it is not built again from the same.

Here belongs: the fingerprints of everything dbt reads and of its structure, and the
notes in the warehouse of those that the ledger there comes from. Not here: building
(assets/transform.py), publishing (publish.py).

Two fingerprints are equal only where a build would give the same ledger. Models compare
input instants with the run's own, and take its day in the organization's time zone:
both count, the instant itself does not.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from orchestration.settings import DBT_PROJECT
from orchestration.warehouse import Warehouse

if TYPE_CHECKING:
    import duckdb

BUILT_FROM = "builds.built_from"
"""One row: the fingerprint of what the whole ledger in this warehouse comes from."""
CHECKED_ALONE = "whatever documents there were"
"""The fingerprint of a whole ledger, checked, whose documents an earlier run built."""
STRUCTURES = "builds.structures"
"""A row per step of a build: the structure its views stand for and were checked in."""
NOT_READ = ("staging", "intermediate", "ledger", "seeds", "builds", "history")
UNREAD = frozenset({"_raw", "as_of", "last_synced_at"})
"""BILL's text, for which `_content_hash` stands; the instants of runs, which
never repeat: they are published all the same."""
BUILT_WITH = ("bill-ledger", "dbt-core", "dbt-duckdb", "duckdb")
INPUTS = """
select schema_name, table_name, list(column_name order by column_index),
    list(column_name order by column_index)
        filter (data_type = 'TIMESTAMP WITH TIME ZONE')
from duckdb_columns()
where database_name = current_database() and not internal
    and schema_name not in (select unnest(?))
    and not starts_with(schema_name, '_dlt') and not starts_with(table_name, '_dlt')
group by all
order by all
"""
COLUMNS = """
select schema_name, table_name, column_name, data_type
from duckdb_columns()
where database_name = current_database() and not internal
    and schema_name not in (select unnest(?))
order by all
"""
NOW = "(select max(as_of) from settings.connection_settings)"
TODAY = """
select cast(timezone(org_timezone, as_of) as date) from settings.connection_settings
"""


@dataclass(frozen=True)
class Builds:
    """The builds of one warehouse; the caller holds the connection's lock."""

    warehouse: Warehouse

    def fingerprint(self) -> str:
        """Return what stands for all inputs of a build as they are now."""
        digest = hashlib.sha256()
        with self.warehouse.open() as connection:
            for part in (*_code(), *_rows(connection)):
                digest.update(part)
        return digest.hexdigest()

    def built_from(self) -> str:
        """Return the fingerprint that the whole ledger here comes from.

        '' where something was built since a whole ledger passed its checks.
        """
        with self.warehouse.open() as connection:
            _make_table(connection)
            rows = connection.execute(f"from {BUILT_FROM}").fetchall()
        return str(rows[0][0]) if rows else ""

    def keep(self, fingerprint: str) -> None:
        """Note what the whole ledger here comes from; '' where that is not known."""
        with self.warehouse.open() as connection:
            _make_table(connection)
            connection.execute("begin")
            connection.execute(f"delete from {BUILT_FROM}")
            if fingerprint:
                connection.execute(
                    f"insert into {BUILT_FROM} values (?)", [fingerprint]
                )
            connection.execute("commit")

    def structure(self) -> str:
        """Return what stands for the code that builds and the columns that it reads."""
        digest = hashlib.sha256()
        with self.warehouse.open() as connection:
            columns = connection.execute(COLUMNS, [list(NOT_READ)]).fetchall()
        for part in (*_code(), str(columns).encode()):
            digest.update(part)
        return digest.hexdigest()

    def was_built_in(self, step: str, structure: str) -> bool:
        """Say whether a step's last whole build was of this structure."""
        with self.warehouse.open() as connection:
            _make_table(connection)
            query = f"from {STRUCTURES} where step = ? and structure = ?"
            return bool(connection.execute(query, [step, structure]).fetchall())

    def keep_structure(self, step: str, structure: str) -> None:
        """Note the structure of a step's last whole build; '' before there is one."""
        with self.warehouse.open() as connection:
            _make_table(connection)
            connection.execute("begin")
            connection.execute(f"delete from {STRUCTURES} where step = ?", [step])
            if structure:
                row = [step, structure]
                connection.execute(f"insert into {STRUCTURES} values (?, ?)", row)
            connection.execute("commit")

    def forget(self) -> None:
        """Forget every note, so that the next build is whole."""
        with self.warehouse.open() as connection:
            connection.execute("drop schema if exists builds cascade")


def _make_table(connection: "duckdb.DuckDBPyConnection") -> None:
    connection.execute("create schema if not exists builds")
    connection.execute(f"create table if not exists {BUILT_FROM} (fingerprint varchar)")
    connection.execute(
        f"create table if not exists {STRUCTURES} (step varchar, structure varchar)"
    )


def _code() -> Iterator[bytes]:
    """Yield what builds: our dbt project's files, the versions of what runs them."""
    for name in BUILT_WITH:
        yield f"{name} {version(name)}".encode()
    for suffix in ("sql", "yml", "csv"):
        for path in sorted(DBT_PROJECT.rglob(f"*.{suffix}")):
            place = path.relative_to(DBT_PROJECT)
            if place.parts[0] not in {"target", "logs"}:
                yield str(place).encode()
                yield path.read_bytes()


def _rows(connection: "duckdb.DuckDBPyConnection") -> Iterator[bytes]:
    """Yield what stands for the rows that dbt reads, a table at a time."""
    yield str(connection.execute(TODAY).fetchall()).encode()
    tables = connection.execute(INPUTS, [list(NOT_READ)]).fetchall()
    for schema, table, columns, instants in tables:
        known = [name for name in instants or () if name not in UNREAD]
        asked = [
            "count(*)",
            f"sum(hash({', '.join(_quoted(columns))}))",
            *(f"count_if({name} <= {NOW})" for name in _quoted(known)),
        ]
        query = f'select {", ".join(asked)} from {schema}."{table}"'
        found = connection.execute(query).fetchall()
        yield f"{schema}.{table} {columns} {found}".encode()


def _quoted(names: list[str]) -> list[str]:
    return [f'"{name}"' for name in names if name not in UNREAD]
