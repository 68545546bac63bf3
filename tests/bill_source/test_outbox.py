"""Rows wait in whole versions, readers are held back, and none is lost or kept twice.

Here belongs: the outbox alone, without BILL or a warehouse. Not here: what a load
stores (test_load.py, test_recovery.py).
"""

import threading
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from bill_source.outbox import Outbox
from bill_source.tables import SCHEMA_CHANGES, SCHEMAS

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def version(record_id: str, number: int = 1, text: str = "{}") -> dict[str, pa.Table]:
    """One version of a vendor as a batch of its own."""
    values: dict[str, Any] = {"id": record_id, "_version": number, "_raw": text}
    rows = [{name: values.get(name) for name in SCHEMAS["vendors"].names}]
    return {"vendors": pa.Table.from_pylist(rows, schema=SCHEMAS["vendors"])}


def test_a_package_holds_all_that_came_before_it() -> None:
    """What was added is taken once, under the number it was promised."""
    outbox = Outbox(2**20)
    numbers = [outbox.add(version("a")), outbox.add(version("b"))]
    outbox.add_rows(SCHEMA_CHANGES, [("o", "vendors", "x", "new_field", "", "a", NOON)])
    assert (numbers, outbox.rows) == ([1, 1], 3)
    taken = outbox.take()
    assert taken["vendors"]["id"].to_pylist() == ["a", "b"]
    assert taken[SCHEMA_CHANGES].num_rows == 1
    assert (outbox.rows, outbox.size, outbox.take()) == (0, 0, {})
    assert outbox.add(version("c")) == 3


def test_rows_are_found_until_they_are_stored() -> None:
    """The newest text of a record is known while it waits and while it leaves."""
    outbox = Outbox(2**20)
    outbox.add(version("a", text="old"))
    outbox.take()
    outbox.add(version("a", 2, "new"))
    outbox.add(version("b", text="other"))
    found = outbox.newest_raw("vendors", ["a", "c"])
    assert found == {"a": b"new"}
    outbox.take()
    outbox.stored()
    assert outbox.newest_raw("vendors", ["a", "b"]) == {}


@pytest.mark.parametrize("way_out", ["take", "close"])
def test_readers_wait_while_too_much_waits(way_out: str) -> None:
    """A full outbox lets nothing in until a package is taken, or the sync is over."""
    size = sum(table.nbytes for table in version("a").values())
    outbox, entered = Outbox(size), threading.Event()
    outbox.add(version("early"))
    full = outbox.rows

    def read() -> None:
        outbox.add(version("late"))
        entered.set()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    assert not entered.wait(0.05)
    assert outbox.rows == full
    getattr(outbox, way_out)()
    assert entered.wait(5)
    reader.join()
