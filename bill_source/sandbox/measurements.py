"""What the sandbox saw: counts and a log that holds no secret.

Here belongs: numbers tests assert on. Not here: anything that changes an answer.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

LOGIN = "/v3/login"
SPEND = "/v3/spend/"


@dataclass(frozen=True)
class Call:
    """One request as it was answered, without headers or bodies."""

    method: str
    path: str
    query: dict[str, str]
    status: int


@dataclass
class Measurements:
    """Requests, logins and how many calls were ever in flight at once.

    Hours are those of the sandbox's clock. ``requests_by_hour`` counts what a developer
    key's quota is about: every call but those of Spend & Expense, refused ones and
    logins too; ``logins_by_hour`` counts attempts. ``max_concurrent`` is the most calls
    at once to the organization, ``max_concurrent_by`` tells it per organization and for
    ``spend``.
    """

    requests: int = 0
    logins: int = 0
    max_concurrent: int = 0
    log: list[Call] = field(default_factory=list)
    requests_by_hour: Counter[datetime] = field(default_factory=Counter)
    logins_by_hour: Counter[datetime] = field(default_factory=Counter)
    max_concurrent_by: Counter[str] = field(default_factory=Counter)

    def record(self, call: Call, at: datetime | None = None) -> None:
        """Count one answered request."""
        self.requests += 1
        self.log.append(call)
        if call.path == LOGIN and call.status == HTTPStatus.OK:
            self.logins += 1
        if at is not None and not call.path.startswith(SPEND):
            hour = at.replace(minute=0, second=0, microsecond=0)
            self.requests_by_hour[hour] += 1
            self.logins_by_hour[hour] += call.path == LOGIN

    def note_in_flight(self, lane: str, count: int) -> None:
        """Remember how many calls were on their way in one lane."""
        self.max_concurrent_by[lane] = max(self.max_concurrent_by[lane], count)
        if lane != "spend":
            self.max_concurrent = max(self.max_concurrent, count)

    def clear(self) -> None:
        """Forget everything seen so far."""
        self.requests = self.logins = self.max_concurrent = 0
        self.log.clear()
        self.requests_by_hour.clear()
        self.logins_by_hour.clear()
        self.max_concurrent_by.clear()
