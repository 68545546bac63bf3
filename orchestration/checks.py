"""Questions about a run that SQL tests cannot ask.

Here belongs: checks on what BILL sent. Not here: the ledger's invariants, which are
dbt tests.
"""

import dagster as dg

from orchestration.resources import ConnectionRun

PAYMENTS = dg.AssetKey(["raw_bill", "payments"])


@dg.asset_check(
    asset=PAYMENTS,
    name="every_list_was_readable",
    description="BILL refused none of its lists to this token.",
)
def every_list_was_readable(run: ConnectionRun) -> dg.AssetCheckResult:
    """Warn where BILL refused a list: its rows stay as they were."""
    report = run.report
    refused = [
        table.table
        for table in (report.tables.values() if report else ())
        if not table.readable
    ]
    return dg.AssetCheckResult(
        passed=not refused,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"refused": dg.MetadataValue.json(refused)},
    )
