"""A sandbox company for the session, and a bare HTTP caller that knows no client."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from bill_source.sandbox import SandboxServer, Switches

FIRST_DAY = datetime(2026, 6, 17, 10, 30, tzinfo=UTC)
Start = Callable[..., "Caller"]


@dataclass
class Caller:
    """Calls one sandbox the way any program would."""

    server: SandboxServer
    session: dict[str, str] = field(default_factory=dict)

    def sign_in(self, **other: Any) -> requests.Response:
        """Sign in with the sync token, or with other values for some fields."""
        body = {
            "username": self.server.token_name,
            "password": self.server.token_password,
            "organizationId": self.server.organization_id,
            "devKey": self.server.dev_key,
        } | other
        answer = requests.post(f"{self.server.api_url}/v3/login", json=body, timeout=9)
        if answer.ok:
            self.session = {
                "sessionId": answer.json()["sessionId"],
                "devKey": self.server.dev_key,
            }
        return answer

    def sign_in_as_person(self) -> requests.Response:
        """Sign in with the administrator's password."""
        server = self.server
        return self.sign_in(username=server.username, password=server.password)

    def get(self, path: str, **query: Any) -> requests.Response:
        """Read below ``/v3`` in the current session."""
        url = f"{self.server.api_url}/v3/{path}"
        return requests.get(url, params=query, headers=self.session, timeout=9)

    def spend(self, path: str, **query: Any) -> requests.Response:
        """Read Spend & Expense, which wants its own token and no session."""
        url = f"{self.server.api_url}/v3/spend/{path}"
        headers = {"apiToken": self.server.spend_token}
        return requests.get(url, params=query, headers=headers, timeout=9)

    def refusal(self, path: str, **query: Any) -> tuple[int, str | None]:
        """Read something and return the status and code of the refusal."""
        answer = self.get(path, **query)
        return answer.status_code, answer.json()[0].get("code")

    def ids(self, path: str, **query: Any) -> list[str]:
        """Read every page and return the ids in order."""
        found: list[str] = []
        while True:
            body = self.get(path, **query).json()
            found += [row["id"] for row in body["results"]]
            if "nextPage" not in body:
                return found
            query["page"] = body["nextPage"]


@pytest.fixture(scope="session")
def company() -> Iterator[SandboxServer]:
    """One small company for the session."""
    with SandboxServer(months=3, today=FIRST_DAY) as server:
        yield server


@pytest.fixture
def bill(company: SandboxServer) -> Caller:
    """The session's company on its first day, signed in with the sync token."""
    company.reset()
    caller = Caller(company)
    caller.sign_in()
    return caller


@pytest.fixture
def start() -> Iterator[Start]:
    """Start sandboxes with options of the test's own; all are stopped after it."""
    servers: list[SandboxServer] = []

    def begin(*, switches: Switches | None = None, **options: Any) -> Caller:
        options = {"months": 2, "today": FIRST_DAY} | options
        server = SandboxServer(switches=switches, **options)
        server.start()
        servers.append(server)
        caller = Caller(server)
        caller.sign_in()
        return caller

    yield begin
    for server in servers:
        server.stop()
