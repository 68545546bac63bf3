"""Patience with BILL after a passing fault, shared by all threads of a client.

Here belongs: how long everybody waits, and when it is enough. Not here: what a fault
is (transport.py), or the wait for the next hour (allowance.py).
"""

import random
import threading
import time
from collections.abc import Callable

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
LONGEST_ASKED = 120.0
"""A longer Retry-After is a reason to come back with another sync."""
MOST_IN_A_ROW = 15
"""So many failures without one answer, whichever thread had them: BILL is down."""


class Patience:
    """One pause for everybody: a fault one thread meets slows the others down too."""

    def __init__(self, wait: Callable[[float], object]) -> None:
        self._wait = wait
        self._lock = threading.Lock()
        self._failures = 0
        self._in_a_row = 0
        self._resume_at = 0.0

    @property
    def is_exhausted(self) -> bool:
        """Whether BILL has failed so often in a row that asking on is no use."""
        return self._in_a_row >= MOST_IN_A_ROW

    def pause(self, at_least: float = 0.0) -> int:
        """Wait out everybody's pause; return what ``worked`` wants to know."""
        seconds = max(at_least, self._resume_at - time.monotonic())
        if seconds > 0:
            self._wait(seconds)
        return self._failures

    def failed(self, seconds: float) -> None:
        """Let nobody ask before so many seconds have passed."""
        with self._lock:
            self._failures += 1
            self._in_a_row += 1
            self._resume_at = max(self._resume_at, time.monotonic() + seconds)

    def worked(self, failures: int) -> None:
        """End the pause, unless something failed after the request had been sent."""
        if not self._in_a_row:
            return
        with self._lock:
            if failures == self._failures:
                self._in_a_row = 0
                self._resume_at = 0.0


def backoff(attempt: int) -> float:
    """Seconds to wait after this attempt (from 0): doubling, with jitter."""
    longest = min(FIRST_WAIT * 2.0**attempt, LONGEST_WAIT)
    return longest * random.uniform(0.5, 1)  # noqa: S311 - jitter
