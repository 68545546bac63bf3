"""Locks between processes, which the operating system frees when a process dies.

Here belongs: holding a lock file and asking whether one is held. Not here: what the
lock protects.

Who writes holds it alone. Who only reads, as a backup does (deploy/backup.sh), shares
it: no writer begins meanwhile, and nobody takes the reader for one.
"""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from orchestration.failures import BusyError, UsageError

POLL_SECONDS = 0.2


@contextmanager
def exclusive(
    path: Path,
    wait_seconds: float = 60,
    on_wait: Callable[[], None] = lambda: None,
) -> Iterator[None]:
    """Hold a lock file while the block runs.

    Args:
        path: The lock file; created where missing, never removed.
        wait_seconds: How long to wait for another holder.
        on_wait: Called once when there is another holder.

    Raises:
        BusyError: Another process still held it after the wait.
        UsageError: The file cannot be made or written.
    """
    with _opened(path) as file:
        _acquire(file.fileno(), path, wait_seconds, on_wait)
        try:
            yield
        finally:
            fcntl.flock(file.fileno(), fcntl.LOCK_UN)


def _opened(path: Path) -> IO[str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a")
    except OSError as error:
        raise UsageError(
            f"Cannot keep state in {path.parent}: {error.strerror}. Make the folder"
            " writable."
        ) from error


def is_held(path: Path) -> bool:
    """Tell whether some process holds the lock alone right now.

    Those who ask and those who read share the lock: none of them looks like a holder.
    """
    return not _would_be_given(path, fcntl.LOCK_SH)


def is_free(path: Path) -> bool:
    """Tell whether nobody holds the lock right now, alone or shared."""
    return _would_be_given(path, fcntl.LOCK_EX)


def _would_be_given(path: Path, kind: int) -> bool:
    if not path.exists():
        return True
    with path.open("rb") as file:
        if not _try(file.fileno(), kind):
            return False
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)
    return True


def _acquire(
    handle: int, path: Path, wait_seconds: float, on_wait: Callable[[], None]
) -> None:
    deadline = time.monotonic() + wait_seconds
    if _try(handle):
        return
    on_wait()
    while not _try(handle):
        if time.monotonic() > deadline:
            raise BusyError(
                f"Another run is using {path.parent} and did not end within"
                f" {wait_seconds:.0f} seconds. Wait for it to end, then run this again."
            )
        time.sleep(POLL_SECONDS)


def _try(handle: int, kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
