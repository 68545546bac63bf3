"""Our code location with a fast clock: the hourly schedule ticks when it is told to.

Here belongs: the other clock, a file that says which hour it is. Not here: what a tick
asks for, which is the product's own schedule (orchestration/automation.py), as are
daemon, queue and runs. A cron line knows nothing shorter than a minute.
"""

from collections.abc import Iterator
from datetime import datetime

import dagster as dg

from orchestration import definitions
from orchestration.automation import refresh_ledger, refresh_ledger_hourly
from orchestration.settings import current_home


@dg.sensor(
    job=refresh_ledger,
    minimum_interval_seconds=1,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def each_hour(
    context: dg.SensorEvaluationContext,
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Ask the hourly schedule once an hour what it would run now."""
    hour = (current_home().path / "hour").read_text()
    if hour == context.cursor:
        return
    tick = dg.build_schedule_context(
        instance=context.instance, scheduled_execution_time=datetime.fromisoformat(hour)
    )
    yield from refresh_ledger_hourly(tick)
    context.update_cursor(hour)


defs = dg.Definitions(
    assets=definitions.defs.assets,
    asset_checks=definitions.defs.asset_checks,
    jobs=definitions.defs.jobs,
    sensors=[*(definitions.defs.sensors or ()), each_hour],
    resources=definitions.defs.resources,
    executor=definitions.defs.executor,
)
