"""The door of Spend & Expense: its own token, its own limit a minute.

Here belongs: who may ask and how often. Not here: the door of everything else
(sessions.py).
"""

import time
from datetime import datetime, timedelta

from bill_source.sandbox.answers import RefusalError, unauthorized
from bill_source.sandbox.clock import Clock
from bill_source.sandbox.switches import Switches

_MINUTE = timedelta(minutes=1)


class SpendDoor:
    """Lets calls with the right ``apiToken`` in, so many a minute.

    A minute is over when the sandbox's clock or the real one says so: a program that
    waits its minute out must not wait for a clock that stands still.
    """

    def __init__(self, token: str, clock: Clock, switches: Switches) -> None:
        self._token = token
        self._clock = clock
        self._switches = switches
        self._begun: tuple[datetime, float] | None = None
        self._spent = 0

    def admit(self, token: str | None) -> None:
        """Let one call in.

        Raises:
            RefusalError: 401 for the token, 429 for too many calls.
        """
        if token != self._token:
            raise unauthorized()
        if self._is_over():
            self._begun = self._clock.now(), time.monotonic()
            self._spent = 0
        self._spent += 1
        allowed = self._switches.spend_calls_per_minute
        if allowed is not None and self._spent > allowed:
            raise RefusalError(
                self._switches.spend_limit_status,
                None,
                f"At most {allowed} calls a minute.",
                category="DOWNSTREAM",
            )

    def _is_over(self) -> bool:
        """Tell whether the minute that is counted has ended."""
        if self._begun is None:
            return True
        moment, started = self._begun
        waited = time.monotonic() - started >= _MINUTE.total_seconds()
        return waited or self._clock.now() - moment >= _MINUTE
