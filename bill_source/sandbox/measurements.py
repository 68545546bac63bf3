"""What the sandbox saw: counts and a log that holds no secret.

Here belongs: numbers tests assert on. Not here: anything that changes an answer.
"""

from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass(frozen=True)
class Call:
    """One request as it was answered, without headers or bodies."""

    method: str
    path: str
    query: dict[str, str]
    status: int


@dataclass
class Measurements:
    """Requests, logins and how many calls were ever in flight at once."""

    requests: int = 0
    logins: int = 0
    max_concurrent: int = 0
    log: list[Call] = field(default_factory=list)

    def record(self, call: Call) -> None:
        """Count one answered request."""
        self.requests += 1
        self.log.append(call)
        if call.path == "/v3/login" and call.status == HTTPStatus.OK:
            self.logins += 1

    def clear(self) -> None:
        """Forget everything seen so far."""
        self.requests = self.logins = self.max_concurrent = 0
        self.log.clear()
