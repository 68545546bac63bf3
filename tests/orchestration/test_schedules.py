"""What the hourly schedule asks for.

Not here: the weekly one (test_full_readings.py), the sensors (test_webhooks.py,
test_alerts.py).
"""

from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest
from dagster_runs import clients, run_of

from orchestration.automation import refresh_ledger_hourly
from orchestration.settings import Home

TICK = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        (dg.DagsterRunStatus.QUEUED, ["free"]),
        (dg.DagsterRunStatus.STARTING, ["free"]),
        (dg.DagsterRunStatus.STARTED, ["free"]),
        (dg.DagsterRunStatus.NOT_STARTED, ["free", "seen"]),
        (dg.DagsterRunStatus.SUCCESS, ["free", "seen"]),
        (dg.DagsterRunStatus.FAILURE, ["free", "seen"]),
    ],
)
def test_a_connection_is_asked_for_when_it_has_no_run_going_or_waiting(
    home: Home, tmp_path: Path, status: dg.DagsterRunStatus, wanted: list[str]
) -> None:
    """So no queue grows where syncing all takes longer than an hour."""
    with clients(home, tmp_path, "free", "seen") as instance:
        instance.add_run(run_of("seen", status))
        asked = list(refresh_ledger_hourly(dg.build_schedule_context(instance, TICK)))

    assert [request.partition_key for request in asked] == wanted
