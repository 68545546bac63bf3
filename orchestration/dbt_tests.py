"""dbt's tests without dbt: the queries it compiled at set-up, made of a warehouse.

Here belongs: running such queries and what they found. Not here: compiling them
(columns.py), which tests a step has and what Dagster is told of them (assets/).

To start a test takes dbt ten times as long as most tests take on a small ledger.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.dbt_models import read_compiled
from orchestration.settings import DBT_PROJECT
from orchestration.warehouse import Warehouse

QUERIES = DBT_PROJECT / "target" / "tests.json"
"""The query of each test by its unique id, as ``make setup`` compiled it."""


@dataclass(frozen=True)
class Tested:
    """What a test found.

    ``status`` is dbt's: pass, warn, fail, or error where the query itself failed, with
    DuckDB's ``message``. ``rows`` are those that must not be, which ``query`` returns.
    """

    unique_id: str
    status: str
    query: str
    rows: int = 0
    message: str = ""


def run(
    warehouse: Warehouse, tests: Iterable[Mapping[str, Any]], found: Path
) -> Iterator[Tested]:
    """Make tests of a warehouse, given as nodes of dbt's manifest.

    The query of each that did not pass is written to the folder ``found``.

    Raises:
        LedgerError: The set-up did not compile the tests.
    """
    import duckdb

    queries = read_compiled(QUERIES, "Checking the ledger: the tests")
    found.mkdir(parents=True, exist_ok=True)
    with warehouse.open() as connection:
        for test in tests:
            unique_id, file = test["unique_id"], found / f"{test['name']}.sql"
            query = queries[unique_id]
            count = f"select count(*) from (\n{query}\n) as found"
            file.unlink(missing_ok=True)
            try:
                [(rows,)] = connection.execute(count).fetchall()
            except duckdb.Error as error:
                tested = Tested(unique_id, "error", query, message=str(error))
            else:
                warns = test["config"]["severity"].upper() == "WARN"
                status = "pass" if not rows else "warn" if warns else "fail"
                tested = Tested(unique_id, status, query, rows)
            if tested.status != "pass":
                file.write_text(query, encoding="utf-8")
            yield tested
