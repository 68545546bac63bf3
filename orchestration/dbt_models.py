"""dbt's models without dbt: the SQL that it compiled at set-up, run in a warehouse.

Here belongs: building tables anew that dbt has built before. Not here: compiling them
(columns.py), their first build with views, seeds and contracts (dbt_builds.py), which
of their rows need not be made anew (incremental.py), which tables a step has and what
Dagster is told of them (assets/).

To start a table takes dbt ten times as long as most tables take on a small ledger.
"""

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.failures import LedgerError
from orchestration.settings import DBT_PROJECT
from orchestration.views import escaped
from orchestration.warehouse import Warehouse

if TYPE_CHECKING:
    import duckdb

QUERIES = DBT_PROJECT / "target" / "models.json"
"""The `Model` of each by its unique id, as ``make setup`` compiled it."""
META = ("record", "entry", "together", "names")
"""What a model may say of its rows; see dbt_project/README.md."""
AT_ONCE = 2
"""Tables that are built side by side. They share the cores: two that both use all of
them take a quarter more CPU time and are done no sooner."""

BUILT = """
select
    case table_type when 'VIEW' then 'view' else 'table' end,
    format('"{}"."{}"', table_schema, table_name)
from information_schema.tables
where table_catalog = current_database()
    and table_schema in ('staging', 'intermediate', 'ledger')
order by all
"""
"""Tables and views in the schemas of models."""


@dataclass(frozen=True)
class Model:
    """A table or view, as dbt compiled it.

    ``name`` with schema and database, quoted; ``query`` its rows; ``comments`` the
    statements that say what it and its columns are, '' where nothing is said; ``reads``
    the unique ids of the models it reads; ``record`` and ``entry``: the expressions by
    which a row says whose it is, '' where it does not; ``together``: which rows are of
    entries that are of several records; ``names``: by which id journals know a row's
    entry.
    """

    name: str
    is_table: bool
    query: str
    comments: str
    reads: list[str]
    record: str
    entry: str
    together: str
    names: str


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
    models = compiled_models()
    tables = [name for name in wanted if models[name].is_table]
    with warehouse.open() as connection:
        return run(connection, models, tables, statements, failed)


def drop_others(warehouse: Warehouse) -> list[str]:
    """Drop what an older release built and no model builds any more.

    Returns:
        Which tables and views those were, as ``schema.table``.
    """
    made = {model.name.split(".", 1)[1] for model in compiled_models().values()}
    with warehouse.open() as connection:
        built = connection.execute(BUILT).fetchall()
        others = [(kind, name) for kind, name in built if name not in made]
        for kind, name in others:
            connection.execute(f"drop {kind} {name}")
    return [name.replace('"', "") for _, name in others]


def statements(model: Model) -> list[str]:
    """Return what builds a table anew."""
    build = f"create or replace table {model.name} as {model.query}"
    return [build, model.comments] if model.comments else [build]


def run(
    connection: "duckdb.DuckDBPyConnection",
    models: Mapping[str, Model],
    wanted: Iterable[str],
    build: Callable[[Model], list[str]],
    failed: Path,
) -> list[Rebuilt]:
    """Execute the statements that build these models, each after those it reads."""
    waiting = TopologicalSorter(_graph(models, {*wanted}))
    waiting.prepare()
    rebuilt: list[Rebuilt] = []
    connection.execute(f"set threads = {threads_each()}")
    with ThreadPoolExecutor(AT_ONCE) as workers:
        running: set[Future[Rebuilt]] = set()
        while waiting.is_active():
            for name in waiting.get_ready():
                todo = (connection.cursor(), name, build(models[name]))
                running.add(workers.submit(_run, *todo))
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
            file.write_text(models[each.unique_id].query, encoding="utf-8")
    return rebuilt


def _run(
    connection: "duckdb.DuckDBPyConnection", unique_id: str, todo: Iterable[str]
) -> Rebuilt:
    import duckdb

    before = time.monotonic()
    status, message = "success", ""
    try:
        connection.execute("set TimeZone = 'UTC'")
        for statement in todo:
            connection.execute(statement)
    except duckdb.Error as error:
        status, message = "error", str(error)
    finally:
        connection.close()
    return Rebuilt(unique_id, status, time.monotonic() - before, message)


def _graph(models: Mapping[str, Model], wanted: set[str]) -> dict[str, set[str]]:
    """Return what each of these reads of these, others looked through."""

    def reads(name: str) -> Iterator[str]:
        for read in models[name].reads:
            if read in wanted:
                yield read
            else:
                yield from reads(read)

    return {name: {*reads(name)} for name in wanted}


def compiled_models() -> dict[str, Model]:
    """Return what the set-up compiled.

    Raises:
        LedgerError: There is no such file, or it is damaged.
    """
    found = read_compiled(QUERIES, "Building the ledger: the models")
    return {unique_id: Model(**model) for unique_id, model in found.items()}


def read_compiled(file: Path, what: str) -> dict[str, Any]:
    """Return what the set-up compiled into a file; ``what`` begins the error.

    Raises:
        LedgerError: There is no such file, or it is damaged.
    """
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LedgerError(
            f"{what} that the set-up compiled cannot be read ({file}: {error})."
            " Run `make setup` and sync again."
        ) from error
    return found


def keep(nodes: Iterable[Any]) -> None:
    """Keep what dbt compiled, given as its own nodes of all models."""
    every = {node.unique_id: node for node in nodes}
    models = {
        unique_id: vars(_model(node, sorted({*_reads(node, every)})))
        for unique_id, node in every.items()
        if node.config.materialized != "ephemeral"
    }
    QUERIES.write_text(json.dumps(models), encoding="utf-8")


def _reads(node: Any, every: Mapping[str, Any]) -> Iterator[str]:
    for unique_id in node.depends_on.nodes:
        read = every.get(unique_id)
        if read is not None and read.config.materialized == "ephemeral":
            yield from _reads(read, every)
        elif read is not None:
            yield unique_id


def _model(node: Any, reads: list[str]) -> Model:
    query, comments = f"(\n{node.compiled_code}\n)", []
    if node.config.contract.enforced:
        query = f"select {', '.join(node.columns)} from {query} as model"
    if node.config.persist_docs.get("relation"):
        said = escaped(node.description)
        comments.append(f"comment on table {node.relation_name} is '{said}';")
    if node.config.persist_docs.get("columns"):
        for name, column in node.columns.items():
            said = escaped(column.description)
            comments.append(
                f"comment on column {node.relation_name}.{name} is '{said}';"
            )
    return Model(
        node.relation_name,
        node.config.materialized == "table",
        query,
        "\n".join(comments),
        reads,
        *(node.config.meta.get(what, "") for what in META),
    )
