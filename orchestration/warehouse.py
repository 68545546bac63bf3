"""The pipeline's own DuckDB file, as far as this part writes and reads it.

Here belongs: opening it, handing dbt its inputs (settings, decisions, categories,
parties), reading what the categorizer needs, rebuilding it from exports. Not here: raw
rows (bill_source), models (dbt_project), the published file (publish.py).
"""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from orchestration.changes import restore_changes
from orchestration.connections import Connection
from orchestration.decision_kinds import KINDS, Kind
from orchestration.decisions import rows_of
from orchestration.failures import WarehouseError
from orchestration.settings import ConnectionFolder
from orchestration.store import (
    CATEGORY_COLUMNS,
    PARTY_COLUMNS,
    Store,
    instant_text,
)

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

LOCK_WAIT_SECONDS = 120
SETTINGS_COLUMNS = {
    "org_id": "VARCHAR",
    "connection_name": "VARCHAR",
    "org_timezone": "VARCHAR",
    "home_currency": "VARCHAR",
    "bill_posting_policy": "VARCHAR",
    "fiscal_year_start_month": "INTEGER",
    "ledger_start_date": "DATE",
    "first_synced_at": "TIMESTAMPTZ",
    "as_of": "TIMESTAMPTZ",
}
LINE_ANSWERS = """
create or replace view decisions.line_answers as
select distinct org_id, source_entity, document_id, line_id, decided_at
from categorizer.line_categories
"""
PARTY_ANSWERS = """
create or replace view decisions.party_answers as
select org_id, source_entity, source_id, party_id, raw_name, normalised_name,
    chosen_name, change_id, decided_at
from categorizer.party_history
"""
CATEGORY_TYPES = {
    "confidence": "DECIMAL(5, 4)",
    "lines_agreeing": "BIGINT",
    "lines_alike": "BIGINT",
    "is_usual_amount": "BOOLEAN",
    "runner_up_confidence": "DECIMAL(5, 4)",
    "decided_at": "TIMESTAMPTZ",
}
PARTY_TYPES = {"score": "DECIMAL(5, 4)", "decided_at": "TIMESTAMPTZ"}
REDIRECT_COLUMNS = {
    "org_id": "VARCHAR",
    "former_party_id": "VARCHAR",
    "party_id": "VARCHAR",
}
SUGGESTION_COLUMNS = {
    "org_id": "VARCHAR",
    "source_entity": "VARCHAR",
    "source_id": "VARCHAR",
    "party_id": "VARCHAR",
    "other_entity": "VARCHAR",
    "other_id": "VARCHAR",
    "other_party_id": "VARCHAR",
    "kind": "VARCHAR",
    "score": "DECIMAL(5, 4)",
    "why": "VARCHAR",
}


