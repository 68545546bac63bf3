"""When things run: partitions, jobs, schedules, the sensors.

Here belongs: the jobs over all assets, one run per connection, the hourly schedule and
the weekly full one. Not here: what a run does (assets/), what it may
reach (resources.py).
"""

from collections.abc import Callable, Container, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import dagster as dg

from orchestration.alerts import alert_quietly
from orchestration.assets.categorize import (
    LINE_CATEGORIES,
    CategorizeConfig,
    line_categories,
)
from orchestration.assets.ingest import IngestConfig
from orchestration.connections import Registry
from orchestration.failures import LedgerError
from orchestration.locks import is_held
from orchestration.nudges import Nudges
from orchestration.settings import Home, current_home
from orchestration.states import rests
from orchestration.store import Store
from orchestration.upkeep import PARTITION_TAG, tidy

Answer = TypeVar("Answer")
NUDGE_SETTLES = timedelta(seconds=60)
"""BILL tells of one act in several notifications: one sync follows all of them."""

UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]
"""Dagster launches the first, and `tidy` ends those of the others that are dead: a run
that a killed command left as not started would stay so for ever."""

refresh_ledger = dg.define_asset_job(
    "refresh_ledger",
    selection=dg.AssetSelection.all(),
    description="Load what changed in BILL, then everything after it.",
    executor_def=dg.in_process_executor,
)

full_resync = dg.define_asset_job(
    "full_resync",
    selection=dg.AssetSelection.all(),
    config=dg.RunConfig(ops={"raw_bill": IngestConfig(full=True)}),
    description="Read the whole history in BILL again; decisions stay.",
    executor_def=dg.in_process_executor,
)

train_categorizer = dg.define_asset_job(
    "train_categorizer",
    selection=dg.AssetSelection.assets(LINE_CATEGORIES),
    config=dg.RunConfig(ops={line_categories.op.name: CategorizeConfig(train=True)}),
    description="Learn from what people decided since the last training.",
    executor_def=dg.in_process_executor,
)


@dg.schedule(
    name="refresh_ledger_hourly",
    job=refresh_ledger,
    cron_schedule="0 * * * *",
    execution_timezone="UTC",
)
def refresh_ledger_hourly(
    context: dg.ScheduleEvaluationContext,
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Ask for one run per connection that is connected and has none going or waiting.

    Where the machine takes longer than an hour for all, the queue so stays as it is.
    """
    yield from _requests_beside_others(context)


@dg.schedule(
    name="full_resync_weekly",
    job=full_resync,
    cron_schedule="30 9 * * 0",
    execution_timezone="UTC",
)
def full_resync_weekly(
    context: dg.ScheduleEvaluationContext,
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Compare everything with BILL while nobody works: Sunday before dawn in America.

    Half past the hour, when the hourly run has ended. It finds what BILL changed
    without saying so, which no reading of changes can.
    """
    tidy(context.instance, current_home())
    yield from _run_requests(context)


@dg.schedule(
    name="train_categorizer_nightly",
    job=train_categorizer,
    cron_schedule="45 8 * * *",
    execution_timezone="UTC",
)
def train_categorizer_nightly(
    context: dg.ScheduleEvaluationContext,
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Learn before anybody works, so that no sync takes the time.

    Syncs learn too, where lines wait; where nobody decided anything, nothing is done.
    """
    yield from _requests_beside_others(context)


def _requests_beside_others(
    context: dg.ScheduleEvaluationContext,
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Ask for connections that have no run going or waiting, dead ones apart."""
    tidy(context.instance, current_home())
    yield from _run_requests(context, leave_out=_going(context.instance))


def _run_requests(
    context: dg.ScheduleEvaluationContext, leave_out: Container[str] = ()
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    home = current_home()
    tick = context.scheduled_execution_time.isoformat()
    names = Registry(home).names()
    may_run = _of_each(context, names, lambda name: _may_run(home, name, leave_out))
    for name in filter(may_run.get, names):
        yield dg.RunRequest(run_key=f"{name}|{tick}", partition_key=name)
    if not any(may_run.values()):
        yield dg.SkipReason("No connection is connected and free right now.")


def _of_each(
    context: dg.ScheduleEvaluationContext | dg.SensorEvaluationContext,
    names: Iterable[str],
    ask: Callable[[str], Answer],
) -> dict[str, Answer]:
    """Return an answer by connection; one that cannot be read costs only its own.

    It is left out, and the tick's log says why.
    """
    answers = {}
    for name in names:
        try:
            answers[name] = ask(name)
        except (LedgerError, OSError) as error:
            context.log.warning("%s is left out: %s", name, error)
    return answers


def _may_run(home: Home, name: str, leave_out: Container[str]) -> bool:
    """Tell whether a connection is well and free.

    Raises:
        LedgerError: Its settings or its state cannot be read.
    """
    Registry(home).get(name)
    is_busy = name in leave_out or is_held(home.connection(name).lock)
    return not is_busy and not rests(home, name)


@dg.sensor(
    name="on_bill_notification",
    job=refresh_ledger,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def on_bill_notification(
    context: dg.SensorEvaluationContext,
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Ask for a run where BILL said that something changed.

    It is on from the start: where no notification is received it never asks.
    """
    home = current_home()
    waiting = _of_each(
        context,
        Registry(home).names(),
        lambda name: Nudges(home.connection(name).store).pending_since(),
    )
    pending = {name: since for name, since in waiting.items() if since}
    if pending:
        tidy(context.instance, home)
    followed = _of_each(
        context, pending, lambda name: _follow(context, home, name, pending[name])
    )
    for name in filter(followed.get, pending):
        run_key = f"{name}|notified|{pending[name].isoformat()}"
        yield dg.RunRequest(run_key=run_key, partition_key=name)
    if not any(followed.values()):
        yield dg.SkipReason(f"{len(pending)} connections wait; none may run yet.")


def _follow(
    context: dg.SensorEvaluationContext, home: Home, name: str, since: datetime
) -> bool:
    """Answer a nudge that is old enough, its connection well and free; tell if so.

    Raises:
        LedgerError: Its settings or its state cannot be read.
    """
    store = home.connection(name).store
    is_settled = datetime.now(UTC) >= since + NUDGE_SETTLES
    is_failing = Store(store).state().state == "error"
    if not is_settled or is_failing:
        return False
    if not _may_run(home, name, _going(context.instance)):
        return False
    Nudges(store).answer()
    return True


def _going(instance: dg.DagsterInstance) -> set[str]:
    """Return the connections that have a run, or one that waits for its turn."""
    runs = instance.get_runs(dg.RunsFilter(statuses=UNFINISHED))
    return {run.tags.get(PARTITION_TAG, "") for run in runs}


@dg.sensor(
    name="on_silence",
    minimum_interval_seconds=900,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def on_silence(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Tell of connections that nobody syncs, and remind of what is still open.

    A run tells how it ended; that none was made, only a watch can tell.
    """
    home = current_home()
    tidy(context.instance, home)  # whatever is switched on: a dead run blocks the next
    for name in Registry(home).names():
        trouble = alert_quietly(home, name)
        if trouble:
            context.log.warning(trouble)
    return dg.SkipReason("It never starts a run.")
