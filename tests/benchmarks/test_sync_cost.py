"""What a sync costs, in CPU-seconds, beside a bare `dbt build` of the same models."""

import resource
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from shell import Shell

from orchestration.settings import DBT_PROJECT, Home, program


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the CPU time, user and system, of the processes that work starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


@pytest.mark.timeout(900)
def test_a_sync_costs_a_small_multiple_of_its_dbt_build(tmp_path: Path) -> None:
    """First load, a night's changes and no change, as multiples of the baseline."""
    shell = Shell(Home(tmp_path / "home"), tmp_path)
    first = cpu_seconds(lambda: shell.done_apart("demo"))
    night = cpu_seconds(lambda: shell.done_apart("demo"))
    nothing = cpu_seconds(lambda: shell.done_apart("sync", "demo"))
    baseline = cpu_seconds(lambda: bare_build(shell))

    print(f"\nbaseline: one bare dbt build  {baseline:6.1f} CPU-s   1.0")
    for what, cost in (
        ("first sync, 24 months", first),
        ("a night's changes", night),
        ("no change", nothing),
    ):
        print(f"{what:28}  {cost:6.1f} CPU-s   {cost / baseline:.1f}")
    assert nothing < 5 * baseline


def bare_build(shell: Shell) -> None:
    """Run every model and test once, without Dagster, on a copy of the warehouse."""
    folder = shell.folder / "baseline"
    folder.mkdir()
    connection = shell.home.connection("demo")
    shutil.copy(connection.warehouse, folder / "warehouse.duckdb")
    words = ["build", "--exclude-resource-type", "unit_test", "--quiet"]
    shell.program(
        program("dbt"),
        *words,
        *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
        *("--target-path", str(folder), "--log-path", str(folder)),
        BILL_LEDGER_WAREHOUSE=str(folder / "warehouse.duckdb"),
    )
