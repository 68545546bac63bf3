"""Many connections of one developer key keep BILL's limits together, load by load.

Here belongs: whole loads side by side and one after the other. Not here: the counts
and sessions themselves (test_budget.py, test_sessions.py).
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from bill_source import BillCredentials, BillLimitError, load
from bill_source.client import BillClient
from bill_source.sandbox import SandboxServer

LISTS = ["vendors", "bills", "payments", "invoices"]
CONNECTIONS = 4
ALLOWED = 20
"""Requests an hour, of which the connections would need twice as many."""


def load_all(credentials: BillCredentials, folder: Path) -> list[BaseException | None]:
    """Load as many connections at once; return how each ended."""

    def one(number: int) -> BaseException | None:
        try:
            load(
                credentials,
                folder / f"connection-{number}",
                entities=LISTS,
                shared=folder / "shared",
                wait_for_hour=False,
            )
        except BillLimitError as error:
            return error
        return None

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return list(pool.map(one, range(CONNECTIONS)))


def test_loads_side_by_side_keep_three_at_a_time(
    sandbox: SandboxServer, credentials: BillCredentials, tmp_path: Path
) -> None:
    """BILL never sees a fourth call, refuses none, and all end up with the same."""
    sandbox.faults.slow(0.003)
    assert load_all(credentials, tmp_path) == [None] * CONNECTIONS
    seen = sandbox.measurements
    assert seen.max_concurrent == 3
    assert not [call for call in seen.log if call.status != 200]
    held = set()
    for number in range(CONNECTIONS):
        path = tmp_path / f"connection-{number}" / "warehouse.duckdb"
        with duckdb.connect(path) as connection:
            query = "select count(*), md5(string_agg(_raw, '' order by id))"
            held.update(connection.execute(f"{query} from raw_bill.bills").fetchall())
    assert len(held) == 1


def test_loads_side_by_side_never_pass_the_hour(
    sandbox: SandboxServer,
    credentials: BillCredentials,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Together they ask as often as the hour allows, then each says that it is over."""
    usual = BillClient.__init__.__kwdefaults__
    monkeypatch.setitem(usual, "hourly_requests", ALLOWED)
    ends = load_all(credentials, tmp_path)
    assert {type(end) for end in ends} == {BillLimitError}
    assert sandbox.measurements.requests == ALLOWED


def test_the_next_load_needs_no_login(
    sandbox: SandboxServer, credentials: BillCredentials, tmp_path: Path
) -> None:
    """A second load, and another connection, goes on with the first one's session."""
    shared = tmp_path / "shared"
    logins = [
        load(credentials, tmp_path / name, entities=["bills"], shared=shared).logins
        for name in ("one", "one", "two")
    ]
    assert logins == [1, 0, 0]
    assert sandbox.measurements.logins == 1
