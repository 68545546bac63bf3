"""Our code location with a fast clock: the hourly schedule ticks every minute.

Here belongs: the other cron line. Not here: what a tick asks for, which is the
product's own schedule (orchestration/automation.py), as are daemon, queue and runs.
"""

from typing import Any

import dagster as dg

from orchestration import definitions
from orchestration.automation import refresh_ledger, refresh_ledger_hourly


@dg.schedule(
    name="refresh_ledger_hourly",
    job=refresh_ledger,
    cron_schedule="* * * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def every_minute(context: dg.ScheduleEvaluationContext) -> Any:
    """Ask the hourly schedule what it would run now."""
    return refresh_ledger_hourly(context)


defs = dg.Definitions(
    assets=definitions.defs.assets,
    asset_checks=definitions.defs.asset_checks,
    jobs=definitions.defs.jobs,
    schedules=[every_minute],
    sensors=definitions.defs.sensors,
    resources=definitions.defs.resources,
    executor=definitions.defs.executor,
)
