"""On which terms a client asks BILL, apart from its credential.

Here belongs: folder, limits, waiting, clock. Not here: the credential (settings.py), or
what the terms lead to (transport.py, allowance.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from bill_source.budget import HOURLY_LOGINS, HOURLY_REQUESTS, Clock, utc_now

ATTEMPTS = 7

Lane = Literal["requests", "logins", "spend"]
"""Which limit of BILL a request counts against; logins are requests as well."""
Waiting = Callable[[datetime, str], object]
"""Told until when nothing is asked of BILL, and why."""


def tell_nobody(until: datetime, why: str) -> None:
    """Wait in silence."""


@dataclass(frozen=True)
class Terms:
    """On which terms a client asks.

    Attributes:
        shared: Folder of sessions, counts and places that outlive the client and are
            shared by all clients of this machine; nothing is kept when left out.
        hourly_requests: How many requests an hour all clients of the key may make.
        hourly_logins: How many logins.
        wait_for_hour: At the hourly limit wait for the next hour instead of failing.
        heed_lock: Log in nowhere that BILL locked less than 15 minutes ago; a person
            who starts a sync may know better.
        waiting: Told of each such wait.
        attempts: How often one request is tried.
        clock: What time it is.
        wait: Waits so many seconds; an interruptible wait when left out.
    """

    shared: Path | None = None
    hourly_requests: int = HOURLY_REQUESTS
    hourly_logins: int = HOURLY_LOGINS
    wait_for_hour: bool = True
    heed_lock: bool = True
    waiting: Waiting = tell_nobody
    attempts: int = ATTEMPTS
    clock: Clock = utc_now
    wait: Callable[[float], object] | None = None
