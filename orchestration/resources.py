"""What assets may reach: the connection they run for, its BILL and its warehouse.

Here belongs: one run of one connection (its lock, its instant, its failures). Not
here: what a step does (assets/), when it runs (automation.py).
"""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import dagster as dg
from dagster._core.storage.tags import SCHEDULE_NAME_TAG, SENSOR_NAME_TAG
from pydantic import PrivateAttr

from bill_source import BillCredentials, BillError, LoadReport
from orchestration.alerts import alert_quietly
from orchestration.bundled import BundledBill, running
from orchestration.connections import Connection, Registry
from orchestration.failures import ExitStatus, LedgerError, UsageError, exit_status
from orchestration.firm import refresh_firm
from orchestration.locks import exclusive
from orchestration.progress import announce
from orchestration.settings import (
    ConnectionFolder,
    Home,
    current_home,
)
from orchestration.states import States
from orchestration.store import Store, SyncRun, instant_from, instant_text
from orchestration.upkeep import NOW_TAG, PARTITION_TAG
from orchestration.warehouse import Warehouse

if TYPE_CHECKING:
    from dagster._core.storage.dagster_run import DagsterRun

log = logging.getLogger(__name__)
PAUSES = (30, 120)
"""Seconds before what may pass by itself is tried again, in turn."""


