"""Where rows land: schema raw_bill of the connection's warehouse, through dlt.

Here belongs: dlt's set-up, packages, and one load from start to end. Not here: what
is asked of BILL (sync.py), or how a list becomes rows (versions.py).
"""

import copy
import fcntl
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dlt
from dlt.common.runtime.telemetry import stop_telemetry
from dlt.pipeline.exceptions import PipelineStepFailed

from bill_source.client import BillClient
from bill_source.entities import BY_TABLE, ENTITIES, Entity
from bill_source.errors import BillError, BillSettingsError, WarehouseError
from bill_source.listing import Policy
from bill_source.outbox import empty_tables
from bill_source.report import LoadReport, Progress
from bill_source.settings import BillCredentials
from bill_source.source import STATE_KEY, bill_source
from bill_source.sync import Plan, Sync
from bill_source.warehouse import DATASET, Warehouse

WAREHOUSE_FILE = "warehouse.duckdb"
WORKING_FOLDER = "dlt"
LOCK_FILE = ".load.lock"


def build_pipeline(folder: Path) -> dlt.Pipeline:
    """Return the dlt pipeline that fills ``<folder>/warehouse.duckdb``.

    It is set up here rather than in files, so that nothing is read from the working
    directory or the home directory, and nothing reports to dlt's makers.
    """
    silence()
    dlt.config["normalize.parquet_normalizer.add_dlt_load_id"] = True
    destination = dlt.destinations.duckdb(
        str(folder / WAREHOUSE_FILE),
        # The default, INSERT statements, costs eighty times the time and memory.
        preferred_loader_file_format="parquet",
    )
    return dlt.pipeline(
        pipeline_name=DATASET,
        pipelines_dir=str(folder / WORKING_FOLDER),
        destination=destination,
        dataset_name=DATASET,
    )


def silence() -> None:
    """Keep dlt from reporting to its makers, whatever started it before us."""
    dlt.config["runtime.dlthub_telemetry"] = False
    stop_telemetry()
    # Telemetry starts once per process: so it starts here, with nothing to send to.
    dlt.current.run_context().initialize_runtime()


def run_load(
    credentials: BillCredentials,
    folder: Path,
    *,
    now: datetime | None = None,
    entities: Sequence[str] | None = None,
    full: bool = False,
    progress: Callable[[Progress], None] | None = None,
    policy: Policy | None = None,
) -> LoadReport:
    """Do one sync; see ``bill_source.load``."""
    started = datetime.now(UTC)
    synced_at = (now or started).astimezone(UTC)
    chosen = choose(entities)
    report = LoadReport(credentials.organization_id, started, synced_at)
    plan = Plan(chosen, synced_at, full, policy or Policy(), progress)
    with exclusive(folder), BillClient(credentials) as client:
        try:
            _load(client, folder, plan, report)
        finally:
            report.api_calls, report.logins = client.calls, client.logins
    report.finished_at = datetime.now(UTC)
    return report


def choose(names: Sequence[str] | None) -> tuple[Entity, ...]:
    """Return the entities of the given raw tables, all when none are named.

    Raises:
        BillSettingsError: Names the tables there are.
    """
    unknown = [name for name in names or () if name not in BY_TABLE]
    if unknown:
        raise BillSettingsError(
            f"No such entity: {', '.join(unknown)}. There are: {', '.join(BY_TABLE)}."
        )
    return tuple(e for e in ENTITIES if not names or e.table in names)


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Keep a second load out of the folder; the system frees a killed one's lock.

    Raises:
        WarehouseError: Another load is running, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / LOCK_FILE).open("w")
    except OSError as error:
        raise WarehouseError(
            f"Could not write in {folder}: {error.strerror}.",
            advice="Make the folder writable and run the sync again.",
        ) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WarehouseError(
                f"Another load into {folder} is running.",
                advice="Wait until it has ended.",
            ) from error
        yield


def _load(client: BillClient, folder: Path, plan: Plan, report: LoadReport) -> None:
    warehouse = Warehouse(folder / WAREHOUSE_FILE)
    # dlt's working folder holds nothing that the warehouse does not: without it there
    # are no pending packages to be resumed over newer data.
    shutil.rmtree(folder / WORKING_FOLDER, ignore_errors=True)
    warehouse.roll_back()
    packages = Packages(folder, warehouse)
    state = packages.stored_state()

    def formerly_touched(
        entity: Entity, table: str, column: str, ids: Sequence[str]
    ) -> set[str]:
        key = "id" if table == entity.table else entity.parent_key
        return warehouse.values(table, column, key, ids)

    versions = warehouse.versions(plan.entities)
    sync = Sync(client, plan, versions, state, report, formerly_touched)
    try:
        with closing(sync.run()) as full_packages:
            for _ in full_packages:
                packages.store(sync)
    except BillError:
        if sync.is_importing:
            packages.store(sync)
        raise
    packages.store(sync)


class Packages:
    """Hands what waits to dlt, rows and state together."""

    def __init__(self, folder: Path, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._pipeline = build_pipeline(folder)
        self._stored: dict[str, Any] = {}

    def stored_state(self) -> dict[str, Any]:
        """Read the state that was stored with the last whole load."""
        if not self._warehouse.tables():
            return {}
        try:
            self._pipeline.sync_destination()
        except PipelineStepFailed as error:
            raise self._warehouse.error(error) from error
        sources = self._pipeline.state.get("sources", {})
        self._stored = dict(sources.get(DATASET, {}).get(STATE_KEY, {}))
        return copy.deepcopy(self._stored)

    def store(self, sync: Sync) -> None:
        """Append everything that waits as one package; nothing new, no package.

        The state is taken first: what it says was read is then surely among the rows.
        """
        state = copy.deepcopy(sync.state)
        tables = sync.outbox.take()
        missing = self._warehouse.missing_tables()
        tables = empty_tables(missing) | tables
        if not tables and state == self._stored:
            return
        self._warehouse.create()
        try:
            self._pipeline.run(bill_source(tables, state))
        except PipelineStepFailed as error:
            raise self._warehouse.error(error) from error
        self._stored = state
