"""How many calls may be in flight at once: BILL allows three per organization.

Here belongs: the counting gate. Not here: when it is narrowed (client.py).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

MOST_IN_FLIGHT = 3
"""BILL's limit per developer key and organization."""


class Limiter:
    """A gate that lets ``most`` callers through at once, fewer when asked to."""

    def __init__(self, most: int = MOST_IN_FLIGHT) -> None:
        self.most = most
        self._inside = 0
        self._changed = threading.Condition()

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait for a free place and hold it."""
        with self._changed:
            self._changed.wait_for(lambda: self._inside < self.most)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    def lower(self) -> None:
        """Let one caller fewer through; another program uses the same key."""
        with self._changed:
            self.most = max(1, self.most - 1)