class ConnectionRun(dg.ConfigurableResource[Any]):
    """One run of one connection: holds its lock from the first step to the last.

    ``lock_wait_seconds`` is how long a run waits for another one of the same
    connection before it fails.
    """

    lock_wait_seconds: int = 1800
    _connection: Connection = PrivateAttr()
    _home: Home = PrivateAttr()
    _run: "DagsterRun" = PrivateAttr()
    _stack: ExitStack = PrivateAttr()
    _bundled: BundledBill | None = PrivateAttr(default=None)
    _report: LoadReport | None = PrivateAttr(default=None)
    _has_documents: bool = PrivateAttr(default=False)
    _all_built_because: str = PrivateAttr(default="")

    @contextmanager
    def yield_for_execution(
        self, context: dg.InitResourceContext
    ) -> Iterator["ConnectionRun"]:
        """Take the connection's lock, and give it back when the run ends."""
        run = context.run
        if run is None or PARTITION_TAG not in run.tags:
            raise dg.Failure("Choose a connection: every run is for one partition.")
        self._home, self._run = current_home(), run
        self._connection = Registry(self._home).get(run.tags[PARTITION_TAG])
        try:
            with ExitStack() as self._stack:
                self._stack.enter_context(
                    exclusive(
                        self.folder.lock,
                        self.lock_wait_seconds,
                        lambda: announce(f"Waiting for another run of {self.name}"),
                    )
                )
                yield self
        finally:
            refresh_firm(self._home)
            if trouble := alert_quietly(self._home, self.name):
                log.warning(trouble)

    @property
    def name(self) -> str:
        """The connection's name."""
        return self._connection.name

    @property
    def run_id(self) -> str:
        """Dagster's id of this run."""
        return str(self._run.run_id)

    @property
    def runs_by_itself(self) -> bool:
        """Whether a schedule or a sensor, and no person, started this run."""
        return not {SCHEDULE_NAME_TAG, SENSOR_NAME_TAG}.isdisjoint(self._run.tags)

    @property
    def connection(self) -> Connection:
        """The connection this run is for."""
        return self._connection

    @property
    def folder(self) -> ConnectionFolder:
        """The connection's files."""
        return self._home.connection(self.name)

    @property
    def store(self) -> Store:
        """Decisions, categories and history of the connection."""
        return Store(self.folder.store)

    @property
    def states(self) -> States:
        """How the connection is."""
        return States(self.folder.store)

    @property
    def warehouse(self) -> Warehouse:
        """The connection's own database."""
        return Warehouse(self.folder)

    @property
    def report(self) -> LoadReport | None:
        """What this run loaded; None where it loads nothing."""
        return self._report

    def keep_report(self, report: LoadReport) -> None:
        """Keep what this run loaded, for its record and for the published tables."""
        self._report = report
        self.states.move("credential_worked")

    @property
    def has_documents(self) -> bool:
        """Whether this run built all documents."""
        return self._has_documents

    def keep_documents(self) -> None:
        """Note that this run built all documents."""
        self._has_documents = True

    @property
    def all_built_because(self) -> str:
        """Why this run builds all records; '' where those that changed are enough."""
        return self._all_built_because

    def keep_reason(self, reason: str) -> None:
        """Note why this run builds all records, '' where the changed are enough."""
        self._all_built_because = reason

    def bill(self) -> BillCredentials:
        """Return the credential of this connection's BILL, the bundled one started.

        Raises:
            UsageError: The connection is paused, so no request may be made.
        """
        if self.store.state().state == "paused":
            raise UsageError(
                f"{self.name} is paused, so BILL was not asked. Resume it with:"
                f" bill-ledger resume {self.name}"
            )
        if self.connection.is_bundled and self._bundled is None:
            self._bundled = self._stack.enter_context(
                running(self.connection, self.folder)
            )
        if self._bundled is not None:
            source, url = self._bundled.credentials, self._bundled.api_url
        else:
            source = Registry(self._home).credentials(self.name)
            url = self.connection.api_url
        return BillCredentials(
            organization_id=self.connection.organization_id,
            token_name=source.token_name,
            token_password=source.token_password,
            dev_key=source.dev_key,
            api_url=url,
            spend_token=source.spend_token,
        )

    def shared(self) -> Path | None:
        """The folder of BILL's sessions and budget; the bundled BILL has no need of it.

        It lives as long as the run, at an address of its own.
        """
        return None if self.connection.is_bundled else self._home.create_shared()

    @cached_property
    def now(self) -> datetime:
        """The instant this run counts as: given, else the clock's at its start.

        The bundled company's clock may be ahead of ours: it lives a day per demo. An
        instant before the last sync's would undo what is known, so the later counts.
        """
        if NOW_TAG in self._run.tags:
            return instant_from(self._run.tags[NOW_TAG])
        last = self.store.state().last_as_of
        instants = [datetime.now(UTC)]
        instants += [instant_from(last)] if last else []
        instants += [self._bundled.now] if self._bundled else []
        return max(instants)

    @property
    def today(self) -> date:
        """The day of this run's instant where the organization is."""
        return self.now.astimezone(ZoneInfo(self.connection.timezone)).date()

    @contextmanager
    def doing(self, what: str, retried: int = len(PAUSES)) -> Iterator[None]:
        """Run a step: our errors end it with their advice, and the state says so.

        What may pass by itself is tried again where nobody waits for the run.
        ``retried``: how often that was done, where a step may be tried again.
        """
        announce(what)
        try:
            yield
        except (BillError, LedgerError) as error:
            may_pass = isinstance(error, BillError) and error.retryable
            if may_pass and self.runs_by_itself and retried < len(PAUSES):
                log.warning("%s Trying again in %d s.", error, PAUSES[retried])
                raise dg.RetryRequested(len(PAUSES), PAUSES[retried]) from error
            status = exit_status(error)
            self.record_failure(status, str(error))
            raise dg.Failure(
                description=str(error),
                metadata={"exit_status": int(status)},
                allow_retries=False,
            ) from error
        except dg.Failure:
            raise
        except Exception as error:
            reason = f"{what}: stopped unexpectedly by {type(error).__name__}."
            advice = "Run it again; if it stays, report it with the run's log."
            self.record_failure(ExitStatus.FAILED, f"{reason} {advice}")
            raise

    def record_start(self) -> None:
        """Remember the instant of this run: no later one may be before it.

        Raises:
            LedgerError: The data here is another organization's.
        """
        self.states.claim(self.connection)
        self.states.move("began", last_as_of=instant_text(self.now))

    def record_success(self) -> None:
        """Keep what this run did, which is published with the ledger."""
        self._record(ExitStatus.DONE, "")

    def succeed(self) -> None:
        """Say that the connection works: what the run did is published."""
        at = instant_text(datetime.now(UTC))
        self.states.move("succeeded", last_success=at)

    def record_failure(self, status: ExitStatus, message: str) -> None:
        """Say why the connection does not work, and keep what this run did."""
        refused = status is ExitStatus.CREDENTIAL_REFUSED
        self.states.move("credential_refused" if refused else "failed", message)
        if refused:
            credentials = Registry(self._home).credentials(self.name)
            self.states.refuse(credentials.fingerprint())
        self._record(status, message)

    def _record(self, status: ExitStatus, message: str) -> None:
        tables = list(self._report.tables.values()) if self._report else []
        finished = datetime.now(UTC)
        self.store.add_run(
            SyncRun(
                run_id=self.run_id,
                as_of=instant_text(self.now),
                started_at=instant_text(
                    self._report.started_at if self._report else finished
                ),
                finished_at=instant_text(finished),
                status="success" if status is ExitStatus.DONE else "failure",
                api_calls=self._report.api_calls if self._report else 0,
                rows_read=sum(table.rows_read for table in tables),
                versions_appended=sum(table.versions_appended for table in tables),
                message=message,
                exit_status=int(status),
            )
        )