@dataclass(frozen=True)
class Warehouse:
    """The warehouse of one connection; the caller holds the connection's lock."""

    folder: ConnectionFolder

    @contextmanager
    def open(self) -> Iterator["duckdb.DuckDBPyConnection"]:
        """Yield a connection in UTC and close it after use.

        Raises:
            WarehouseError: The file is damaged, or another process holds it.
        """
        connection = self._connect()
        try:
            connection.execute("set TimeZone = 'UTC'")
            yield connection
        finally:
            connection.close()

    def _connect(self) -> "duckdb.DuckDBPyConnection":
        import duckdb

        deadline = time.monotonic() + LOCK_WAIT_SECONDS
        while True:
            try:
                return duckdb.connect(str(self.folder.warehouse))
            except duckdb.Error as error:
                if "lock" not in str(error) or time.monotonic() > deadline:
                    raise self._unusable(error) from error
            time.sleep(1)

    def _unusable(self, error: Exception) -> WarehouseError:
        reason = str(error).splitlines()[0]
        if "lock" in reason:
            return WarehouseError(
                f"Opening {self.folder.warehouse}: another program holds it ({reason})."
                " Close it there and run this again; to query, open ledger.duckdb."
            )
        return WarehouseError(
            f"Opening {self.folder.warehouse}: the file is damaged ({reason})."
            " Delete it and sync again: it is made anew from exports/ or from BILL,"
            " and decisions are kept elsewhere."
        )

    def restore(self) -> bool:
        """Make a missing warehouse from the exported raw versions.

        Returns:
            Whether there was something to restore.
        """
        raw = self.folder.exports / "raw_bill"
        files = sorted(raw.glob("*.parquet"))
        if self.folder.warehouse.exists() or not files:
            return False
        import duckdb

        fresh = self.folder.warehouse.with_name("warehouse.duckdb.new")
        fresh.unlink(missing_ok=True)
        with duckdb.connect(str(fresh)) as connection:
            connection.execute("create schema raw_bill")
            for file in files:
                connection.execute(
                    f'create table raw_bill."{file.stem}" as from read_parquet(?)',
                    [str(file)],
                )
            restore_changes(connection, self.folder.exports)
        fresh.replace(self.folder.warehouse)
        return True

    def write_inputs(self, owner: Connection, store: Store, as_of: datetime) -> int:
        """Hand dbt its settings, decisions and categories as of an instant.

        Returns:
            How many decisions there are at that instant.
        """
        with self.open() as connection:
            connection.execute("begin")
            write_settings(connection, owner, as_of, store.first_success() or as_of)
            count = sum(
                write_decisions(connection, owner, store, kind, as_of)
                for kind in KINDS.values()
            )
            write_categories(connection, store)
            connection.execute(LINE_ANSWERS)
            write_parties(connection, owner.organization_id, store)
            connection.execute(PARTY_ANSWERS)
            connection.execute("commit")
        return count

    def row_counts(self) -> dict[str, int]:
        """Return the rows of every table, by ``schema.table``; views have none."""
        with self.open() as connection:
            tables = connection.execute(
                "select schema_name || '.' || table_name, estimated_size"
                " from duckdb_tables() where database_name = current_database()"
            ).fetchall()
        return dict(tables)

    def has_table(self, schema: str, table: str) -> bool:
        """Say whether there is a table or view of that name."""
        query = (
            "select 1 from information_schema.tables"
            " where table_catalog = current_database()"
            " and table_schema = ? and table_name = ?"
        )
        with self.open() as connection:
            return bool(connection.execute(query, [schema, table]).fetchall())

    def frame(self, query: str) -> "pd.DataFrame":
        """Return a query's rows with exact decimals."""
        with self.open() as connection:
            table = connection.sql(query).to_arrow_table()
        frame: pd.DataFrame = table.to_pandas(date_as_object=False)
        return frame


def write_settings(
    connection: "duckdb.DuckDBPyConnection",
    owner: Connection,
    as_of: datetime,
    first_synced_at: str | datetime,
) -> None:
    """Replace the one row of settings.connection_settings."""
    values = (
        owner.organization_id,
        owner.name,
        owner.timezone,
        owner.home_currency,
        owner.bill_posting_policy,
        owner.fiscal_year_start_month,
        owner.ledger_start_date or None,
        first_synced_at,
        as_of,
    )
    replace_table(
        connection, "settings.connection_settings", SETTINGS_COLUMNS, [values]
    )


def decision_columns(kind: Kind) -> dict[str, str]:
    """Return the columns of a kind's table in the warehouse, with their types.

    Rows of one ``decision_id`` were said together; ``line_number`` orders them.
    """
    columns = {"org_id": "VARCHAR"}
    columns |= {column.name: column.type for column in kind.columns}
    return columns | {"line_number": "INTEGER", "decision_id": "BIGINT"}


