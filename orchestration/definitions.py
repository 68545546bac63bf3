"""The Dagster code location: assembles, defines nothing.

Here belongs: one Definitions object. Not here: anything else.
"""

import dagster as dg

from orchestration.assets.categorize import line_categories
from orchestration.assets.ingest import raw_bill
from orchestration.assets.inputs import inputs
from orchestration.assets.publish import ledger_file
from orchestration.assets.transform import documents, ledger
from orchestration.automation import full_resync, refresh_ledger, refresh_ledger_hourly
from orchestration.checks import every_list_was_readable
from orchestration.resources import ConnectionRun

defs = dg.Definitions(
    assets=[raw_bill, inputs, documents, line_categories, ledger, ledger_file],
    asset_checks=[every_list_was_readable],
    jobs=[refresh_ledger, full_resync],
    schedules=[refresh_ledger_hourly],
    resources={"run": ConnectionRun()},
    executor=dg.in_process_executor,
)
