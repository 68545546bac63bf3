"""One BILL list in one sync: which requests bring everything that is new in it.

Here belongs: whole reads, incremental passes, re-reads of what may have moved
unnoticed, and the plainer requests we fall back to. Not here: a first import by
windows (backfill.py), the order of the lists (sync.py), single requests (client.py).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from bill_source.answers import Page
from bill_source.client import PAGE_SIZE, BillClient
from bill_source.entities import Entity
from bill_source.errors import BillQueryError, BillRejectedError
from bill_source.held import Held
from bill_source.instants import as_text, newest_of
from bill_source.limiter import MOST_IN_FLIGHT
from bill_source.policy import Policy
from bill_source.report import Progress, TableReport
from bill_source.states import EMPTIED
from bill_source.values import read_instant
from bill_source.versions import VersionLog

NEWEST_FIRST = "updatedTime:desc"
"""While we page, a row that changes jumps to the front: nothing is skipped."""
ARCHIVED = "archived:eq:true"
IDS_PER_REQUEST = 50
FEW = 5
"""So many single requests more than the pages of the whole list are worth it."""
STABLE = ("createdTime", "updatedTime", "occurredTime", "submittedTime")
QUIET_PASSES = 2
MOST_PASSES = 15
FUTURE = timedelta(days=1)
"""An updatedTime further ahead of the clock than this moves no watermark."""
MOST_MISSING = 100
MISSING_SHARE = 10
"""A whole list that lacks more rows than the larger of these, a number and a tenth of
what we hold, is taken for a fault of BILL's or of our rights, not for their end."""


