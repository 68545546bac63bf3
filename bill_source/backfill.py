"""A first import, or a complete second one: closed windows of createdTime.

Here belongs: choosing the windows, reading them side by side, going on after an
interruption. Not here: every later sync (listing.py). A window that ended in the past
is a set of rows that cannot change, so paging through it cannot skip any.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import chain, pairwise
from typing import Any

from bill_source.answers import Page
from bill_source.errors import BillQueryError
from bill_source.instants import as_text, created_times
from bill_source.limiter import MOST_IN_FLIGHT
from bill_source.listing import NEWEST_FIRST, ListSync
from bill_source.values import read_instant

OLDEST_FIRST = "createdTime:asc"
MOST_YEARS = 20
"""Rows dated before are read in the first window, which has no start."""

Window = list[str]
"""Start and end of a window, empty where it has none."""


def backfill(sync: ListSync, now: datetime) -> None:
    """Read a whole list; where it is long, by windows that are done one by one."""
    progress = sync.state.get("backfill")
    resumed = progress is not None
    if progress is None:
        pages = _begin(sync, now)
        if pages is not None:
            sync.read_whole(pages)
            return
        progress = sync.state.get("backfill")
    if progress is None:
        sync.read_whole()
        return
    try:
        _read_windows(sync, progress)
    except BillQueryError:
        del sync.state["backfill"]
        sync.read_whole()
        return
    sync.finish_whole(in_one_run=not resumed)
    del sync.state["backfill"]
    sync.keep_watermark(_later(sync.watermark, read_instant(progress["watermark"])))


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    found = [instant for instant in (one, other) if instant is not None]
    return max(found, default=None)


def _begin(sync: ListSync, now: datetime) -> Iterator[Page] | None:
    """Look at the oldest page: return the listing if it will do, or plan windows.

    Returns None without a plan where BILL refuses to sort.
    """
    pages = sync.client.pages(sync.entity, sort=sync.entity.sort)
    try:
        first = next(pages)
    except BillQueryError:
        return None
    times = created_times(first.records)
    whole = chain([first], pages)
    if not first.next_token or not sync.entity.created_filter or None in times:
        return whole
    newest = _newest(sync)
    if newest is None:
        return whole
    oldest = min(time for time in times if time is not None)
    # Rows may change while a long import runs, or between its parts: so the first
    # incremental pass starts from what was newest before the import began.
    sync.state["backfill"] = {
        "watermark": as_text(newest),
        "oldest": as_text(oldest),
        "todo": windows(oldest, now),
    }
    return None


def _newest(sync: ListSync) -> datetime | None:
    try:
        page = next(sync.client.pages(sync.entity, sort=NEWEST_FIRST))
    except BillQueryError:
        return None
    sync.take(page)
    return None if sync.lacks_cursor else sync.newest


def windows(oldest: datetime, now: datetime) -> list[Window]:
    """Return windows that cover all time, one for each year there may be rows of."""
    first = min(max(oldest.year, now.year - MOST_YEARS), now.year)
    starts = [as_text(datetime(y, 1, 1, tzinfo=UTC)) for y in range(first, now.year)]
    bounds = ["", *starts[1:], as_text(datetime(now.year, 1, 1, tzinfo=UTC)), ""]
    return [[start, end] for start, end in pairwise(bounds)]


def filter_of(window: Window) -> str:
    """Return a window in BILL's words."""
    start, end = window
    parts = [
        f'createdTime:gte:"{start}"' if start else "",
        f'createdTime:lt:"{end}"' if end else "",
    ]
    return ",".join(filter(None, parts))


def _read_windows(sync: ListSync, progress: dict[str, Any]) -> None:
    """Read all windows; those that are done, or begun, are noted with their rows."""
    todo: list[Window] = progress["todo"]
    lock = threading.Lock()

    def read(window: Window) -> None:
        while True:
            reached = _read_part(sync, window)
            sync.log.flush()  # what is noted as done is surely among the rows
            with lock:
                if not reached:
                    todo.remove(window)
                    return
                todo[todo.index(window)] = window = [reached, window[1]]

    with ThreadPoolExecutor(MOST_IN_FLIGHT) as pool:
        list(pool.map(read, list(todo)))


def _read_part(sync: ListSync, window: Window) -> str:
    """Read a window, or its first rows; return where the rest begins.

    Rows made in the instant where it stops are read again with the rest.
    """
    rows = 0
    entity, filters = sync.entity, filter_of(window)
    for page in sync.client.pages(entity, filters=filters, sort=OLDEST_FIRST):
        sync.take(page)
        rows += len(page.records)
        if rows >= sync.policy.window_rows and page.next_token and page.records:
            [last] = created_times(page.records[-1:])
            reached = as_text(last) if last else ""
            if reached > window[0]:
                return reached
    return ""
