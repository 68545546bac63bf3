"""What Dagster must be told: which connections there are, which runs are dead or old.

Here belongs: keeping Dagster's records true to ours. Not here: starting runs
(running.py, automation.py).
"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from orchestration.connections import Registry
from orchestration.locks import is_free
from orchestration.settings import Home

if TYPE_CHECKING:
    import dagster as dg

PARTITIONS = "connection"
"""Dagster's name for the partitions that are our connections."""
PARTITION_TAG = "dagster/partition"
"""The run tag by which Dagster says which connection a run is for."""
NOW_TAG = "bill_ledger/now"
"""The run tag that gives the instant a run counts as."""
LOCK_TAKEN_SECONDS = 120
DEAD_RUN = "The process of this run ended without a word; the next run repairs it."

KEPT: dict[str, timedelta] = {
    "SUCCESS": timedelta(days=7),
    "FAILURE": timedelta(days=30),
    "CANCELED": timedelta(days=30),
    "NOT_STARTED": timedelta(days=30),  # of a command that was killed
}
"""How long Dagster keeps a run's log: two megabytes, hourly, for each connection. That
there was a run, and how it ended, is in table ``sync_runs`` for ever."""
FORGOTTEN_AT_ONCE = 50
LAST_WORDS = (["published", "ledger_file"], ["raw_bill", "bills"])
"""Assets whose newest runs say of all others too when they were last made."""


def tidy(instance: "dg.DagsterInstance", home: Home) -> None:
    """Tell Dagster which connections there are, and which of its runs are dead."""
    names = Registry(home).names()
    instance.add_dynamic_partitions(PARTITIONS, names)
    for gone in set(instance.get_dynamic_partitions(PARTITIONS)) - set(names):
        instance.delete_dynamic_partition(PARTITIONS, gone)
    _bury_dead_runs(instance, home)
    _forget_old_runs(instance, names)


def _bury_dead_runs(instance: "dg.DagsterInstance", home: Home) -> None:
    """Mark runs as failed that Dagster takes for running and whose lock is free.

    A run takes the lock seconds after it starts, so those are let be that started, or
    were started, just now; how long they waited for that does not count.
    """
    import dagster as dg

    going = dg.RunsFilter(
        statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING]
    )
    known = set(Registry(home).names())
    for record in instance.get_run_records(going):
        run = record.dagster_run
        name = run.tags.get(PARTITION_TAG, "")
        age = time.time() - record.update_timestamp.timestamp()
        if name not in known or age < LOCK_TAKEN_SECONDS:
            continue
        if is_free(home.connection(name).lock):
            instance.report_run_failed(run, DEAD_RUN)


def _forget_old_runs(instance: "dg.DagsterInstance", names: Sequence[str]) -> None:
    """Delete old runs' logs, some at a time; what every connection is at stays."""
    import dagster as dg

    now = datetime.now(UTC)
    old = [
        record.dagster_run.run_id
        for status, kept in KEPT.items()
        for record in instance.get_run_records(
            dg.RunsFilter(
                statuses=[dg.DagsterRunStatus(status)], created_before=now - kept
            ),
            limit=FORGOTTEN_AT_ONCE + len(LAST_WORDS) * len(names),
            ascending=True,
        )
    ]
    if not old:
        return
    newest = {
        record.run_id
        for name in names
        for path in LAST_WORDS
        for record in instance.fetch_materializations(
            dg.AssetRecordsFilter(dg.AssetKey(path), asset_partitions=[name]), limit=1
        ).records
    }
    for run_id in old:
        if run_id not in newest:
            instance.delete_run(run_id)