class ListSync:
    """Reads one entity's list and passes its records to the version log."""

    def __init__(
        self,
        client: BillClient,
        log: VersionLog,
        held: Held,
        state: dict[str, Any],
        *,
        now: datetime,
        policy: Policy,
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self.client = client
        self.entity: Entity = log.entity
        self.log = log
        self.held = held
        self.state = state
        self.policy = policy
        self.report = TableReport(self.entity.table)
        self.newest: datetime | None = None
        self.lacks_cursor = False
        self.is_whole = False
        self.lack = 0
        self.before = held.state()
        self.accepts_empty = False
        self.refusal: BillRejectedError | None = None
        self._now = now
        self._latest = max(now, datetime.now(UTC)) + FUTURE
        self._progress = progress

    @property
    def watermark(self) -> datetime | None:
        """Newest updatedTime of the passes completed so far, none beyond the clock."""
        found = read_instant(self.state.get("watermark") or "")
        return found if found is None or found <= self._latest else None

    def reads_whole(self) -> bool:
        """Whether the list is read from end to end rather than by its cursor."""
        return (
            self.entity.mode == "full"
            or self.watermark is None
            or bool(self.state.get("no_cursor"))
            or len(self.log) <= self.policy.small_list
            or self.before.state in EMPTIED
        )

    def take(self, page: Page, parent_id: str = "") -> None:
        """Pass on one page of records and remember the newest updatedTime."""
        times = self.log.accept(page.records, parent_id)
        self.lacks_cursor = self.lacks_cursor or None in times
        found = [self.newest, newest_of(times, self._latest)]
        self.newest = max(filter(None, found), default=None)
        self.tell()

    def tell(self) -> None:
        """Announce how far the list has been read."""
        if self._progress is not None:
            rows = self.log.rows_read
            self._progress(Progress(self.entity.table, rows, total=self._total(rows)))

    def _total(self, rows: int) -> int | None:
        """Estimate a first import's rows by the share of time that has been read."""
        importing = self.state.get("backfill")
        oldest = read_instant(importing["oldest"]) if importing else None
        if not importing or oldest is None:
            return None
        left = timedelta()
        for start, end in list(importing["todo"]):
            until = read_instant(end) or self._now
            left += max(until - (read_instant(start) or oldest), timedelta())
        whole = self._now - oldest
        return int(rows * whole / (whole - left)) if left < whole else None

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
        self._list_archived("", "", self.entity.sort)
        if not in_one_run:
            return
        self.is_whole = True
        self.report.rows_listed = len(self.log.seen)
        self.follow_up(self.held.missing(self.log.seen) if self.held.count else set())

    def follow_up(self, missing: set[str]) -> None:
        """Ask by id for rows a whole list lacks; only what BILL deletes is deleted."""
        buries = self.entity.vanishes and self.accepts_empty
        is_empty = not self.log.seen
        if len(missing) > self._most_missing() and not buries:
            self.lack = len(missing)
            return
        gone = self.fetch(missing)
        if gone and is_empty and not buries:
            self.lack = len(gone)  # its only rows may be archived, which is no lack
        elif self.entity.vanishes:
            self.log.bury(gone)
        else:
            self.report.missing += len(gone)

    def _most_missing(self) -> int:
        return max(MOST_MISSING, self.held.count // MISSING_SHARE)

    def read_changes(self) -> None:
        """Read what changed since the watermark, and what moves without saying so."""
        watermark = self.watermark or self._latest
        since = f'updatedTime:gte:"{as_text(watermark - self.policy.overlap)}"'
        try:
            self.read_list(filters=since, sort=NEWEST_FIRST)
        except BillQueryError:
            self.read_whole()
            return
        self.log.flush()
        if not self.log.seen and self._is_empty():
            self.read_whole()
            return
        self._list_open()
        archived = self.held.archived()
        few = len(archived) <= self.policy.archived_list
        is_listed = self._list_archived("" if few else since, since, NEWEST_FIRST)
        moved = archived if few and is_listed else set()
        self.fetch((moved | self.held.unsettled()) - self.log.seen)
        self.keep_watermark(max(watermark, self.newest or watermark))

    def _is_empty(self) -> bool:
        """Ask for one row, after a pass without even that of the watermark."""
        first = next(self.client.pages(self.entity, size=1))
        return not first.records

    def _list_open(self) -> None:
        """Read the open documents; those that left the set are read by their ids."""
        if not self.entity.open_filter:
            return
        # Where BILL refuses the filter, what we hold as open is read by its ids.
        with suppress(BillQueryError):
            self.read_list(filters=self.entity.open_filter, sort=NEWEST_FIRST)
        self.fetch(self.held.open() - self.log.seen)

    def _list_archived(self, since: str, listed: str, sort: str) -> bool:
        """Read archived rows, where BILL lets us ask for them.

        A row that was archived while we paged through the listing before may have left
        it and pulled another to a page already read: that listing is read again.
        """
        self.log.flush()
        if not self.entity.archived_filter:
            return False
        try:
            filters = ",".join(filter(None, (ARCHIVED, since)))
            before = self.log.moved
            self.read_list(filters=filters, sort=self.entity.sort)
        except BillQueryError:
            return False
        self.log.flush()
        if self.log.moved > before:
            self.read_list(filters=listed, sort=sort)
        return True

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

    def fetch(self, ids: Iterable[str], parent_id: str = "") -> set[str]:
        """Read records by id: in groups where BILL can, else singly or all.

        Returns:
            The ids BILL has no record of any more.
        """
        wanted = sorted(ids)
        if self.entity.id_filter and not self.entity.per:
            with suppress(BillQueryError):
                for group in groups_of(IDS_PER_REQUEST, wanted):
                    self.read_list(filters=f'id:in:"{",".join(group)}"')
        if self._lists_sooner(len(self._unseen(wanted))):
            self.read_list(sort=self.entity.sort)
        left = self._unseen(wanted)
        with ThreadPoolExecutor(MOST_IN_FLIGHT) as pool:
            found = list(
                pool.map(lambda one: self.client.record(self.entity, one), left)
            )
        records = tuple(record for record in found if record is not None)
        if records:
            self.take(Page(records), parent_id)
        self.log.flush()
        return {one for one, record in zip(left, found, strict=True) if record is None}

    def _lists_sooner(self, singles: int) -> bool:
        """Whether reading the whole list again costs less than single requests."""
        again = len(self.log) // PAGE_SIZE + FEW
        return not self.entity.per and not self.is_whole and singles > again

    def _unseen(self, ids: Iterable[str]) -> list[str]:
        return [record_id for record_id in ids if record_id not in self.log.seen]

    def keep_watermark(self, newest: datetime | None) -> None:
        """Remember, after a complete pass, how far it reached."""
        self.log.flush()
        if self.lacks_cursor:
            self.state["no_cursor"] = True
        if newest is not None and self.entity.mode == "incremental":
            self.state["watermark"] = as_text(newest)


def groups_of(size: int, ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut a list of ids into pieces."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
