"""One BILL list in one sync: which requests bring everything that is new in it.

Here belongs: whole reads, incremental passes, re-reads of what may have moved
unnoticed, and the plainer requests we fall back to. Not here: a first import by
windows (backfill.py), the order of the lists (sync.py), single requests (client.py).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bill_source.answers import Page
from bill_source.client import PAGE_SIZE, BillClient
from bill_source.entities import Entity
from bill_source.errors import BillQueryError, BillRejectedError
from bill_source.limiter import MOST_IN_FLIGHT
from bill_source.report import Progress, TableReport
from bill_source.values import read_instant
from bill_source.versions import VersionLog, Versions

NEWEST_FIRST = "updatedTime:desc"
"""While we page, a row that changes jumps to the front: nothing is skipped."""
ARCHIVED = "archived:eq:true"
IDS_PER_REQUEST = 50
FEW = 5
"""So many single requests more than the pages of the whole list are worth it."""
STABLE = ("createdTime", "updatedTime")
QUIET_PASSES = 2
MOST_PASSES = 15
FUTURE = timedelta(days=1)
"""An updatedTime further ahead of the clock than this moves no watermark."""


@dataclass(frozen=True)
class Policy:
    """How a sync weighs its requests.

    Attributes:
        overlap: How far before the watermark an incremental pass starts; BILL's
            timestamps may tie, lag and arrive out of order.
        small_list: Up to so many rows a list is read whole each time: three calls,
            no more than the passes it replaces, and nothing can hide.
        archived_list: Up to so many archived rows all of them are read each time.
        package_rows: After so many rows a package is stored, so that a first import
            that is interrupted goes on where it was.
    """

    overlap: timedelta = timedelta(days=1)
    small_list: int = 300
    archived_list: int = 1_000
    package_rows: int = 20_000


class ListSync:
    """Reads one entity's list and passes its records to the version log."""

    def __init__(
        self,
        client: BillClient,
        log: VersionLog,
        versions: Versions,
        state: dict[str, Any],
        *,
        now: datetime,
        policy: Policy,
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self.client = client
        self.entity: Entity = log.entity
        self.log = log
        self.held = versions
        self.state = state
        self.policy = policy
        self.report = TableReport(self.entity.table)
        self.newest: datetime | None = None
        self.lacks_cursor = False
        self._latest = max(now, datetime.now(UTC)) + FUTURE
        self._progress = progress
        self._had_rows = bool(len(log))

    @property
    def watermark(self) -> datetime | None:
        """Newest updatedTime of the passes completed so far."""
        return read_instant(self.state.get("watermark") or "")

    def reads_whole(self) -> bool:
        """Whether the list is read from end to end rather than by its cursor."""
        return (
            self.entity.mode == "full"
            or self.watermark is None
            or bool(self.state.get("no_cursor"))
            or len(self.log) <= self.policy.small_list
        )

    def take(self, page: Page) -> None:
        """Pass on one page of records and remember the newest updatedTime."""
        times = self.log.accept(page.records)
        self.lacks_cursor = self.lacks_cursor or None in times
        sane = [time for time in times if time is not None and time <= self._latest]
        self.newest = max(
            [*sane, *([self.newest] if self.newest else [])], default=None
        )
        if self._progress is not None:
            self._progress(Progress(self.entity.table, self.log.rows_read))

    def read_whole(self, begun: Iterator[Page] | None = None) -> None:
        """Read the whole list, archived rows too, and follow up what it left out.

        Args:
            begun: A listing of the whole list that is already under way.
        """
        if begun is None:
            self.read_list(sort=self.entity.sort)
        else:
            for page in begun:
                self.take(page)
        self.finish_whole()
        self.keep_watermark(self.newest)

    def finish_whole(self, *, in_one_run: bool = True) -> None:
        """After all rows of the plain list: archived ones, and those now missing.

        Args:
            in_one_run: Whether this run saw the whole list; else nothing is missing.
        """
        self._list_archived("")
        if not in_one_run:
            return
        self.report.rows_listed = len(self.log.seen)
        if self._had_rows and not self.log.seen:
            return  # an emptied list is a matter for a person, not for deletions
        self.fetch(self.held.unarchived - self.log.seen)

    def read_changes(self) -> None:
        """Read what changed since the watermark, and what moves without saying so."""
        watermark = self.watermark or self._latest
        since = f'updatedTime:gte:"{as_text(watermark - self.policy.overlap)}"'
        try:
            self.read_list(filters=since, sort=NEWEST_FIRST)
        except BillQueryError:
            self.read_whole()
            return
        self._list_open()
        few = len(self.held.archived) <= self.policy.archived_list
        missing = self._list_archived("" if few else since)
        self.fetch((missing if few else set()) | self.held.unsettled - self.log.seen)
        self.keep_watermark(max(watermark, self.newest or watermark))

    def _list_open(self) -> None:
        """Read the open documents; those that left the set are read by their ids."""
        if not self.entity.open_filter:
            return
        # Where BILL refuses the filter, what we hold as open is read by its ids.
        with suppress(BillQueryError):
            self.read_list(filters=self.entity.open_filter, sort=NEWEST_FIRST)
        self.fetch(self.held.open - self.log.seen)

    def _list_archived(self, since: str) -> set[str]:
        """Read archived rows; return those that no longer are, as far as we know."""
        if not self.entity.archived_filter:
            return set()
        try:
            filters = ",".join(filter(None, (ARCHIVED, since)))
            self.read_list(filters=filters, sort=self.entity.sort)
        except BillQueryError:
            return set()
        return self.held.archived - self.log.seen

    def read_list(self, *, filters: str = "", sort: str = "") -> None:
        """Read one listing; without a stable order repeat it until nothing is new.

        Raises:
            BillQueryError: BILL refuses the filter; a refused sort is left out.
        """
        try:
            pages = self._pass(filters, sort)
        except BillQueryError:
            if not sort:
                raise
            sort = ""
            pages = self._pass(filters, "")
        if pages > 1 and not sort.startswith(STABLE):
            self._repeat(filters, sort)

    def _repeat(self, filters: str, sort: str) -> None:
        """Page again through rows without a fixed order until none are new."""
        quiet = 0
        for _ in range(MOST_PASSES):
            before = len(self.log.seen)
            self._pass(filters, sort)
            quiet = quiet + 1 if len(self.log.seen) == before else 0
            if quiet == QUIET_PASSES:
                return

    def _pass(self, filters: str, sort: str) -> int:
        pages = 0
        for page in self.client.pages(self.entity, filters=filters, sort=sort):
            self.take(page)
            pages += 1
        return pages

    def fetch(self, ids: Iterable[str]) -> None:
        """Read records by id: in groups where BILL can, else singly or all."""
        wanted = sorted(ids)
        if self.entity.id_filter:
            with suppress(BillQueryError):
                for group in groups_of(IDS_PER_REQUEST, wanted):
                    self.read_list(filters=f'id:in:"{",".join(group)}"')
        if len(self._unseen(wanted)) > len(self.log) // PAGE_SIZE + FEW:
            self.read_list(sort=self.entity.sort)
        left = self._unseen(wanted)
        with ThreadPoolExecutor(MOST_IN_FLIGHT) as pool:
            found = pool.map(lambda one: self.client.record(self.entity, one), left)
            records = tuple(record for record in found if record is not None)
        if records:
            self.take(Page(records))

    def _unseen(self, ids: Iterable[str]) -> list[str]:
        return [record_id for record_id in ids if record_id not in self.log.seen]

    def keep_watermark(self, newest: datetime | None) -> None:
        """Remember, after a complete pass, how far it reached."""
        if self.lacks_cursor:
            self.state["no_cursor"] = True
        if newest is not None and self.entity.mode == "incremental":
            self.state["watermark"] = as_text(newest)

    def refused(self, error: BillRejectedError) -> str:
        """Note that BILL does not let us read this list; what we hold stays."""
        self.report.readable = False
        held = f" The {len(self.log)} rows loaded before stay." if len(self.log) else ""
        return f"{self.entity.table}: {error.message}{held}"


def groups_of(size: int, ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut a list of ids into pieces."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def as_text(instant: datetime) -> str:
    """Return an instant as BILL's filters take it."""
    text = instant.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
