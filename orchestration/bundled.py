"""The bundled company: a sandbox BILL that lives inside each run of its connection.

Here belongs: starting it on the day it has come to, and moving it on a day. Not here:
what the company does (bill_source/sandbox).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from orchestration.connections import Connection, Credentials
from orchestration.settings import ConnectionFolder

if TYPE_CHECKING:
    from bill_source.sandbox import SandboxServer


@dataclass(frozen=True)
class BundledBill:
    """A running sandbox as a connection sees it."""

    organization_id: str
    api_url: str
    credentials: Credentials
    now: datetime


def days_lived(folder: ConnectionFolder) -> int:
    """Return how many days the company has lived since its first sync."""
    file = folder.path / "sandbox.json"
    if not file.exists():
        return 0
    return int(json.loads(file.read_text(encoding="utf-8"))["days_lived"])


def live_on(folder: ConnectionFolder, days: int = 1) -> int:
    """Move the company on, and return how many days it has lived now."""
    total = days_lived(folder) + days
    folder.path.mkdir(parents=True, exist_ok=True)
    file = folder.path / "sandbox.json"
    file.write_text(json.dumps({"days_lived": total}), encoding="utf-8")
    return total


@contextmanager
def running(connection: Connection, folder: ConnectionFolder) -> Iterator[BundledBill]:
    """Start the company's BILL on a free port and stop it after use."""
    from bill_source.sandbox import SandboxServer

    server = SandboxServer(
        seed=connection.sandbox_seed,
        months=connection.sandbox_months,
        today=datetime.fromisoformat(connection.sandbox_first_day),
    )
    with server:
        server.advance_days(days_lived(folder))
        yield _as_seen(server)


def _as_seen(server: "SandboxServer") -> BundledBill:
    return BundledBill(
        organization_id=server.organization_id,
        api_url=server.api_url,
        credentials=Credentials(
            server.token_name,
            server.token_password,
            server.dev_key,
            server.spend_token,
        ),
        now=server.clock.now(),
    )
