"""The Dagster code location: assembles, defines nothing.

Here belongs: one Definitions object. Not here: anything else.
"""

import dagster as dg

from orchestration.assets.categorize import line_categories
from orchestration.assets.ingest import raw_bill
from orchestration.assets.inputs import inputs
from orchestration.assets.parties import parties
from orchestration.assets.publish import ledger_file
from orchestration.assets.transform import documents, ledger
from orchestration.automation import (
    full_resync,
    full_resync_weekly,
    on_bill_notification,
    on_silence,
    refresh_ledger,
    refresh_ledger_hourly,
    train_categorizer,
    train_categorizer_nightly,
)
from orchestration.checks import source_health
from orchestration.described import described
from orchestration.resources import ConnectionRun

defs = dg.Definitions(
    assets=described(
        [
            raw_bill,
            inputs,
            documents,
            line_categories,
            parties,
            ledger,
            ledger_file,
        ]
    ),
    asset_checks=[source_health],
    jobs=[refresh_ledger, full_resync, train_categorizer],
    schedules=[
        refresh_ledger_hourly,
        full_resync_weekly,
        train_categorizer_nightly,
    ],
    sensors=[on_bill_notification, on_silence],
    resources={"run": ConnectionRun()},
    executor=dg.in_process_executor,
)
