"""How a sync weighs its requests, its memory and its progress against each other.

Here belongs: the numbers, and why. Not here: what is done by them (listing.py,
backfill.py, sync.py).
"""

from dataclasses import dataclass
from datetime import timedelta

MEBIBYTE = 2**20


@dataclass(frozen=True)
class Policy:
    """How a sync weighs its requests.

    Attributes:
        overlap: How far before the watermark an incremental pass starts; BILL's
            timestamps may tie, lag and arrive out of order.
        small_list: Up to so many rows a list is read whole each time: three calls,
            no more than the passes it replaces, and nothing can hide.
        archived_list: Up to so many archived rows all of them are read each time.
        package_rows: After so many rows, or ``package_bytes``, a package is stored, so
            that memory stays flat and an interrupted first import goes on where it was.
        window_rows: After about so many rows of a first import it is noted how far it
            has come.
    """

    overlap: timedelta = timedelta(days=1)
    small_list: int = 300
    archived_list: int = 1_000
    package_rows: int = 200_000
    package_bytes: int = 96 * MEBIBYTE
    window_rows: int = 10_000
