"""Every list by name, and which list a request's path leads to.

Here belongs: paths to lists and records. Not here: what may be asked of a list
(catalog.py and its siblings), what is answered (server.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bill_source.sandbox.catalog import LISTINGS, Listing
from bill_source.sandbox.side_lists import SIDE_LISTINGS
from bill_source.sandbox.spend_lists import SPEND_LISTINGS

ALL = {one.name: one for one in (*SIDE_LISTINGS, *SPEND_LISTINGS, *LISTINGS)}
"""Every list; those beside the ledger first, as their paths are the longer ones."""
FILES = (*ALL, "organization")
"""Names of the files a folder of list bodies may hold, without ``.json``."""
CURRENT_SPEND_USER = "current"


@dataclass(frozen=True)
class Route:
    """Where a path leads: a list, or a record of one of the named lists."""

    names: tuple[str, ...]
    parent_id: str = ""
    row_id: str = ""
    organization_id: str = ""

    @property
    def listing(self) -> Listing:
        """Return the list; of several that share a path, the first."""
        return ALL[self.names[0]]


@lru_cache(maxsize=20_000)
def route(path: str) -> Route | None:
    """Return where a path of ``/v3`` leads, None when nowhere."""
    for pattern, names in _PATTERNS:
        match = pattern.fullmatch(path)
        if match:
            found = match.groupdict()
            return Route(
                names,
                found.get("parentId", ""),
                found.get("id", ""),
                found.get("organizationId", ""),
            )
    return None


def _patterns() -> Iterator[tuple[re.Pattern[str], tuple[str, ...]]]:
    """Yield list paths before record paths, as BILL lets ``users`` stand like an id."""
    for listing in ALL.values():
        if listing.shape != "none":
            yield _compiled(listing.path), (listing.name,)
    records: dict[str, tuple[str, ...]] = {}
    for listing in ALL.values():
        if listing.get_path:
            path = listing.get_path.replace("{path}", listing.path)
            records[path] = (*records.get(path, ()), listing.name)
    for path, names in records.items():
        yield _compiled(path), names


def _compiled(path: str) -> re.Pattern[str]:
    """Return a pattern whose groups are the ids in a path."""
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))


_PATTERNS = tuple(_patterns())
