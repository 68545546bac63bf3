"""The last step: the checked ledger becomes the file analysts open.

Here belongs: the asset of layer published. Not here: how files are written and swapped
(publish.py). It runs only when both dbt steps passed their blocking checks.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from orchestration.anomalies import ANOMALIES, anomalies, pictured
from orchestration.assets.categorize import LINE_CATEGORIES
from orchestration.assets.partitions import CONNECTIONS, OWNERS
from orchestration.assets.transform import ledger
from orchestration.builds import Builds
from orchestration.facts import remember_locks
from orchestration.failures import ChecksFailedError
from orchestration.plots import bars
from orchestration.publish import Published, Publisher, facts_of
from orchestration.remembered import Remembered
from orchestration.resources import ConnectionRun

SHOWN = 50
"""Findings told in Dagster; the ledger has them all."""
KEY = dg.AssetKey(["published", "ledger_file"])
LEDGER_MODELS = [key for key in ledger.keys if key.path[0] == "ledger"]


@dg.asset(
    key=KEY,
    group_name="published",
    kinds={"duckdb", "parquet"},
    owners=OWNERS,
    deps=[*LEDGER_MODELS, LINE_CATEGORIES],
    partitions_def=CONNECTIONS,
    description="ledger.duckdb and exports/: what analysts open, swapped atomically.",
    check_specs=[
        dg.AssetCheckSpec(name, asset=KEY, description=description)
        for name, (description, _) in ANOMALIES.items()
    ],
)
def ledger_file(
    context: dg.AssetExecutionContext, run: ConnectionRun
) -> Iterator[dg.MaterializeResult[Any]]:
    """Publish the ledger that just passed its checks."""
    del context
    with run.doing(f"{run.name}: publishing"):
        check_publishable(run)
        run.record_success()
        published = _publisher(run).publish(run.store, _facts(run), run.run_id, run.now)
        with run.warehouse.open() as warehouse:
            remember_locks(warehouse, Remembered(run.folder.store))
            found = anomalies(warehouse, run.today.isoformat())
            pictures = pictured(warehouse)
        run.succeed()
    drawn = {
        title: dg.MetadataValue.md(bars(title, values))
        for title, values in pictures.items()
    }
    yield dg.MaterializeResult(
        metadata={**_metadata(run, published), **drawn},
        check_results=[_check(name, unusual) for name, unusual in found.items()],
    )


def _check(name: str, found: list[str]) -> dg.AssetCheckResult:
    """Warn of what is unusual; it may be right, so nothing is held up."""
    return dg.AssetCheckResult(
        passed=not found,
        check_name=name,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"found": dg.MetadataValue.json(found[:SHOWN])},
    )


def check_publishable(run: ConnectionRun) -> None:
    """Refuse to publish what was not built and checked as a whole.

    Raises:
        ChecksFailedError: A check failed, or some of it was built by itself since.
    """
    if not Builds(run.warehouse).built_from():
        raise ChecksFailedError(
            f"Publishing {run.name}: the ledger in its warehouse has not passed all its"
            f" checks since it was last built, so nothing new was published and the"
            f" last good ledger stays. Sync it: bill-ledger sync {run.name}, or job"
            f" refresh_ledger in the Dagster UI."
        )


def is_published(run: ConnectionRun) -> bool:
    """Whether building from all inputs as they are would give what is published."""
    builds = Builds(run.warehouse)
    built_from = builds.built_from()
    return _publisher(run).has(built_from) and built_from == builds.fingerprint()


def publish_run(run: ConnectionRun) -> None:
    """Publish that this run was made and changed nothing."""
    run.record_success()
    _publisher(run).publish_run(run.store, _facts(run))
    run.succeed()


def _publisher(run: ConnectionRun) -> Publisher:
    return Publisher(run.folder, run.connection.organization_id)


def _facts(run: ConnectionRun) -> dict[str, str]:
    tables = run.report.tables.values() if run.report else ()
    return facts_of(
        as_of=run.now,
        built_at=datetime.now(UTC),
        model_version=run.store.newest_model_version(),
        built_from=Builds(run.warehouse).built_from(),
        watermarks={
            table.table: table.watermark.isoformat()
            for table in tables
            if table.watermark
        },
    )


def _metadata(run: ConnectionRun, published: Published) -> dict[str, Any]:
    newest = max(published.hashes, default="")
    return {
        "path": dg.MetadataValue.path(str(run.folder.ledger)),
        "bytes": published.bytes,
        "dagster/row_count": published.rows.get("journal_lines", 0),
        "rows": dg.MetadataValue.json(dict(published.rows)),
        "newest_month": f"{newest} {published.hashes.get(newest, '')}",
    }
