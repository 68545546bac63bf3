"""Each fault the sandbox knows: outlived without a trace, or ended by the right error.

Here belongs: one line per fault, so that a fault without a line fails. Not here: how
often and how long a request is repeated (test_client.py), unknowns of BILL
(test_hazards.py).
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from bill_source import (
    BillError,
    BillLimitError,
    BillLockedError,
    BillUnavailableError,
    LoadReport,
)
from bill_source.client import PAGE_SIZE
from bill_source.pipeline import Order, run_load
from bill_source.sandbox import FAULT_NAMES

Make = Callable[..., dict[str, Any]]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LISTS = ["vendors", "bills"]
TABLES = ["vendors", "bills", "bill_line_items", "quarantine", "schema_changes"]
LASTING = {"locked", "down", "forbidden"}
"""Faults that stay armed until they are cleared; their loads show that they struck."""
MIDDLE = {"after_requests": 3}
"""After the login and some pages, before the last one."""


class Ordeal(NamedTuple):
    """A fault and what a load through it comes to.

    Attributes:
        fault: Its name.
        options: How it is armed.
        ends: The error of the disturbed load; None where it stores everything.
        logins: How often a load that stores everything logs in.
        state: The state in which it leaves ``bills``.
    """

    fault: str
    options: dict[str, Any]
    ends: type[BillError] | None = None
    logins: int = 1
    state: str = "listed"


ORDEALS = [
    Ordeal("expire_session", MIDDLE, logins=2),
    Ordeal("server_error", MIDDLE | {"times": 2, "status": 502, "html": True}),
    Ordeal("cut_off", MIDDLE),
    Ordeal("invalid_json", MIDDLE),
    Ordeal("slow", {"seconds": 0.01, "times": 4}),
    Ordeal("concurrency", MIDDLE),
    Ordeal("bad_page_token", {}),
    Ordeal("hourly_limit", MIDDLE, ends=BillLimitError),
    Ordeal("locked", MIDDLE, ends=BillLockedError),
    Ordeal("down", MIDDLE, ends=BillUnavailableError),
    Ordeal("forbidden", {"entity": "bills"}, state="forbidden"),
]


@pytest.fixture
def full(books: Any, bill: Make, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A BILL with three pages of bills and one of vendors, and no long waits."""
    monkeypatch.setattr("bill_source.transport.backoff", lambda _: 0.001)
    count = 2 * PAGE_SIZE + 50
    books.write("bills", [bill(number, day=number % 28 + 1) for number in range(count)])
    books.write("vendors", [{"id": f"009{number}", "name": "A"} for number in range(9)])
    yield books
    books.server.faults.clear()


def load_into(full: Any, folder: Path) -> LoadReport:
    """Load both lists, without waiting for BILL's next hour."""
    order = Order(LISTS)
    return run_load(
        full.credentials, folder, now=NOON, order=order, wait_for_hour=False
    )


def contents(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What the tables of the lists hold, whichever load brought it."""
    query = "select * exclude (_dlt_load_id) from raw_bill.{} order by all"
    with duckdb.connect(folder / "warehouse.duckdb") as connection:
        return {
            name: connection.execute(query.format(name)).fetchall() for name in TABLES
        }


def test_every_fault_has_an_ordeal() -> None:
    """A fault that is added to the sandbox is tried here as well."""
    assert {ordeal.fault for ordeal in ORDEALS} == set(FAULT_NAMES)


@pytest.mark.parametrize("ordeal", ORDEALS, ids=lambda ordeal: ordeal.fault)
def test_a_load_outlives_the_fault_or_says_why(
    full: Any, ordeal: Ordeal, tmp_path: Path
) -> None:
    """Disturbed, and then repeated where it ended, it stores what others store."""
    folder, faults = tmp_path / "disturbed", full.server.faults
    faults.arm_with(ordeal.fault, **ordeal.options)
    if ordeal.ends is None:
        report = load_into(full, folder)
        assert report.logins == ordeal.logins
        assert report.tables["bills"].state == ordeal.state
        assert report.tables["vendors"].state == "listed"
    else:
        with pytest.raises(ordeal.ends):
            load_into(full, folder)
    assert {fault.name for fault in faults.armed} <= LASTING, "the fault never struck"
    if ordeal.ends or ordeal.state != "listed":
        faults.clear()
        full.server.advance_seconds(3600)
        load_into(full, folder)
    load_into(full, tmp_path / "undisturbed")
    assert contents(folder) == contents(tmp_path / "undisturbed")
