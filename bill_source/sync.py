"""One sync of one organization: which lists, in which order, with what left over.

Here belongs: the order of the lists, the documents that changed payments touch, and
the report. Not here: one list's requests (listing.py), storing (pipeline.py).
"""

import copy
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from bill_source.backfill import backfill
from bill_source.batches import Origin
from bill_source.below import read_below
from bill_source.client import BillClient
from bill_source.entities import BY_TABLE, Entity
from bill_source.errors import (
    BillAccessError,
    BillLimitError,
    BillLockedError,
    BillOrganizationError,
    BillPageError,
    BillRejectedError,
    BillSessionError,
)
from bill_source.held import Held, formerly_touched
from bill_source.limiter import MOST_IN_FLIGHT
from bill_source.listing import ListSync
from bill_source.outbox import Outbox
from bill_source.owed import Owed
from bill_source.policy import Policy
from bill_source.report import LoadReport, Progress
from bill_source.states import judge
from bill_source.tables import LIST_STATES
from bill_source.versions import VersionLog
from bill_source.warehouse import Warehouse

PAUSE = 0.05
"""Seconds between two looks at whether a package is full."""
BEYOND_A_LIST = (
    BillAccessError,
    BillLimitError,
    BillLockedError,
    BillOrganizationError,
    BillPageError,
    BillSessionError,
)
"""Refusals that end the sync; others keep one list from us, and the rest goes on."""


@dataclass(frozen=True)
class Plan:
    """What one sync is asked to do."""

    entities: tuple[Entity, ...]
    now: datetime
    full: bool = False
    accept_empty: frozenset[str] = frozenset()
    policy: Policy = field(default_factory=Policy)
    progress: Callable[[Progress], None] | None = None


