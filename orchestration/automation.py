"""When things run: partitions, jobs, schedules.

Here belongs: one partition per connection, the jobs over all assets, the hourly
schedule. Not here: what a run does (assets/), what it may reach (resources.py).
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.assets.ingest import IngestConfig
from orchestration.assets.partitions import CONNECTIONS
from orchestration.connections import Registry
from orchestration.locks import is_held
from orchestration.settings import current_home
from orchestration.store import Store
from orchestration.upkeep import tidy

RESTING = frozenset({"paused", "needs_reconnection"})

refresh_ledger = dg.define_asset_job(
    "refresh_ledger",
    selection=dg.AssetSelection.all(),
    partitions_def=CONNECTIONS,
    description="Load what changed in BILL, then everything after it.",
    executor_def=dg.in_process_executor,
)

full_resync = dg.define_asset_job(
    "full_resync",
    selection=dg.AssetSelection.all(),
    partitions_def=CONNECTIONS,
    config=dg.RunConfig(ops={"raw_bill": IngestConfig(full=True)}),
    description="Read the whole history in BILL again; decisions stay.",
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
    """Ask for one run per connection that is connected and not running already."""
    home = current_home()
    tidy(context.instance, home)
    tick = context.scheduled_execution_time.isoformat()
    asked = 0
    for name in Registry(home).names():
        folder = home.connection(name)
        state = Store(folder.store).state().state
        if state in RESTING or is_held(folder.lock):
            continue
        asked += 1
        yield dg.RunRequest(run_key=f"{name}|{tick}", partition_key=name)
    if not asked:
        yield dg.SkipReason("No connection is connected and free right now.")
