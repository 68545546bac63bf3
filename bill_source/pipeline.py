"""Where rows land: schema raw_bill of the connection's warehouse, through dlt.

Here belongs: dlt's set-up, packages, and one load from start to end. Not here: what
is asked of BILL (sync.py), or how a list becomes rows (versions.py).
"""

import copy
import fcntl
import gc
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dlt
import duckdb
import pyarrow as pa
from dlt.common.exceptions import SignalReceivedException
from dlt.common.runtime import signals
from dlt.common.runtime.telemetry import stop_telemetry
from dlt.pipeline.exceptions import PipelineStepFailed

from bill_source.client import BillClient
from bill_source.entities import BY_TABLE, ENTITIES, GROUPS, Entity
from bill_source.errors import BillError, BillSettingsError, WarehouseError
from bill_source.held import DATASET
from bill_source.policy import Policy
from bill_source.report import LoadReport, Progress
from bill_source.settings import BillCredentials
from bill_source.source import STATE_KEY, bill_source
from bill_source.sync import Plan, Sync
from bill_source.terms import Waiting, tell_nobody
from bill_source.warehouse import Warehouse

WAREHOUSE_FILE = "warehouse.duckdb"
WORKING_FOLDER = "dlt"
LOCK_FILE = ".load.lock"
CORE = "core"


@dataclass(frozen=True)
class Order:
    """What the caller of a load asks for; see ``bill_source.load``."""

    entities: Sequence[str] | None = None
    groups: Sequence[str] = (CORE,)
    full: bool = False
    accept_empty: Sequence[str] = ()


def build_pipeline(
    folder: Path, connection: duckdb.DuckDBPyConnection | None = None
) -> dlt.Pipeline:
    """Return the dlt pipeline that fills ``<folder>/warehouse.duckdb``.

    It is set up here rather than in files, so that nothing is read from the working
    directory or the home directory, and nothing reports to dlt's makers.

    Args:
        folder: The connection's own folder.
        connection: The open file; dlt opens it by itself where there is none.
    """
    silence()
    destination = dlt.destinations.duckdb(
        connection or str(folder / WAREHOUSE_FILE),
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
    order: Order | None = None,
    progress: Callable[[Progress], None] | None = None,
    policy: Policy | None = None,
    shared: Path | None = None,
    wait_for_hour: bool = True,
    heed_lock: bool = True,
) -> LoadReport:
    """Do one sync; see ``bill_source.load``."""
    order = order or Order()
    started = datetime.now(UTC)
    synced_at = (now or started).astimezone(UTC)
    chosen = choose(order)
    report = LoadReport(credentials.organization_id, started, synced_at)
    accepted = frozenset(checked(order.accept_empty))
    plan = Plan(chosen, synced_at, order.full, accepted, policy or Policy(), progress)
    client = BillClient(
        credentials,
        shared=shared,
        wait_for_hour=wait_for_hour,
        heed_lock=heed_lock,
        waiting=_teller(progress),
    )
    with exclusive(folder), client:
        try:
            _load(client, folder, plan, report)
            report.calls_left = client.calls_left
        finally:
            report.api_calls, report.logins = client.calls, client.logins
    report.finished_at = datetime.now(UTC)
    return report


def _teller(progress: Callable[[Progress], None] | None) -> Waiting:
    """Return what passes the client's waits on as progress."""
    if progress is None:
        return tell_nobody
    return lambda until, why: progress(Progress.waiting(until, why))


def choose(order: Order) -> tuple[Entity, ...]:
    """Return the entities to read: those named, else all of the groups asked for.

    Raises:
        BillSettingsError: Names the tables, or the groups, there are.
    """
    unknown = [group for group in order.groups if group not in GROUPS]
    if unknown:
        raise BillSettingsError(
            f"Unknown group {', '.join(unknown)}; there are: {', '.join(GROUPS)}."
        )
    if order.entities is not None:
        named = set(checked(order.entities))
        return tuple(entity for entity in ENTITIES if entity.table in named)
    wanted = {CORE, *order.groups}
    return tuple(entity for entity in ENTITIES if entity.group in wanted)


