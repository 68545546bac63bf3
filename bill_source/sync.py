"""One sync of one organization: which lists, in which order, with what left over.

Here belongs: the order of the lists, the documents that changed payments touch, and
the report. Not here: one list's requests (listing.py), storing (pipeline.py).
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from bill_source.backfill import backfill
from bill_source.client import BillClient
from bill_source.entities import Entity
from bill_source.errors import BillForbiddenError
from bill_source.limiter import MOST_IN_FLIGHT
from bill_source.listing import ListSync, Policy
from bill_source.outbox import Outbox
from bill_source.report import LoadReport, Progress
from bill_source.versions import VersionLog, Versions

PAUSE = 0.2
"""Seconds between two looks at whether a package is full."""

FormerlyTouched = Callable[[Entity, str, str, Sequence[str]], set[str]]
"""(entity, table, column, changed ids) -> ids that their stored versions refer to."""


@dataclass(frozen=True)
class Plan:
    """What one sync is asked to do."""

    entities: tuple[Entity, ...]
    now: datetime
    full: bool = False
    policy: Policy = field(default_factory=Policy)
    progress: Callable[[Progress], None] | None = None


class Sync:
    """Reads all chosen lists, causes before the documents they touch."""

    def __init__(
        self,
        client: BillClient,
        plan: Plan,
        versions: Mapping[str, Versions],
        state: dict[str, Any],
        report: LoadReport,
        formerly_touched: FormerlyTouched,
    ) -> None:
        self.outbox = Outbox()
        self.state = state
        self._client = client
        self._plan = plan
        self._report = report
        self._formerly_touched = formerly_touched
        self._lists = {
            entity.table: self._list(entity, versions[entity.table])
            for entity in plan.entities
        }

    def _list(self, entity: Entity, versions: Versions) -> ListSync:
        org_id = self._client.credentials.organization_id
        now = self._plan.now
        log = VersionLog(entity, versions, self.outbox, org_id=org_id, now=now)
        found = ListSync(
            self._client,
            log,
            versions,
            self.state.setdefault(entity.table, {}),
            now=now,
            policy=self._plan.policy,
            progress=self._plan.progress,
        )
        self._report.tables[entity.table] = found.report
        return found

    @property
    def is_importing(self) -> bool:
        """Whether a long first import has windows that are done and worth keeping."""
        return any(
            found.get("backfill", {}).get("done") for found in self.state.values()
        )

    def run(self) -> Generator[None]:
        """Read everything; yields whenever a full package should be stored."""
        by_stage = sorted(self._plan.entities, key=lambda entity: entity.after)
        for _, stage in groupby(by_stage, key=lambda entity: entity.after):
            lists = [self._lists[entity.table] for entity in stage]
            yield from self._run_stage(lists)
            for one in lists:
                self._close(one)

    def _run_stage(self, lists: list[ListSync]) -> Generator[None]:
        touched = {one.entity.table: self._touched(one.entity.table) for one in lists}
        with ThreadPoolExecutor(MOST_IN_FLIGHT) as pool:
            running: set[Future[None]] = {
                pool.submit(self._read, one, touched[one.entity.table]) for one in lists
            }
            try:
                while running:
                    done, running = wait(running, PAUSE, return_when=FIRST_EXCEPTION)
                    for future in done:
                        future.result()
                    if self.outbox.rows >= self._plan.policy.package_rows:
                        yield
            except BaseException:
                self._client.close()
                pool.shutdown(cancel_futures=True)
                raise

    def _read(self, one: ListSync, touched: set[str]) -> None:
        started = datetime.now(UTC)
        if self._plan.full:
            one.state.pop("backfill", None)  # all windows anew, not only missing ones
        try:
            if one.entity.mode == "incremental" and self._imports(one):
                backfill(one, self._plan.now)
            elif one.reads_whole():
                one.read_whole()
            else:
                one.read_changes()
            one.fetch(touched - one.log.seen)
        except BillForbiddenError as error:
            self._report.warnings.append(one.refused(error))
        one.report.duration = datetime.now(UTC) - started

    def _imports(self, one: ListSync) -> bool:
        """Whether the list has not been read whole yet, or is to be read again."""
        return self._plan.full or one.watermark is None or "backfill" in one.state

    def _touched(self, target: str) -> set[str]:
        """Documents whose amounts this sync's changed payments and credits changed."""
        found: set[str] = set()
        for one in self._lists.values():
            found |= one.log.touched.get(target, set())
            for table, column, touched in one.entity.touches:
                if touched == target and one.log.changed:
                    changed = sorted(one.log.changed)
                    found |= self._formerly_touched(one.entity, table, column, changed)
        return found

    def _close(self, one: ListSync) -> None:
        report, log = one.report, one.log
        report.rows_read = log.rows_read
        report.versions_appended = log.appended
        report.quarantined = log.quarantined
        report.watermark = one.watermark
        report.rows = len(log)
        if report.readable and report.rows_listed == 0 and report.rows:
            self._report.warnings.append(
                f"{report.table}: BILL lists no rows any more; the {report.rows} loaded"
                " before stay."
            )
        if log.quarantined:
            self._report.warnings.append(
                f"{report.table}: {log.quarantined} records could not be read exactly;"
                " see raw_bill.quarantine."
            )