class Sync:
    """Reads all chosen lists, causes before the documents they touch."""

    def __init__(
        self,
        client: BillClient,
        plan: Plan,
        warehouse: Warehouse,
        state: dict[str, Any],
        report: LoadReport,
    ) -> None:
        self.outbox = Outbox(plan.policy.package_bytes)
        self.state = state
        self._client = client
        self._plan = plan
        self._report = report
        self._warehouse = warehouse
        self._owed = Owed(warehouse, state)
        self._owed.begin(plan.entities, plan.now)
        self._present = warehouse.tables()
        self._lists = {
            entity.table: self._list(entity, self._present) for entity in plan.entities
        }

    def _list(self, entity: Entity, present: Mapping[str, object]) -> ListSync:
        plan = self._plan
        held = Held(entity, self._warehouse, present)
        origin = Origin(self._client.credentials.organization_id, plan.now)
        log = VersionLog(entity, held, self.outbox, origin=origin)
        state = self.state.setdefault(entity.table, {})
        found = ListSync(
            self._client,
            log,
            held,
            state,
            now=plan.now,
            policy=plan.policy,
            progress=plan.progress,
        )
        found.accepts_empty = entity.table in plan.accept_empty
        self._report.tables[entity.table] = found.report
        return found

    @property
    def is_importing(self) -> bool:
        """Whether a long import has parts that are done and worth keeping."""
        return any(
            found.get("backfill", {}).get("done") or found.get("pending")
            for found in self.state.values()
        )

    def copied_state(self) -> dict[str, Any]:
        """Return the state as it is now, while readers may be writing it."""
        while True:
            try:
                return copy.deepcopy(self.state)
            except RuntimeError:  # a dictionary grew meanwhile: look again
                continue

    def stored(self, package: int) -> None:
        """Note that a package is in the warehouse."""
        self.outbox.stored()
        for one in self._lists.values():
            one.log.stored(package)

    def run(self) -> Generator[None]:
        """Read everything; yields whenever a full package should be stored."""
        by_stage = sorted(self._plan.entities, key=lambda entity: entity.after)
        for _, stage in groupby(by_stage, key=lambda entity: entity.after):
            lists = [self._lists[entity.table] for entity in stage]
            yield from self._run_stage(lists)
            for one in lists:
                if self._is_full():
                    yield  # closing a list may add rows, and must not wait for room
                self._close(one)

    def _run_stage(self, lists: list[ListSync]) -> Generator[None]:
        wanted = {one.entity.table: self._wanted(one) for one in lists}
        with ThreadPoolExecutor(MOST_IN_FLIGHT) as pool:
            running: set[Future[None]] = {
                pool.submit(self._read, one, wanted[one.entity.table]) for one in lists
            }
            try:
                while running:
                    done, running = wait(running, PAUSE, return_when=FIRST_EXCEPTION)
                    for future in done:
                        future.result()
                    if self._is_full():
                        yield
            except BaseException:
                self.outbox.close()
                self._client.close()
                pool.shutdown(cancel_futures=True)
                raise

    def _is_full(self) -> bool:
        policy, outbox = self._plan.policy, self.outbox
        return outbox.rows >= policy.package_rows or outbox.size >= policy.package_bytes

    def _read(self, one: ListSync, wanted: set[str]) -> None:
        started = datetime.now(UTC)
        try:
            if one.entity.per:
                read_below(one, sorted(wanted))
            else:
                self._read_list(one)
                if not one.is_whole:
                    one.fetch(wanted - one.log.seen)
        except BillRejectedError as error:
            if isinstance(error, BEYOND_A_LIST):
                raise
            one.log.flush()
            one.refusal = error
        one.report.duration = datetime.now(UTC) - started

    def _read_list(self, one: ListSync) -> None:
        """Read what is new; then, where a complete reading is due, all of it."""
        is_first = one.watermark is None and one.entity.mode == "incremental"
        if not is_first and not one.reads_whole():
            one.read_changes()
        if self._plan.full:
            one.state.pop("backfill", None)  # all windows anew, not only missing ones
        if is_first or "backfill" in one.state:
            backfill(one, self._plan.now)
        elif self._plan.full and not one.is_whole and not one.reads_whole():
            self._read_again(one)
        elif not one.is_whole and one.reads_whole():
            one.read_whole()

    def _read_again(self, one: ListSync) -> None:
        """Read a list whole that was just read by its cursor: what differs drifted."""
        one.log.flush()
        before = one.log.appended
        backfill(one, self._plan.now)
        one.report.drifted = one.log.appended - before

    def _wanted(self, one: ListSync) -> set[str]:
        """Return what is to be read of a list besides what its own cursor shows."""
        if one.entity.per:
            return self._parents(one)
        return self._touched(one.entity.table) | self._owed.documents(one.entity.table)

    def _parents(self, one: ListSync) -> set[str]:
        """Return the parents to ask for: those that changed, or all of them."""
        entity = BY_TABLE[one.entity.per]
        parent = self._lists.get(entity.table)
        changed = parent.log.changed if parent is not None else set()
        is_new = "pending" not in one.state
        if is_new or self._plan.full or entity.mode == "full":
            return Held(entity, self._warehouse, self._present).ids() | changed
        return changed | self._owed.parents(one.entity)

    def _touched(self, target: str) -> set[str]:
        """Documents whose amounts this sync's changed payments and credits changed."""
        found: set[str] = set()
        for one in self._lists.values():
            found |= one.log.touched.get(target, set())
            for table, column, touched in one.entity.touches:
                if touched == target and one.log.changed and one.held.count:
                    changed = sorted(one.log.changed)
                    found |= formerly_touched(
                        self._warehouse, one.entity, table, column, changed
                    )
        return found

    def _close(self, one: ListSync) -> None:
        report, log = one.report, one.log
        log.flush()
        report.rows_read = log.rows_read
        report.versions_appended = log.appended
        report.quarantined = log.notes.quarantined
        report.watermark = one.watermark
        report.rows = len(log)
        report.new_fields = tuple(sorted(log.notes.fields))
        report.new_values = tuple(sorted(log.notes.values))
        if one.refusal is None:
            self._owed.done(one.entity.table)
        self._keep_state_of(one)
        self._report.warnings.extend(report.warnings())

    def _keep_state_of(self, one: ListSync) -> None:
        """Append a row when BILL began, or ceased, to keep a list from us."""
        before, now = one.before, judge(one)
        one.report.state, one.report.reason = now.state, now.reason
        if (now.state, now.reason) != (before.state, before.reason):
            org_id = self._client.credentials.organization_id
            row = (org_id, one.entity.table, now.state, now.reason, len(one.log))
            version = before.version + 1
            self.outbox.add_rows(LIST_STATES, [(*row, version, self._plan.now)])
