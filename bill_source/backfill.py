"""A first import, or a complete second one: closed windows of createdTime.

Here belongs: choosing the windows, reading them side by side, going on after an
interruption. Not here: every later sync (listing.py). A window that ended in the past
is a set of rows that cannot change, so paging through it cannot skip any.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from itertools import chain, pairwise
from typing import Any

from bill_source.errors import BillQueryError
from bill_source.limiter import MOST_IN_FLIGHT
from bill_source.listing import NEWEST_FIRST, ListSync, as_text
from bill_source.values import read_instant
from bill_source.versions import created_times

OLDEST_FIRST = "createdTime:asc"
MOST_YEARS = 20


def backfill(sync: ListSync, now: datetime) -> None:
    """Read a whole list; where it is long, by windows that are done one by one."""
    progress = sync.state.get("backfill")
    resumed = progress is not None
    if progress is None:
        pages = _begin(sync)
        if pages is not None:
            sync.read_whole(pages)
            return
        progress = sync.state.get("backfill")
    if progress is None:
        sync.read_whole()
        return
    try:
        _read_windows(sync, progress, now)
    except BillQueryError:
        del sync.state["backfill"]
        sync.read_whole()
        return
    sync.finish_whole(in_one_run=not resumed)
    del sync.state["backfill"]
    sync.keep_watermark(read_instant(progress["watermark"]))


def _begin(sync: ListSync) -> Iterator[Any] | None:
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
        "done": [],
    }
    return None


def _newest(sync: ListSync) -> datetime | None:
    try:
        page = next(sync.client.pages(sync.entity, sort=NEWEST_FIRST))
    except BillQueryError:
        return None
    sync.take(page)
    return None if sync.lacks_cursor else sync.newest


def windows(oldest: datetime, now: datetime) -> list[str]:
    """Return filters that cover all time, one for each year there may be rows of."""
    first = max(oldest.year, now.year - MOST_YEARS)
    starts = [as_text(datetime(y, 1, 1, tzinfo=UTC)) for y in range(first, now.year)]
    starts = [*starts[1:], as_text(datetime(now.year, 1, 1, tzinfo=UTC))]
    if oldest.year >= now.year:
        return [f'createdTime:gte:"{starts[0]}"', f'createdTime:lt:"{starts[0]}"']
    between = [
        f'createdTime:gte:"{start}",createdTime:lt:"{end}"'
        for start, end in pairwise(starts)
    ]
    return [
        f'createdTime:lt:"{starts[0]}"',
        *between,
        f'createdTime:gte:"{starts[-1]}"',
    ]


def _read_windows(sync: ListSync, progress: dict[str, Any], now: datetime) -> None:
    oldest = read_instant(progress["oldest"]) or now
    done = progress["done"]
    todo = [window for window in windows(oldest, now) if window not in done]

    def read(window: str) -> str:
        sync.read_list(filters=window, sort=OLDEST_FIRST)
        return window

    with ThreadPoolExecutor(MOST_IN_FLIGHT) as pool:
        for future in as_completed([pool.submit(read, window) for window in todo]):
            done.append(future.result())
