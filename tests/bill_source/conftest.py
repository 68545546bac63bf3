"""A BILL that serves given rows, a generated one, and a folder to load them into."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bill_source import BillCredentials, LoadReport
from bill_source.pipeline import Order, run_load
from bill_source.policy import Policy
from bill_source.sandbox import SandboxServer, Switches

ORGANIZATION_ID = "00802TESTORGANIZA001"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
INCREMENTAL = Policy(small_list=0)
"""Read by the cursor even where the list is small enough to read whole."""


@dataclass
class Books:
    """A BILL whose lists are files, and the warehouse they are loaded into."""

    server: SandboxServer
    data: Path
    folder: Path
    policy: Policy = field(default_factory=Policy)

    @property
    def credentials(self) -> BillCredentials:
        """The sandbox's sync token."""
        return credentials_of(self.server)

    def write(self, name: str, rows: list[Any]) -> None:
        """Let BILL's list hold these rows."""
        text = json.dumps({"results": rows})
        (self.data / f"{name}.json").write_text(text)

    def write_text(self, name: str, text: str) -> None:
        """Let BILL's list be exactly this text."""
        (self.data / f"{name}.json").write_text(text)

    def load(self, *, day: int = 0, **options: Any) -> LoadReport:
        """Load, as if ``day`` days after the first."""
        now = NOON.replace(day=NOON.day + day)
        policy = options.pop("policy", self.policy)
        progress = options.pop("progress", None)
        return run_load(
            self.credentials,
            self.folder,
            now=now,
            order=Order(**options),
            policy=policy,
            progress=progress,
        )

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the warehouse."""
        with duckdb.connect(self.folder / "warehouse.duckdb") as connection:
            return connection.execute(sql).fetchall()

    def asked(self, path: str) -> list[dict[str, str]]:
        """Queries BILL was asked for one path, since the measurements were cleared."""
        return [c.query for c in self.server.measurements.log if c.path == path]


def credentials_of(server: SandboxServer) -> BillCredentials:
    """The credential a sandbox lets in."""
    return BillCredentials(
        organization_id=server.organization_id,
        token_name=server.token_name,
        token_password=server.token_password,
        dev_key=server.dev_key,
        api_url=server.api_url,
    )


@pytest.fixture
def make_books(tmp_path: Path) -> Iterator[Callable[..., Books]]:
    """Start BILLs over files, with the switches a test needs."""
    servers: list[SandboxServer] = []

    def make(*, policy: Policy | None = None, **switches: Any) -> Books:
        data = tmp_path / f"bill-{len(servers)}"
        data.mkdir()
        organization = {"id": ORGANIZATION_ID, "name": "Test Company"}
        (data / "organization.json").write_text(json.dumps(organization))
        switches.setdefault("latency_seconds", 0.0)
        server = SandboxServer(data_dir=data, today=NOON, switches=Switches(**switches))
        server.start()
        servers.append(server)
        return Books(server, data, tmp_path / "connection", policy or Policy())

    yield make
    for server in servers:
        server.stop()


@pytest.fixture
def books(make_books: Callable[..., Books]) -> Books:
    """A BILL over files, with the switches most dangerous for a client."""
    return make_books()


@pytest.fixture
def bill() -> Callable[..., dict[str, Any]]:
    """Make one bill as BILL lists it."""

    def make(number: int, **values: Any) -> dict[str, Any]:
        day = values.pop("day", 1)
        return {
            "id": f"00n02TESTBILLXX{number:05}",
            "archived": False,
            "recordStatus": "ACTIVE",
            "vendorId": "00902TESTVENDOR00001",
            "amount": 100.25,
            "dueAmount": 100.25,
            "dueDate": "2026-03-31",
            "invoice": {"invoiceNumber": f"N-{number}", "invoiceDate": "2026-03-01"},
            "billLineItems": [{"id": f"bli{number}", "amount": 100.25}],
            "paymentStatus": "UNPAID",
            "createdTime": f"2026-02-{day:02}T00:00:00.000+00:00",
            "updatedTime": f"2026-02-{day:02}T00:00:00.000+00:00",
        } | values

    return make


@pytest.fixture(scope="session")
def company() -> Iterator[SandboxServer]:
    """One generated company for the session; tests reset it first."""
    switches = Switches(latency_seconds=0.0)
    with SandboxServer(months=2, today=NOON, switches=switches) as server:
        yield server


@pytest.fixture
def sandbox(company: SandboxServer) -> SandboxServer:
    """The generated company on its first day."""
    company.reset()
    return company


@pytest.fixture
def credentials(sandbox: SandboxServer) -> BillCredentials:
    """The generated company's sync token."""
    return credentials_of(sandbox)
