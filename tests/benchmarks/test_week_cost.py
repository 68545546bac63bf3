"""Five clients, the hourly schedule and the daemon: a simulated week.

An hour of theirs lasts twenty seconds, less than five syncs take on a small machine: so
the schedule finds somebody busy all the time. Only the first and the last last until
nobody is. All but the clock is the product's own (fast_week.py).
`make bench week HOURS=168` lives a whole week.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from shell import Shell

from bill_source.sandbox import SandboxServer
from orchestration.automation import UNFINISHED
from orchestration.resources import PAUSES
from orchestration.running import enroll
from orchestration.settings import Home, program, quiet_environment
from orchestration.store import Store
from orchestration.upkeep import PARTITION_TAG

CLIENTS = ("one", "two", "three", "four", "five")
REVOKED, SHAKEN, WATCHED = CLIENTS[2], CLIENTS[3], CLIENTS[0]
HOUR = 20.0
MONDAY = datetime(2030, 1, 7, tzinfo=UTC)
LOCATION = Path(__file__).with_name("fast_week.py")
ANALYST = Path(__file__).with_name("analyst.py")
Bills = dict[str, SandboxServer]


@pytest.fixture
def bills() -> Iterator[Bills]:
    """A tiny company's BILL for each client."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(SandboxServer(seed=20 + number, months=1))
            for number, name in enumerate(CLIENTS)
        }


@pytest.mark.timeout(1_000_000)
def test_a_week_of_hourly_syncs(
    tmp_path: Path, bills: Bills, pytestconfig: pytest.Config
) -> None:
    """All are published; a revoked token and an outage are nobody else's trouble."""
    hours = int(pytestconfig.getoption("--hours"))
    shell = Shell(Home(tmp_path / "home"), tmp_path)
    for name, bill in bills.items():
        shell.connect(bill, name)
    enroll(shell.home)
    tick(shell, MONDAY)
    with (
        dg.DagsterInstance.from_config(str(shell.home.dagster)) as instance,
        daemon(shell),
        analyst(shell) as seen,
    ):
        for hour in range(hours):
            if hour in (1, hours - 1):
                wait_for_all(instance)
            happen(bills, hour, hours)
            tick(shell, MONDAY + timedelta(hours=hour))
            time.sleep(HOUR)
            for bill in bills.values():
                bill.advance_seconds(3600)
            print(".", end="", flush=True)
        wait_for_all(instance)
        runs = instance.get_run_records()
    show(shell, runs, seen, hours)

    assert overlaps(runs) == []
    for name in CLIENTS:
        ends = ended(shell, name)
        assert ends.count(3) == (name == REVOKED), name
        assert 1 not in ends or name == SHAKEN, name
        assert ends[-1] == (3 if name == REVOKED else 0), name
        assert shell.home.connection(name).ledger.exists(), name
    if HOUR * hours / 4 > 2 * sum(PAUSES):  # a shorter outage is outlived
        assert 1 in ended(shell, SHAKEN)
    assert seen["troubles"] == []
    assert seen["held_is_unchanged"]
    assert seen["ledgers"] > 1


def happen(bills: Bills, hour: int, hours: int) -> None:
    """Revoke a token, bring a night with news, have an outage and end it, in turn."""
    if hour == hours // 4:
        gate = bills[REVOKED]._gate
        gate.credentials = replace(gate.credentials, token_password="another")
        bills[REVOKED].faults.expire_session()  # else it is used for days
    if hour == hours // 2:
        bills[SHAKEN].faults.down()
    if hour == hours * 3 // 4:
        bills[SHAKEN].faults.clear()
    if hour and hour % min(24, hours // 2) == 0:
        for bill in bills.values():
            bill.advance_days(1)


def tick(shell: Shell, hour: datetime) -> None:
    """Let the schedule's next hour begin."""
    now = shell.home.path / "hour"
    now.with_suffix(".new").write_text(hour.isoformat())
    now.with_suffix(".new").rename(now)


def wait_for_all(instance: dg.DagsterInstance) -> None:
    """Wait until all had a run, and none goes on or waits for its turn."""
    since = time.time()
    unfinished = dg.RunsFilter(statuses=UNFINISHED)
    while instance.get_runs_count() < len(CLIENTS) or instance.get_runs(unfinished):
        assert time.time() < since + 3600, "an hour was not enough for all"
        time.sleep(1)


def ended(shell: Shell, name: str) -> list[int]:
    """The exit status of each run of a client, oldest first."""
    return [
        row["exit_status"] for row in Store(shell.home.connection(name).store).runs()
    ]


def overlaps(runs: Sequence[dg.RunRecord]) -> list[tuple[str, str]]:
    """Runs of one client that went on at the same time."""
    found = []
    for name in CLIENTS:
        spans = sorted(
            (run.start_time, run.end_time or time.time(), run.dagster_run.run_id)
            for run in runs
            if run.start_time and run.dagster_run.tags[PARTITION_TAG] == name
        )
        found += [
            (one[2], next_[2]) for one, next_ in pairwise(spans) if next_[0] < one[1]
        ]
    return found


@contextmanager
def daemon(shell: Shell) -> Iterator[None]:
    """Run Dagster over our code location as ``bill-ledger ui`` does, and all it starts.

    A daemon alone would load the code again every minute.
    """
    with shell.serve(
        *("dev", "--python-file", str(LOCATION), "--port", "0"),
        path=program("dagster"),
        **quiet_environment(shell.home),
    ):
        yield


@contextmanager
def analyst(shell: Shell) -> Iterator[dict[str, Any]]:
    """Let an analyst look at one client's ledger; what was seen is there at the end."""
    ledger = shell.home.connection(WATCHED).ledger
    seen: dict[str, Any] = {}
    with subprocess.Popen(
        [sys.executable, str(ANALYST), str(ledger)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield seen
        said, _ = process.communicate(timeout=60)
        seen |= json.loads(said)


def show(
    shell: Shell,
    runs: Sequence[dg.RunRecord],
    seen: dict[str, Any],
    hours: int,
) -> None:
    """Print what happened."""
    print(f"\n{hours} hours, {len(runs)} runs")
    for name in CLIENTS:
        folder = shell.home.connection(name)
        ends = ended(shell, name)
        spent = [
            run.end_time - run.start_time
            for run in runs
            if run.dagster_run.tags[PARTITION_TAG] == name
            and run.start_time
            and run.end_time
        ]
        print(
            f"{name:6} {len(ends):3} runs, exit statuses {''.join(map(str, ends))},"
            f" {max(spent):.0f} s the longest, {Store(folder.store).state().state}"
        )
    print(f"the analyst: {seen}")