def write_decisions(
    connection: "duckdb.DuckDBPyConnection",
    owner: Connection,
    store: Store,
    kind: Kind,
    as_of: datetime,
) -> int:
    """Replace one table of schema decisions by all that was said up to an instant.

    What was superseded since stays, so that SQL can tell what counted when.

    Returns:
        How many decisions there are.
    """
    decisions = [
        decision
        for decision in store.decisions(kind.name)
        if decision.effective_at <= instant_text(as_of)
    ]
    rows = [
        (
            owner.organization_id,
            *(row[name] or None for name in kind.header),
            number,
            decision.decision_id,
        )
        for decision in decisions
        for number, row in enumerate(rows_of(kind, json.loads(decision.body)), 1)
    ]
    replace_table(connection, f"decisions.{kind.name}", decision_columns(kind), rows)
    return len(decisions)


def write_categories(connection: "duckdb.DuckDBPyConnection", store: Store) -> int:
    """Append to categorizer.line_categories what the store has and it has not."""
    columns = {name: CATEGORY_TYPES.get(name, "VARCHAR") for name in CATEGORY_COLUMNS}
    columns |= {"decision_id": "BIGINT"}
    _create(connection, "categorizer.line_categories", columns)
    for name, kind in columns.items():  # what a warehouse of an older version lacks
        connection.execute(
            "alter table categorizer.line_categories"
            f" add column if not exists {name} {kind}"
        )
    newest = "select coalesce(max(decision_id), 0) from categorizer.line_categories"
    (last,) = connection.execute(newest).fetchall()[0]
    rows = [
        tuple(row[name] for name in columns) for row in store.categories_after(last)
    ]
    _insert(connection, "categorizer.line_categories", columns, rows)
    return len(rows)


def write_parties(
    connection: "duckdb.DuckDBPyConnection",
    org_id: str,
    store: Store,
    suggestions: Sequence[tuple[Any, ...]] | None = None,
) -> None:
    """Replace memberships, now and ever, and redirects; suggestions where given."""
    columns = {name: PARTY_TYPES.get(name, "VARCHAR") for name in PARTY_COLUMNS}
    members = [tuple(row[name] for name in columns) for row in store.party_members()]
    redirects = [
        (org_id, row["former_party_id"], row["party_id"])
        for row in store.party_redirects()
    ]
    replace_table(connection, "categorizer.party_members", columns, members)
    columns |= {"change_id": "BIGINT"}
    history = [tuple(row[name] for name in columns) for row in store.party_history()]
    replace_table(connection, "categorizer.party_history", columns, history)
    replace_table(
        connection, "categorizer.party_redirects", REDIRECT_COLUMNS, redirects
    )
    suggested = "categorizer.party_suggestions"
    _create(connection, suggested, SUGGESTION_COLUMNS)
    if suggestions is not None:
        replace_table(connection, suggested, SUGGESTION_COLUMNS, suggestions)


def replace_table(
    connection: "duckdb.DuckDBPyConnection",
    table: str,
    columns: dict[str, str],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Make a table of the warehouse anew with these rows."""
    connection.execute(f"drop table if exists {table}")
    _create(connection, table, columns)
    _insert(connection, table, columns, rows)


def _create(
    connection: "duckdb.DuckDBPyConnection", table: str, columns: dict[str, str]
) -> None:
    words = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    connection.execute(f"create schema if not exists {table.split('.', maxsplit=1)[0]}")
    connection.execute(f"create table if not exists {table} ({words})")


def _insert(
    connection: "duckdb.DuckDBPyConnection",
    table: str,
    columns: dict[str, str],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Insert rows through one Arrow table: parameters row by row are far slower."""
    if not rows:
        return
    import pyarrow as pa

    text = [
        pa.array([_text(row[place]) for row in rows], pa.string())
        for place in range(len(columns))
    ]
    fresh = pa.table(text, names=list(columns))
    casts = ", ".join(
        f"cast({name} as {kind}) as {name}" for name, kind in columns.items()
    )
    connection.register("fresh_rows", fresh)
    connection.execute(f"insert into {table} by name select {casts} from fresh_rows")
    connection.unregister("fresh_rows")


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, datetime) else str(value)
