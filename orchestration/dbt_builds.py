"""dbt as we run it: in this process, from the manifest that the set-up parsed.

Here belongs: one ``dbt build`` on one warehouse and what it said, and models and tests
as dbt compiles them. Not here: which assets that makes (assets/transform.py), its tests
(dbt_tests.py), the same tables again without dbt (dbt_models.py), the models
themselves (dbt_project).

A dbt of its own would start and parse for as long as it builds a small ledger, twice a
run. In this process it must let the warehouse go when done: DuckDB gives a file to one
process in one mode. A process builds one ledger at a time.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.dbt_models import AT_ONCE, threads_each
from orchestration.failures import LedgerError
from orchestration.settings import DBT_PROJECT
from orchestration.views import escaped

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest
    from dbt_common.events.base_types import EventMsg

PROFILE = """\
# Written by each run; edit dbt_project/profiles.yml for work on the models.
bill_ledger:
  target: connection
  outputs:
    connection:
      type: duckdb
      path: '{path}'
      threads: {models}
      settings:
        TimeZone: UTC
        threads: {threads}
"""
PARSED = DBT_PROJECT / "target" / "partial_parse.msgpack"
"""What ``make setup`` parsed, as manifest.json is."""
RESULTS = frozenset({"LogModelResult", "LogSeedResult"})


@dataclass(frozen=True)
class Built:
    """What a build did.

    ``events``: what dbt said of each node's end, shaped as dbt's JSON log. ``results``:
    ``unique_id``, ``status`` and ``message`` of each node. ``error``: why dbt itself
    stopped, else ''.
    """

    events: list[dict[str, Any]]
    results: list[dict[str, Any]]
    error: str

    @property
    def succeeded(self) -> bool:
        """Whether every model was built and no test of severity error failed."""
        bad = {"error", "fail", "skipped"}
        return not self.error and not any(row["status"] in bad for row in self.results)


@dataclass(frozen=True)
class Compiled:
    """The project's SQL.

    ``models`` by ``schema.table``, each after those it reads; ephemeral ones are within
    the SQL of those that read them. ``tests`` by unique id. ``nodes`` are dbt's own of
    all models.
    """

    models: dict[str, str]
    tests: dict[str, str]
    nodes: list[Any]


def build(warehouse: Path, folder: Path, selected: Sequence[str]) -> Built:
    """Build the selected models and seeds of the project in a DuckDB file.

    ``folder`` gets the profile and, below ``target``, the compiled SQL.
    Raises what stops a process: an interrupt, not an error of dbt.
    """
    from dbt_common.events.functions import msg_to_dict

    said: list[EventMsg] = []
    kinds = ["--resource-type", "model", "--resource-type", "seed"]
    words = ["build", *kinds, "--indirect-selection", "empty", *selected]
    done = _invoke(words, warehouse, folder, lambda event: _keep_result(event, said))
    return Built(
        [msg_to_dict(event) for event in said],
        _results(done.result),
        str(done.exception or ""),
    )


def compiled(warehouse: Path, folder: Path) -> Compiled:
    """Return the SQL of every model and test.

    Raises:
        LedgerError: dbt could not compile them.
    """
    kinds = ["resource_type:model", "resource_type:test"]
    words = ["--no-introspect", "--indirect-selection", "empty", "--select", *kinds]
    done = _invoke(["compile", *words], warehouse, folder)
    if not done.success:
        raise LedgerError(f"Compiling the ledger: dbt failed. {done.exception}")
    result: Any = done.result
    nodes = [row.node for row in result.results]
    return Compiled(
        {
            f"{node.schema}.{node.name}": node.compiled_code
            for node in nodes
            if node.config.materialized not in ("ephemeral", "test")
        },
        {
            node.unique_id: node.compiled_code
            for node in nodes
            if node.config.materialized == "test"
        },
        [node for node in nodes if node.config.materialized != "test"],
    )


def _invoke(
    words: Sequence[str],
    warehouse: Path,
    folder: Path,
    *callbacks: Callable[["EventMsg"], None],
) -> "dbtRunnerResult":
    """Run a dbt command here, and let the warehouse go."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import reset_adapters
    from dbt.cli.main import dbtRunner

    options = _options(_write_profile(warehouse, folder), folder / "target")
    try:
        with chdir(DBT_PROJECT):  # dbt goes there and may not come back
            done = dbtRunner(_manifest(), [*callbacks]).invoke([*words, *options])
    finally:
        reset_adapters()  # type: ignore[no-untyped-call]
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    if done.exception is not None and not isinstance(done.exception, Exception):
        raise done.exception
    return done


def _manifest() -> "Manifest":
    """Read what the set-up parsed, in a thread of its own.

    What decodes it swallows whatever strikes it, and an interrupt strikes this thread.
    """
    from dbt.contracts.graph.manifest import Manifest

    with ThreadPoolExecutor(1) as reader:
        return reader.submit(Manifest.from_msgpack, PARSED.read_bytes()).result()


def _write_profile(warehouse: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path, threads = escaped(str(warehouse)), threads_each()  # as YAML has it too
    profile = PROFILE.format(path=path, models=AT_ONCE, threads=threads)
    (folder / "profiles.yml").write_text(profile, encoding="utf-8")
    return folder


def _options(profiles: Path, target: Path) -> list[str]:
    return [
        *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(profiles)),
        *("--target-path", str(target), "--log-path", str(target)),
        *("--log-level", "none", "--log-level-file", "none"),
        "--no-write-json",  # nobody reads it here, and it costs seconds
    ]


def _keep_result(event: "EventMsg", said: list["EventMsg"]) -> None:
    if event.info.name in RESULTS:
        said.append(event)


def _results(result: Any) -> list[dict[str, Any]]:
    return [
        {
            "unique_id": row.node.unique_id,
            "status": str(row.status),
            "message": str(row.message or ""),
        }
        for row in getattr(result, "results", ())
    ]
