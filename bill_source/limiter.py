"""How many calls may be in flight at once: BILL allows three per organization.

Here belongs: the gate of one client, and the places all processes of a machine share.
Not here: when it is narrowed (transport.py), or how many calls an hour (budget.py).

The shared places are three locked files: the system frees those of a killed process.
"""

import fcntl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from bill_source.budget import fingerprint, private_folder
from bill_source.errors import BillUnavailableError

MOST_IN_FLIGHT = 3
"""BILL's limit per developer key and organization."""
QUIET_REQUESTS = 100
"""So many answers without BDC_1322 before one caller more is tried again."""
POLL = (0.002, 0.05)
"""Seconds between two looks for a free place: the first, and the longest."""


class Limiter:
    """A gate that lets ``most`` callers through at once, fewer when asked to."""

    def __init__(
        self,
        most: int = MOST_IN_FLIGHT,
        *,
        places: "Places | None" = None,
    ) -> None:
        self.most = most
        self._widest = most
        self._quiet = 0
        self._inside = 0
        self._places = places
        self._changed = threading.Condition()

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait for a free place and hold it."""
        with self._changed:
            self._changed.wait_for(lambda: self._inside < self.most)
            self._inside += 1
        try:
            if self._places is None:
                yield
            else:
                with self._places.one():
                    yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    def lower(self) -> None:
        """Let one caller fewer through; another program uses the same key."""
        with self._changed:
            self.most = max(1, self.most - 1)
            self._quiet = 0

    def note_answer(self) -> None:
        """After enough answers without a complaint let one caller more through."""
        if self.most == self._widest:
            return
        with self._changed:
            self._quiet += 1
            if self._quiet >= QUIET_REQUESTS and self.most < self._widest:
                self.most += 1
                self._quiet = 0
                self._changed.notify_all()


class Places:
    """The places of one key and organization, shared by all processes.

    Args:
        shared: The folder of the locked files.
        owner: What BILL counts them for: key and organization.
        pause: Waits so many seconds; true when the run was stopped meanwhile.
    """

    def __init__(
        self, shared: Path, owner: tuple[str, str], pause: Callable[[float], bool]
    ) -> None:
        self._pause = pause
        self._lock = threading.Lock()
        self._is_open = True
        name = f"slot-{fingerprint(*owner)}"
        folder = private_folder(shared)
        self._free: list[TextIO] = [
            (folder / f"{name}-{number}.lock").open("w")
            for number in range(1, MOST_IN_FLIGHT + 1)
        ]

    def close(self) -> None:
        """Give up the places that nobody holds; the others follow when returned."""
        with self._lock:
            self._is_open = False
            while self._free:
                self._free.pop().close()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold one place."""
        place = self._wait_for_one()
        try:
            yield
        finally:
            with self._lock:
                if self._is_open:
                    fcntl.flock(place, fcntl.LOCK_UN)
                    self._free.append(place)
                else:
                    place.close()

    def _wait_for_one(self) -> TextIO:
        seconds, longest = POLL
        while True:
            place = self._try_all()
            if place is not None:
                return place
            if self._pause(seconds):
                raise BillUnavailableError("The run was stopped.")
            seconds = min(2 * seconds, longest)

    def _try_all(self) -> TextIO | None:
        with self._lock:
            if not self._is_open:
                raise BillUnavailableError("The run was stopped.")
            for place in self._free:
                try:
                    fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                self._free.remove(place)
                return place
        return None
