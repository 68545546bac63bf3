"""Full readings: when they run by themselves, and what is remembered of them.

Here belongs: the weekly schedule, the store's table and how older files get it. Not
here: what a full reading finds (test_source_health.py).
"""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
from dagster_runs import clients

from orchestration.automation import full_resync_weekly
from orchestration.drift import FullReading
from orchestration.settings import Home
from orchestration.store import FIRST_TABLES, State, Store

PAUSED = State("paused", "", "", None, None)
READING = FullReading("run-1", "2026-01-01", "2026-01-02", 3, 1, 0, "{}")


def test_a_store_of_before_learns_of_full_readings(tmp_path: Path) -> None:
    """The file gets the new table, and what it held stays."""
    path = tmp_path / "store.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(FIRST_TABLES)
        connection.execute("pragma user_version = 1")
    connection.close()
    store = Store(path)
    store.set_state(PAUSED)
    store.add_full_reading(READING)

    assert store.state().state == "paused"
    assert store.last_full_reading() == READING


def test_the_weekly_full_reading_asks_for_connections_that_are_free(
    home: Home, tmp_path: Path
) -> None:
    """A paused one and one with a running run are left out; without any it skips."""
    with clients(home, tmp_path, "free") as instance:
        asked = list(
            full_resync_weekly(
                dg.build_schedule_context(
                    instance, datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
                )
            )
        )

    assert [request.partition_key for request in asked] == ["free"]
    assert full_resync_weekly.job.name == "full_resync"
