"""The sandbox's own time.

Here belongs: what time it is, and moving it. Not here: what happens when days pass
(life.py).
"""

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """A clock that stands still until told to move, or follows real time."""

    def __init__(self, start: datetime, *, ticking: bool = False) -> None:
        if start.tzinfo is None:
            raise ValueError("the sandbox's today needs a time zone, such as UTC")
        self._start = start.astimezone(UTC)
        self._started = time.monotonic() if ticking else None

    def now(self) -> datetime:
        """Return the sandbox's current instant, in UTC."""
        if self._started is None:
            return self._start
        return self._start + timedelta(seconds=time.monotonic() - self._started)

    def advance(self, by: timedelta) -> datetime:
        """Move forward and return the new instant; books do not live meanwhile."""
        if by < timedelta(0):
            raise ValueError("the sandbox's clock only moves forward")
        self._start += by
        return self.now()