def checked(names: Sequence[str]) -> Sequence[str]:
    """Return names of raw tables of lists.

    Raises:
        BillSettingsError: Names the tables there are.
    """
    unknown = [name for name in names if name not in BY_TABLE]
    if unknown:
        raise BillSettingsError(
            f"Unknown table {', '.join(unknown)}; there are: {', '.join(BY_TABLE)}."
        )
    return names


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
    # dlt's working folder holds nothing that the warehouse does not: without it there
    # are no pending packages to be resumed over newer data.
    shutil.rmtree(folder / WORKING_FOLDER, ignore_errors=True)
    with spared(), closing(Warehouse(folder / WAREHOUSE_FILE)) as warehouse:
        warehouse.open()
        warehouse.roll_back()
        packages = Packages(folder, warehouse)
        state = packages.stored_state()
        sync = Sync(client, plan, warehouse, state, report)
        try:
            with closing(sync.run()) as full_packages:
                for _ in full_packages:
                    packages.store(sync)
        except BillError:
            if sync.is_importing:
                packages.store(sync)
            raise
        packages.store(sync)


@contextmanager
def spared() -> Iterator[None]:
    """Keep the garbage collector from searching while records come by the thousand.

    They leave no cycles; what else does is collected after each package, apart from
    the half million objects that imports brought. Arrow's own pool would keep a tenth
    of a gibibyte more than the system's.
    """
    pool = pa.default_memory_pool()
    gc.freeze()
    gc.disable()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(pool)
        gc.enable()
        gc.unfreeze()


@contextmanager
def passing_signals_on() -> Iterator[None]:
    """Hand a signal that dlt takes to whoever listened before, once dlt is done.

    dlt only notes it, and forgets it when its own work could be finished: a sync that
    somebody ended would go on.
    """
    received = 0
    with signals.intercepted_signals():
        try:
            yield
            signals.raise_if_signalled()
        except SignalReceivedException as interruption:
            received = interruption.signal_code
    if received:
        signal.raise_signal(received)


class Packages:
    """Hands what waits to dlt, rows and state together."""

    def __init__(self, folder: Path, warehouse: Warehouse) -> None:
        self._folder = folder
        self._warehouse = warehouse
        self._pipeline: dlt.Pipeline | None = None
        self._stored: dict[str, Any] = {}

    def _open(self) -> dlt.Pipeline:
        """Return the pipeline over the open warehouse, both made where they lack."""
        if self._pipeline is None:
            connection = self._warehouse.connection()
            self._pipeline = build_pipeline(self._folder, connection)
        return self._pipeline

    def stored_state(self) -> dict[str, Any]:
        """Read the state that was stored with the last whole load.

        A warehouse of an older version is given the tables and columns it lacks.
        """
        if not self._warehouse.is_there:
            return {}
        self._warehouse.add_tables()
        pipeline = self._open()
        try:
            pipeline.sync_destination()
        except PipelineStepFailed as error:
            raise self._warehouse.error(error) from error
        sources = pipeline.state.get("sources", {})
        self._stored = dict(sources.get(DATASET, {}).get(STATE_KEY, {}))
        return copy.deepcopy(self._stored)

    def store(self, sync: Sync) -> None:
        """Append everything that waits as one package; nothing new, no package.

        The state is taken first: what it says was read is then surely among the rows.
        """
        state = sync.copied_state()
        package = sync.outbox.package
        tables = sync.outbox.take()
        if tables or state != self._stored:
            self._run(tables, state)
        sync.stored(package)
        gc.collect()

    def _run(self, tables: dict[str, pa.Table], state: dict[str, Any]) -> None:
        try:
            with passing_signals_on():
                self._open().run(bill_source(tables, state))
        except PipelineStepFailed as error:
            raise self._warehouse.error(error) from error
        self._stored = state
