"""Which columns every table of a warehouse has, and from which columns each comes.

Here belongs: finding that out from the models, once at set-up
(``python -m orchestration.columns``, which keeps what dbt compiles on the way, models
and tests), and reading what was found. Not here: whom it is shown to (described.py),
building models (dbt_models.py), making tests (dbt_tests.py).

DuckDB says what the columns are, in the warehouse of a company without records; sqlglot
follows each through the compiled SQL to the tables that the SQL reads.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeAlias

from orchestration.settings import DBT_PROJECT, ConnectionFolder

if TYPE_CHECKING:
    from sqlglot.lineage import Node

    from orchestration.dbt_builds import Compiled

FOUND = DBT_PROJECT / "target" / "columns.json"
"""What ``make setup`` found, beside dbt's manifest."""
COLUMNS = """
select
    schema_name || '.' || table_name,
    map_from_entries(list((column_name, data_type) order by column_index))
from duckdb_columns()
where database_name = current_database() and not internal
group by schema_name, table_name
order by all
"""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    ``type`` is DuckDB's. ``origins``: table and column of what its values come from,
    among what its model reads; none where the model writes them itself, and for tables
    that no model makes.
    """

    type: str
    origins: list[tuple[str, str]]


Columns: TypeAlias = Mapping[str, Mapping[str, Column]]
"""By ``schema.table`` and name, in the table's order."""


def known_columns() -> Columns:
    """Return what the set-up found."""
    found = json.loads(FOUND.read_text(encoding="utf-8"))
    return {
        table: {
            name: Column(column["type"], [(*origin,) for origin in column["origins"]])
            for name, column in columns.items()
        }
        for table, columns in found.items()
    }


def find_columns() -> tuple[Columns, "Compiled"]:
    """Build the ledger of a company without records, and follow its columns.

    Returns what was found, and the SQL in which it was.

    Raises:
        LedgerError: dbt could not compile the models.
    """
    from orchestration import dbt_builds
    from orchestration.warehouse import Warehouse

    with TemporaryDirectory() as place:
        folder = ConnectionFolder(Path(place))
        _write_sources(folder)
        seeds = ["--select", "resource_type:seed"]
        dbt_builds.build(folder.warehouse, folder.dbt, seeds)
        compiled = dbt_builds.compiled(folder.warehouse, folder.dbt)
        models = compiled.models
        with Warehouse(folder).open() as connection:
            for schema in {table.split(".")[0] for table in models}:
                connection.execute(f"create schema if not exists {schema}")
            for table, sql in models.items():
                # All as tables: DuckDB plans a view of views from the bottom each time.
                connection.execute(f"create table {table} as {sql}")
            types = dict(connection.execute(COLUMNS).fetchall())
    origins = _origins(models, types)
    found = {
        table: {
            name: Column(kind, origins.get(table, {}).get(name, []))
            for name, kind in columns.items()
        }
        for table, columns in types.items()
    }
    return found, compiled


def _write_sources(folder: ConnectionFolder) -> None:
    """Make every table that models read and none makes, empty but for settings."""
    from bill_source.warehouse import Warehouse as RawTables
    from orchestration.connections import Connection
    from orchestration.facts import write_facts
    from orchestration.remembered import Remembered
    from orchestration.store import Store
    from orchestration.warehouse import Warehouse

    raw = RawTables(folder.warehouse)
    raw.connection()
    raw.close()
    nobody, now = Connection("nobody", "0"), datetime.now(UTC)
    warehouse = Warehouse(folder)
    warehouse.write_inputs(nobody, Store(folder.store), now)
    with warehouse.open() as connection:
        remembered = Remembered(folder.store)
        write_facts(connection, nobody.organization_id, remembered, now)


def _origins(
    models: Mapping[str, str], types: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, list[tuple[str, str]]]]:
    """Return the origins of each model's columns."""
    from sqlglot import MappingSchema
    from sqlglot.lineage import lineage

    schema = MappingSchema(dialect="duckdb")
    for table, columns in types.items():
        # As dbt writes it: with the database, which is named for its file.
        schema.add_table(f"warehouse.{table}", dict(columns), dialect="duckdb")
    return {
        table: {
            name: _leaves(node)
            for name, node in lineage(
                None, sql, schema=schema, dialect="duckdb", trim_selects=False
            ).items()
        }
        for table, sql in models.items()
    }


def _leaves(node: "Node") -> list[tuple[str, str]]:
    """Return the columns of tables at the ends of a column's lineage."""
    from sqlglot import exp

    return sorted(
        {
            (f"{end.expression.db}.{end.expression.name}", exp.to_column(end.name).name)
            for end in node.walk()
            if isinstance(end.expression, exp.Table)
        }
    )


def main() -> None:
    """Write what is found where `known_columns` and builds read it."""
    from orchestration import dbt_models, dbt_tests

    tables, compiled = find_columns()
    found = {
        table: {name: vars(column) for name, column in columns.items()}
        for table, columns in tables.items()
    }
    dbt_models.keep(compiled.nodes)
    dbt_tests.QUERIES.write_text(json.dumps(compiled.tests), encoding="utf-8")
    FOUND.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
