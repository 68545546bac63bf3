"""Tests that dbt compiled, made without it: what they find and what is kept of it."""

import json
from pathlib import Path

import pytest
from shell import Shell

from orchestration import dbt_tests
from orchestration.assets.dbt_nodes import all_tests
from orchestration.failures import LedgerError
from orchestration.settings import ConnectionFolder
from orchestration.warehouse import Warehouse

BILLS = "create table bills as select unnest(['1', '1', '2']) as id"
TWICE = "select id from bills group by id having count(*) > 1"
NOWHERE = "select 1 from bills where id is null -- nothing"


@pytest.mark.parametrize(
    ("query", "severity", "status", "rows"),
    [
        (NOWHERE, "ERROR", "pass", 0),
        (TWICE, "ERROR", "fail", 1),
        (TWICE, "warn", "warn", 1),
        ("select vanished from bills", "warn", "error", 0),
    ],
)
def test_a_test_counts_the_rows_that_must_not_be(
    query: str,
    severity: str,
    status: str,
    rows: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """None is a pass, some are what its severity says, a broken query is an error.

    The query of what did not pass is kept until it does.
    """
    warehouse = Warehouse(ConnectionFolder(tmp_path))
    with warehouse.open() as connection:
        connection.execute(BILLS)
    queries, failed = tmp_path / "tests.json", tmp_path / "failed"
    queries.write_text(json.dumps({"test.books.twice": query}))
    monkeypatch.setattr(dbt_tests, "QUERIES", queries)
    config = {"severity": severity}
    node = {"unique_id": "test.books.twice", "name": "twice", "config": config}
    failed.mkdir()
    (failed / "twice.sql").write_text("of the last run")

    [found] = dbt_tests.run(warehouse, [node], failed)

    assert (found.status, found.rows) == (status, rows)
    assert ("vanished" in found.message) is (status == "error")
    kept = {file.name: file.read_text() for file in failed.iterdir()}
    assert kept == ({} if status == "pass" else {"twice.sql": query})


@pytest.mark.parametrize("written", [None, "{"])
def test_without_compiled_tests_it_says_to_set_up(
    written: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing counts as checked then."""
    queries = tmp_path / "tests.json"
    if written:
        queries.write_text(written)
    monkeypatch.setattr(dbt_tests, "QUERIES", queries)
    warehouse = Warehouse(ConnectionFolder(tmp_path))

    with pytest.raises(LedgerError, match="make setup"):
        list(dbt_tests.run(warehouse, [], tmp_path / "failed"))


def test_set_up_compiled_every_test_and_a_sound_ledger_passes_them(
    synced: Shell, tmp_path: Path
) -> None:
    """Those that a sync leaves out between full readings too."""
    tests = all_tests()

    found = dbt_tests.run(Warehouse(synced.home.connection("acme")), tests, tmp_path)

    assert {each.status for each in found} <= {"pass", "warn"}
    assert len(tests) > 200
