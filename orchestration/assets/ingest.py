"""BILL -> raw_bill: one asset per raw table, loaded by dlt in one step.

Here belongs: the assets of layer raw_bill and their metadata. Not here: what is asked
of BILL and how rows land (bill_source).

The step calls `bill_source.load` instead of dagster-dlt's resource: a load is several
dlt packages (each backfill window one, with its watermark), our errors must reach the
run unwrapped, and dlt is imported when a run needs it, not when definitions load.
"""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import timedelta
from typing import Any

import dagster as dg
from pydantic import Field

from bill_source import LoadReport, Progress, load
from bill_source.entities import ENTITIES, Entity
from orchestration.assets.partitions import CONNECTIONS, OWNERS
from orchestration.builds import Builds
from orchestration.connections import Connection
from orchestration.drift import full_reading
from orchestration.failures import UsageError
from orchestration.progress import current_listener
from orchestration.resources import ConnectionRun

SLOW = 2.0
"""Seconds after which a list's pace is worth telling."""


class IngestConfig(dg.Config):
    """What to ask of BILL.

    Attributes:
        full: Read every list whole instead of what changed.
        entities: Raw table names to read, such as ``bills``; empty for all.
        accept_empty: Raw tables whose lists a person says are rightly empty.
    """

    full: bool = False
    entities: list[str] = Field(default_factory=list)
    accept_empty: list[str] = Field(default_factory=list)


FRESH = dg.FreshnessPolicy.time_window(
    fail_window=timedelta(hours=24), warn_window=timedelta(hours=3)
)
"""Of what is read; a sync without news makes nothing else anew. It knows no partitions:
that one connection of several is late is what alerts are for."""


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
            freshness_policy=FRESH,
        )


QUARANTINE = "quarantine"
NOTES = {
    QUARANTINE: "Records whose money or dates could not be read exactly, with why.",
    "list_states": "How BILL answered for each list: listed, empty, forbidden.",
    "schema_changes": "Fields and values BILL sends that were not known before.",
}
"""Tables of the loader's own, about all lists."""
SPECS = [spec for entity in ENTITIES for spec in _specs(entity)]
SPECS += [
    SPECS[0].replace_attributes(
        key=dg.AssetKey(["raw_bill", table]), description=description
    )
    for table, description in NOTES.items()
]
GROUP = {entity.table: entity.group for entity in ENTITIES}
PARENT = {table: entity.table for entity in ENTITIES for table in entity.tables()}


@dg.multi_asset(name="raw_bill", specs=SPECS, can_subset=True)
def raw_bill(
    context: dg.AssetExecutionContext, config: IngestConfig, run: ConnectionRun
) -> Iterator[dg.MaterializeResult[Any]]:
    """Load what changed in BILL since the last run."""
    selected = {key.path[-1] for key in context.selected_asset_keys}
    with run.doing(f"{run.name}: loading from BILL", context.retry_number):
        lists = lists_to_read(run.connection, selected, config.entities)
        credentials = run.bill()
        run.record_start()
        if run.warehouse.restore():
            context.log.info("The warehouse was missing: restored from exports/.")
        report = load(
            credentials,
            run.folder.path,
            now=run.now,
            entities=lists,
            full=config.full,
            progress=announcer(),
            accept_empty=config.accept_empty,
            groups=run.connection.groups,
            shared=run.shared(),
            heed_lock=run.runs_by_itself,
        )
    run.keep_report(report)
    if config.full:
        Builds(run.warehouse).forget()
        run.store.add_full_reading(full_reading(report, run.run_id))
    for warning in report.warnings:
        context.log.warning(warning)
    yield from (_result(table, report) for table in sorted(selected))


def lists_to_read(
    connection: Connection, selected: Collection[str], named: Sequence[str]
) -> list[str] | None:
    """Return which of a connection's lists a run reads; None stands for all of them.

    Args:
        connection: Its groups say which lists it reads at all.
        selected: The raw tables the run shall fill.
        named: Lists a person named; the selected ones where none are.

    Raises:
        UsageError: There is no such list, or this connection reads none of them.
    """
    for table in named:
        if table not in GROUP:
            raise UsageError(
                f"Unknown list {table!r}. There are: {', '.join(sorted(GROUP))}."
            )
    groups = connection.groups
    own = {table for table, group in GROUP.items() if group in groups}
    asked = {PARENT[table] for table in selected if table in PARENT}
    wanted = own & (set(named) or asked or own)
    if not wanted:
        left_out = sorted({GROUP[table] for table in {*named} or asked})
        raise UsageError(
            f"{connection.name} does not include {', '.join(left_out)}, so nothing was"
            f" read. Add it: bill-ledger connect {connection.name} ..."
            f" {' '.join(f'--include {group}' for group in left_out)}"
        )
    return None if wanted == own else sorted(wanted)


def announcer() -> Callable[[Progress], None]:
    """Return what tells this run's listener of a step, from whichever thread."""
    listener = current_listener()
    begun: dict[str, float] = {}

    def announce(step: Progress) -> None:
        if step.note:
            listener(f"BILL: {step.note}", is_detail=False)
        else:
            now = time.monotonic()
            seconds = now - begun.setdefault(step.table, now)
            listener(f"BILL {step.table}: {pace(step, seconds)}", is_detail=True)

    return announce


def pace(step: Progress, seconds: float) -> str:
    """Say how many rows came, of how many, how fast, and how long the rest takes."""
    words = f"{step.rows:,} rows"
    if step.total:
        words = f"{step.rows:,} of about {step.total:,} rows"
    if seconds < SLOW:
        return words
    rate = step.rows / seconds
    words += f", {rate:,.0f} a second"
    if step.total and rate:
        left = timedelta(seconds=round(max(step.total - step.rows, 0) / rate))
        words += f", {left} left"
    return words


def _result(table: str, report: LoadReport) -> dg.MaterializeResult[Any]:
    """Say what the load did to one raw table."""
    entity = report.tables.get(PARENT.get(table, ""))
    metadata: dict[str, Any] = {
        "synced_at": report.synced_at.isoformat(),
        "api_calls": report.api_calls,
        "api_calls_left": report.calls_left,
    }
    if table == QUARANTINE:
        metadata["quarantined"] = report.quarantined
    if table not in NOTES:
        metadata["asked"] = entity is not None
    if entity is not None:
        metadata |= {
            "rows_read": entity.rows_read,
            "versions_appended": entity.versions_appended,
            "quarantined": entity.quarantined,
            "seconds": round(entity.duration.total_seconds(), 3),
            "watermark": entity.watermark.isoformat() if entity.watermark else "none",
            "readable": entity.readable,
            "drifted": entity.drifted,
            "missing": entity.missing,
            "new_fields": list(entity.new_fields),
            "new_values": list(entity.new_values),
        }
    if entity is not None and table == entity.table:
        metadata["dagster/row_count"] = entity.rows
    return dg.MaterializeResult(
        asset_key=dg.AssetKey(["raw_bill", table]), metadata=metadata
    )
