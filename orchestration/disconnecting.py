"""Taking a connection away: what would go, and letting it go.

Here belongs: the preview of `disconnect`, removing credential, entry and data. Not
here: asking the person (cli/), the token itself, which only BILL can revoke.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bill_source import BillCredentials, forget_session
from orchestration.connections import Connection, Registry
from orchestration.decision_kinds import KINDS
from orchestration.failures import UsageError
from orchestration.locks import exclusive
from orchestration.settings import Home, credentials_in_environment
from orchestration.states import States

WAIT_SECONDS = 10
DATA = (
    ("ledger.duckdb", "the published ledger"),
    ("exports", "the same as Parquet, and every version BILL sent"),
    ("warehouse.duckdb", "the pipeline's own database"),
    ("model", "what the categorizer learned"),
)


def known_connection(home: Home, name: str) -> Connection | None:
    """Return a connection as it is, or as it was when it was disconnected."""
    if name in Registry(home).names():
        return Registry(home).get(name)
    return States(home.connection(name).store).owner()


def preview(home: Home, name: str, *, delete_data: bool) -> list[dict[str, Any]]:
    """Return what `disconnect` would take away, and what would stay.

    Raises:
        UsageError: There is neither such a connection nor data of one.
    """
    folder = home.connection(name)
    is_connected = name in Registry(home).names()
    if not is_connected and not folder.store.exists():
        Registry(home).get(name)
    rows = []
    if is_connected:
        rows.append(_row("credential and session", home.secrets, "goes"))
        rows.append(_row("entry and schedule", home.connections, "goes"))
    if credentials_in_environment(name):
        rows.append(_row("credential in the environment", Path("-"), "stays"))
    fate = "goes" if delete_data else "stays"
    rows.append(_row(_people(States(folder.store)), folder.store, fate))
    for file, what in DATA:
        path = folder.path / file
        if path.exists():
            rows.append({**_row(what, path, fate), "bytes": size(path)})
    return rows


def disconnect(home: Home, name: str, *, delete_data: bool) -> None:
    """Forget a connection's credential and settings; its data too where asked.

    Data that stays remembers whose it is and how it was kept, so that connecting again
    under the same name goes on with it.

    Raises:
        BusyError: A run of this connection is going on.
    """
    registry, folder = Registry(home), home.connection(name)
    with exclusive(folder.lock, WAIT_SECONDS):
        if name in registry.names():
            connection = registry.get(name)
            if not delete_data:
                States(folder.store).claim(connection)
            _forget_session(home, connection)
            registry.remove(name)
        if delete_data:
            shutil.rmtree(folder.path)


def _forget_session(home: Home, connection: Connection) -> None:
    """Drop BILL's session; a credential that is gone already has none."""
    if connection.is_bundled or not home.bill.exists():
        return
    try:
        known = Registry(home).credentials(connection.name)
    except UsageError:
        return
    credentials = BillCredentials(
        organization_id=connection.organization_id,
        token_name=known.token_name,
        token_password=known.token_password,
        dev_key=known.dev_key,
        api_url=connection.api_url,
    )
    forget_session(credentials, home.bill)


def _people(store: States) -> str:
    decisions = sum(len(store.decisions(kind)) for kind in KINDS)
    return f"{decisions} decision(s) of people, history of {len(store.runs())} run(s)"


def _row(what: str, where: Path, fate: str) -> dict[str, Any]:
    return {"what": what, "where": str(where), "bytes": None, "fate": fate}


def size(path: Path) -> int:
    """Return the bytes of a file, or of all files below a folder."""
    return sum(file.stat().st_size for file in _files(path))


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        yield from (file for file in path.rglob("*") if file.is_file())
