"""Settings and people's decisions -> the warehouse, where dbt reads them.

In a sync after which a build would give the ledger that is published, this is the last
step: it publishes that the sync was made, and Dagster skips the others.

Here belongs: the assets of layers settings and decisions. Not here: what a valid
decision is (decision_kinds.py), how rows are written (warehouse.py).
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg
from dagster._core.storage.tags import BACKFILL_ID_TAG

from bill_source.entities import ENTITIES
from orchestration.assets.partitions import CONNECTIONS, OWNERS
from orchestration.assets.publish import is_published, publish_run
from orchestration.connections import Connection
from orchestration.decision_kinds import KINDS
from orchestration.facts import write_facts
from orchestration.remembered import PostingSettings, Remembered
from orchestration.resources import ConnectionRun

SETTINGS = dg.AssetKey(["settings", "connection_settings"])


def _spec(layer: str, table: str, description: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        key=dg.AssetKey([layer, table]),
        deps=[dg.AssetKey(["raw_bill", entity.table]) for entity in ENTITIES],
        group_name=layer,
        skippable=True,
        kinds={"duckdb"},
        owners=OWNERS,
        partitions_def=CONNECTIONS,
        description=description,
    )


SPECS = [
    _spec(
        "settings",
        "connection_settings",
        "What the ledger is computed with: time zone, currency, policies, instant.",
    ),
    _spec(
        "settings",
        "sync_elements",
        "What of BILL is synced, how many records are loaded, and as of when.",
    ),
    _spec(
        "settings",
        "records_unread",
        "Records of lists that are loaded and no model reads.",
    ),
    _spec(
        "settings",
        "lock_balances",
        "What every account stood at when a period was locked.",
    ),
    _spec(
        "settings",
        "settings_versions",
        "Which settings were in force when: a lock keeps those it was made with.",
    ),
    *(
        _spec("decisions", kind, f"People's {kind.replace('_', ' ')} up to this run.")
        for kind in KINDS
    ),
    _spec(
        "decisions", "line_answers", "When the categorizer answered before this run."
    ),
    _spec(
        "decisions", "party_answers", "When the resolver placed a record, and where."
    ),
]


@dg.multi_asset(name="inputs", specs=SPECS)
def inputs(
    context: dg.AssetExecutionContext, run: ConnectionRun
) -> Iterator[dg.MaterializeResult[Any]]:
    """Copy settings and decisions into the warehouse as of this run's instant.

    Where nothing changed, nothing follows, but in a backfill: Dagster calls one failed
    that leaves an asset out.
    """
    with run.doing(f"{run.name}: reading decisions"):
        count = run.warehouse.write_inputs(run.connection, run.store, run.now)
        remembered = Remembered(run.folder.store)
        remembered.keep_readings(_lists_read(run), run.now)
        remembered.keep_settings(_posting_settings(run.connection), run.now)
        with run.warehouse.open() as warehouse:
            write_facts(warehouse, run.connection.organization_id, remembered, run.now)
        is_backfill = BACKFILL_ID_TAG in context.run.tags
        if run.report is not None and not is_backfill and is_published(run):
            context.log.info("No input changed: the published ledger stays.")
            publish_run(run)
            return
    for spec in SPECS:
        yield dg.MaterializeResult(
            asset_key=spec.key,
            metadata={"as_of": run.now.isoformat(), "decisions": count},
        )


def _posting_settings(connection: Connection) -> PostingSettings:
    """Return what a connection's settings say about what posts and when."""
    return PostingSettings(
        connection.timezone,
        connection.home_currency,
        connection.bill_posting_policy,
        connection.ledger_start_date,
    )


def _lists_read(run: ConnectionRun) -> list[str]:
    """Return the lists this run read; those BILL refuses or emptied are not."""
    tables = run.report.tables.values() if run.report else ()
    return [one.table for one in tables if one.state in {"listed", "accepted_empty"}]
