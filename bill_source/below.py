"""Lists that BILL has for each parent alone, such as the documents of a bill.

Here belongs: reading such a list for several parents at a time, and which of its rows
are gone. Not here: which parents to ask for (sync.py), lists of their own (listing.py).
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from bill_source.answers import HTTP_NOT_FOUND, Page
from bill_source.errors import BillForbiddenError
from bill_source.limiter import MOST_IN_FLIGHT
from bill_source.listing import ListSync, groups_of

PARENTS_AT_A_TIME = 50
"""So many parents' rows are held in memory before they are compared."""


def read_below(sync: ListSync, parents: Sequence[str]) -> None:
    """Read the list of each parent; what vanished there is gone.

    ``pending`` in the state names the parents still to be read, so that none is
    forgotten when a sync ends early.
    """
    pending = sync.state.setdefault("pending", [])
    pending[:] = sorted({*pending, *parents})
    listed = 0
    with ThreadPoolExecutor(MOST_IN_FLIGHT) as pool:
        for group in groups_of(PARENTS_AT_A_TIME, tuple(pending)):
            found = pool.map(lambda parent: _pages(sync, parent), group)
            for parent_id, pages in zip(group, found, strict=True):
                listed += _take(sync, parent_id, pages)
                pending.remove(parent_id)
    sync.report.rows_listed = listed
    sync.is_whole = True


def _pages(sync: ListSync, parent_id: str) -> list[Page]:
    """Return what one parent has; a parent that BILL no longer has, has nothing."""
    entity = sync.entity
    try:
        return list(sync.client.pages(entity, sort=entity.sort, parent_id=parent_id))
    except BillForbiddenError as error:
        if error.status == HTTP_NOT_FOUND:
            return []
        raise


def _take(sync: ListSync, parent_id: str, pages: Iterable[Page]) -> int:
    sync.log.seen.clear()
    for page in pages:
        sync.take(page, parent_id)
    sync.log.flush()
    listed = len(sync.log.seen)
    if sync.entity.vanishes and sync.held.count:
        missing = sync.held.below(parent_id) - sync.log.seen
        sync.log.bury(sync.fetch(missing, parent_id))
    return listed
