"""dbt's tables without dbt: the SQL that it compiled at set-up, run in a warehouse.

Here belongs: building tables anew that dbt has built before. Not here: compiling them
(columns.py), their first build with views, seeds and contracts (dbt_builds.py), which
tables a step has and what Dagster is told of them (assets/).

To start a table takes dbt ten times as long as most tables take on a small ledger.
"""

import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.failures import LedgerError
from orchestration.settings import DBT_PROJECT
from orchestration.warehouse import Warehouse

if TYPE_CHECKING:
    import duckdb

QUERIES = DBT_PROJECT / "target" / "models.json"
"""The `Table` of each model by its unique id, as ``make setup`` compiled it."""
AT_ONCE = 2
"""Tables that are built side by side. They share the cores: two that both use all of
them take a quarter more CPU time and are done no sooner."""


@dataclass(frozen=True)
class Table:
    """A model that is a table, as dbt compiled it.

    ``name`` with its database, quoted; ``query`` its rows; ``comments`` the statements
    that say what it and its columns are, '' where nothing is said; ``reads`` the unique
    ids of the tables it reads, through views too.
    """

    name: str
    query: str
    comments: str
    reads: list[str]


@dataclass(frozen=True)
class Rebuilt:
    """What became of a table, and in how many seconds.

    ``status`` is dbt's: success, or error with DuckDB's ``message``.
    """

    unique_id: str
    status: str
    seconds: float
    message: str = ""


def threads_each() -> int:
    """Return how many threads DuckDB has for each of the tables built side by side."""
    return max(1, (os.cpu_count() or 1) // AT_ONCE)


def rebuild(warehouse: Warehouse, wanted: Iterable[str], failed: Path) -> list[Rebuilt]:
    """Build tables anew, given by their unique ids, what they read first.

    After one that fails no other is begun. Its query is written to the folder
    ``failed``, which has no other of these tables' queries then.

    Raises:
        LedgerError: The set-up did not compile the models.
    """
    every = compiled_tables()
    tables = {unique_id: every[unique_id] for unique_id in wanted}
    rebuilt: list[Rebuilt] = []
    waiting = TopologicalSorter(
        {name: tables.keys() & set(table.reads) for name, table in tables.items()}
    )
    waiting.prepare()
    with warehouse.open() as connection, ThreadPoolExecutor(AT_ONCE) as workers:
        connection.execute(f"set threads = {threads_each()}")
        running: set[Future[Rebuilt]] = set()
        while waiting.is_active():
            for unique_id in waiting.get_ready():
                cursor, table = connection.cursor(), tables[unique_id]
                running.add(workers.submit(_rebuild, cursor, unique_id, table))
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for ended in done:
                rebuilt.append(ended.result())
                waiting.done(rebuilt[-1].unique_id)
            if any(each.status == "error" for each in rebuilt):
                rebuilt += [left.result() for left in running if not left.cancel()]
                break
    failed.mkdir(parents=True, exist_ok=True)
    for each in rebuilt:
        file = failed / f"{each.unique_id.split('.')[2]}.sql"
        file.unlink(missing_ok=True)
        if each.status == "error":
            file.write_text(tables[each.unique_id].query, encoding="utf-8")
    return rebuilt


def _rebuild(
    connection: "duckdb.DuckDBPyConnection", unique_id: str, table: Table
) -> Rebuilt:
    import duckdb

    before = time.monotonic()
    status = message = ""
    try:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"create or replace table {table.name} as {table.query}")
        if table.comments:
            connection.execute(table.comments)
    except duckdb.Error as error:
        status, message = "error", str(error)
    finally:
        connection.close()
    return Rebuilt(unique_id, status or "success", time.monotonic() - before, message)


def compiled_tables() -> dict[str, Table]:
    """Return what the set-up compiled.

    Raises:
        LedgerError: There is no such file, or it is damaged.
    """
    try:
        found = json.loads(QUERIES.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LedgerError(
            f"Building the ledger: the models that the set-up compiled cannot be read"
            f" ({QUERIES}: {error}). Run `make setup` and sync again."
        ) from error
    return {unique_id: Table(**table) for unique_id, table in found.items()}


def keep(nodes: Iterable[Any]) -> None:
    """Keep what dbt compiled, given as its own nodes of all models."""
    models = {node.unique_id: node for node in nodes}
    tables = {
        unique_id: vars(_table(node, [*_reads(node, models)]))
        for unique_id, node in models.items()
        if node.config.materialized == "table"
    }
    QUERIES.write_text(json.dumps(tables), encoding="utf-8")


def _reads(node: Any, models: Mapping[str, Any]) -> Iterator[str]:
    for unique_id in node.depends_on.nodes:
        read = models.get(unique_id)
        if read is not None and read.config.materialized == "table":
            yield unique_id
        elif read is not None:
            yield from _reads(read, models)


def _table(node: Any, reads: list[str]) -> Table:
    query = f"(\n{node.compiled_code}\n)"
    comments = []
    if node.config.contract.enforced:
        columns = ", ".join(node.columns)
        query = f"select {columns} from {query} as model"
    if node.config.persist_docs.get("relation"):
        said = node.description.replace("'", "''")
        comments.append(f"comment on table {node.relation_name} is '{said}';")
    if node.config.persist_docs.get("columns"):
        for name, column in node.columns.items():
            said = column.description.replace("'", "''")
            comments.append(
                f"comment on column {node.relation_name}.{name} is '{said}';"
            )
    return Table(node.relation_name, query, "\n".join(comments), sorted({*reads}))
