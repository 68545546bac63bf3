"""BILL -> raw_bill: one asset per raw table, loaded by dlt in one step.

Here belongs: the assets of layer raw_bill and their metadata. Not here: what is asked
of BILL and how rows land (bill_source).

The step calls `bill_source.load` instead of dagster-dlt's resource: a load is several
dlt packages (each backfill window one, with its watermark), our errors must reach the
run unwrapped, and dlt is imported when a run needs it, not when definitions load.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg
from pydantic import Field

from bill_source import LoadReport, Progress, load
from bill_source.entities import ENTITIES, Entity
from orchestration.assets.partitions import CONNECTIONS, OWNERS
from orchestration.progress import announce
from orchestration.resources import ConnectionRun


class IngestConfig(dg.Config):
    """What to ask of BILL.

    Attributes:
        full: Read every list whole instead of what changed.
        entities: Raw table names to read, such as ``bills``; empty for all.
    """

    full: bool = False
    entities: list[str] = Field(default_factory=list)


def _specs(entity: Entity) -> Iterator[dg.AssetSpec]:
    """One asset per raw table; a child table comes with its parent's pages."""
    for table in entity.tables():
        is_child = table != entity.table
        origin = f"the lists inside {entity.table}" if is_child else f"`{entity.path}`"
        yield dg.AssetSpec(
            key=dg.AssetKey(["raw_bill", table]),
            group_name="raw_bill",
            kinds={"dlt", "duckdb"},
            owners=OWNERS,
            skippable=True,
            partitions_def=CONNECTIONS,
            description=f"Every version of {origin} in BILL, as received.",
        )


QUARANTINE = "quarantine"
SPECS = [spec for entity in ENTITIES for spec in _specs(entity)]
SPECS.append(
    SPECS[0].replace_attributes(
        key=dg.AssetKey(["raw_bill", QUARANTINE]),
        description="Records whose money or dates could not be read exactly, with why.",
    )
)
PARENT = {table: entity.table for entity in ENTITIES for table in entity.tables()}


@dg.multi_asset(name="raw_bill", specs=SPECS, can_subset=True)
def raw_bill(
    context: dg.AssetExecutionContext, config: IngestConfig, run: ConnectionRun
) -> Iterator[dg.MaterializeResult[Any]]:
    """Load what changed in BILL since the last run."""
    selected = {key.path[-1] for key in context.selected_asset_keys}
    wanted = sorted({PARENT[table] for table in selected - {QUARANTINE}})
    if config.entities:
        wanted = [table for table in wanted if table in config.entities]
    with run.doing(f"{run.name}: loading from BILL"):
        credentials = run.bill()
        run.record_start()
        if run.warehouse.restore():
            context.log.info("The warehouse was missing: restored from exports/.")
        report = load(
            credentials,
            run.folder.path,
            now=run.now,
            entities=None if len(wanted) == len(ENTITIES) else wanted,
            full=config.full,
            progress=_announce,
        )
    run.keep_report(report)
    for warning in report.warnings:
        context.log.warning(warning)
    yield from (_result(table, report) for table in sorted(selected))


def _announce(step: Progress) -> None:
    announce(f"BILL {step.table}: {step.rows:,} rows", is_detail=True)


def _result(table: str, report: LoadReport) -> dg.MaterializeResult[Any]:
    """Say what the load did to one raw table."""
    entity = report.tables.get(PARENT.get(table, ""))
    metadata: dict[str, Any] = {"synced_at": report.synced_at.isoformat()}
    if table == QUARANTINE:
        metadata["quarantined"] = report.quarantined
    if entity is not None:
        metadata |= {
            "rows_read": entity.rows_read,
            "versions_appended": entity.versions_appended,
            "quarantined": entity.quarantined,
            "seconds": round(entity.duration.total_seconds(), 3),
            "watermark": entity.watermark.isoformat() if entity.watermark else "none",
            "readable": entity.readable,
        }
    if entity is not None and table == entity.table:
        metadata["dagster/row_count"] = entity.rows
    return dg.MaterializeResult(
        asset_key=dg.AssetKey(["raw_bill", table]), metadata=metadata
    )
