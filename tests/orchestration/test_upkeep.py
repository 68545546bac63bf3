"""Which of Dagster's runs are taken for dead, and which are forgotten."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster_runs import run_of

from orchestration.assets.partitions import CONNECTIONS
from orchestration.connections import Connection, Credentials, Registry
from orchestration.locks import exclusive
from orchestration.running import prepare
from orchestration.settings import Home
from orchestration.upkeep import tidy

STARTING, STARTED = dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED
FAILURE = dg.DagsterRunStatus.FAILURE


@pytest.mark.parametrize(
    ("status", "minutes", "is_locked", "wanted"),
    [
        pytest.param(STARTING, 0, False, STARTING, id="waited long, starts now"),
        pytest.param(STARTED, 0, False, STARTED, id="will take its lock"),
        pytest.param(STARTED, 60, True, STARTED, id="works"),
        pytest.param(STARTING, 60, False, FAILURE, id="never came up"),
        pytest.param(STARTED, 60, False, FAILURE, id="was killed"),
    ],
)
def test_a_run_is_dead_when_it_holds_no_lock_long_after_it_started(
    home: Home,
    tmp_path: Path,
    status: dg.DagsterRunStatus,
    minutes: int,
    is_locked: bool,  # noqa: FBT001 - a parameter of the test
    wanted: dg.DagsterRunStatus,
) -> None:
    """However long it was in the queue: each of these was made an hour ago."""
    Registry(home).save(Connection("acme", "1"), Credentials("nightly", "pass", "key"))
    folder = home.connection("acme")
    folder.path.mkdir()
    now = datetime.now(UTC).replace(tzinfo=None)
    made, changed = now - timedelta(hours=1), now - timedelta(minutes=minutes)
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance, ExitStack() as stack:
        run = instance.add_run(run_of("acme", status))
        with closing(sqlite3.connect(tmp_path / "history" / "runs.db")) as runs, runs:
            runs.execute(
                "update runs set create_timestamp = ?, update_timestamp = ?",
                (str(made), str(changed)),
            )
        if is_locked:
            stack.enter_context(exclusive(folder.lock))

        tidy(instance, home)

        found = instance.get_run_by_id(run.run_id)
    assert found is not None
    assert found.status is wanted


@dg.asset(
    key=dg.AssetKey(["published", "ledger_file"]),
    partitions_def=CONNECTIONS,
    check_specs=[
        dg.AssetCheckSpec("is_there", asset=dg.AssetKey(["published", "ledger_file"]))
    ],
)
def ledger_file() -> Iterator[Any]:
    """A table that a run makes, and its check."""
    yield dg.MaterializeResult(check_results=[dg.AssetCheckResult(passed=True)])


def test_old_runs_are_forgotten_but_the_newest_of_each_connection(home: Home) -> None:
    """Their files go too; when a table was last made stays known."""
    for name in ("acme", "other"):
        Registry(home).save(Connection(name, "1"), Credentials("nightly", "pass", "k"))
    prepare(home)
    with dg.DagsterInstance.get() as instance:
        tidy(instance, home)
        runs = {
            name: [
                dg.materialize([ledger_file], instance=instance, partition_key=name)
                for _ in range(count)
            ]
            for name, count in (("acme", 3), ("other", 1))
        }
        recent = dg.materialize([ledger_file], instance=instance, partition_key="acme")
        going = instance.add_run(run_of("acme", STARTED))
        tidy(instance, home)
        assert instance.get_runs_count() == 6
        grow_old(home, but=[recent.run_id])

        tidy(instance, home)

        left = {run.run_id for run in instance.get_runs()}
        assert left == {runs["other"][0].run_id, recent.run_id, going.run_id}
        for name, run in (("acme", recent), ("other", runs["other"][0])):
            asked = dg.AssetRecordsFilter(ledger_file.key, asset_partitions=[name])
            (newest,) = instance.fetch_materializations(asked, limit=9).records
            assert newest.run_id == run.run_id
    files = {path.stem for path in (home.dagster / "history" / "runs").glob("*.db")}
    assert files & {run.run_id for run in runs["acme"]} == set()
    index = home.dagster / "history" / "runs" / "index.db"
    with closing(sqlite3.connect(index)) as kept:
        told = kept.execute("select distinct run_id from asset_check_executions")
        assert {row[0] for row in told} == {runs["other"][0].run_id, recent.run_id}


def grow_old(home: Home, but: list[str]) -> None:
    """Let all runs be made two months ago, except some."""
    made = str(datetime.now(UTC).replace(tzinfo=None) - timedelta(days=60))
    runs = home.dagster / "history" / "runs.db"
    with closing(sqlite3.connect(runs)) as history, history:
        history.execute(
            "update runs set create_timestamp = ? where run_id <> ?", (made, *but)
        )
