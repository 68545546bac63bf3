"""Which of Dagster's runs are taken for dead."""

import sqlite3
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster_runs import run_of

from orchestration.connections import Connection, Credentials, Registry
from orchestration.locks import exclusive
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
