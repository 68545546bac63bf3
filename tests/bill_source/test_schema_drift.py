"""What BILL adds without a word is kept, told once, and masked where it is sensitive.

Here belongs: new fields and values, wherever they turn up. Not here: fields that
changed their type (test_quarantine.py), which fields are sensitive (test_masking.py).
"""

from collections.abc import Callable
from typing import Any

import pytest

from bill_source.tables import SCHEMAS

Make = Callable[..., dict[str, Any]]
CHANGES = "select entity, path, kind, value from raw_bill.schema_changes order by all"
TAX_ID = "123456789"
ACCOUNT = "987654321000"
ROUTING = "021000021"
ODD = {"amount": 12.345}
"""A record with this is read on the slow road, and so are its neighbours."""


NEW_FIELDS: dict[str, dict[str, Any]] = {
    "newInBill": {"newInBill": 1.50},
    "newObject": {"newObject": {"a": {"b": "x"}}},
    "newList": {"newList": [{"a": 1}]},
    "invoice.newInBill": {"invoice": {"newInBill": True}},
    "billLineItems[].newInBill": {"billLineItems": [{}, {"newInBill": [1]}]},
    "billLineItems[].classifications.newInBill": {
        "billLineItems": [{"classifications": {"newInBill": "x"}}]
    },
}
"""By the path under which each is told."""


@pytest.mark.parametrize("beside", [{}, ODD], ids=["at once", "singly"])
def test_new_fields_are_told_once(
    books: Any, bill: Make, beside: dict[str, Any]
) -> None:
    """Their paths stand in table and report, their records load, on both roads."""
    rows = [bill(number, **new) for number, new in enumerate(NEW_FIELDS.values())]
    books.write("bills", [*rows, bill(99, **beside)])
    report = books.load(entities=["bills"])
    paths = sorted(NEW_FIELDS)
    assert report.tables["bills"].new_fields == tuple(paths)
    told = f"bills: new in BILL and kept: {', '.join(paths)}."
    assert told in report.warnings
    again = [bill(50 + number, **new) for number, new in enumerate(NEW_FIELDS.values())]
    books.write("bills", again)
    books.load(day=1, entities=["bills"])
    assert books.query(CHANGES) == [("bills", path, "new_field", "") for path in paths]
    shown_by = dict(
        books.query("select path, record_id[-2:]::int from raw_bill.schema_changes")
    )
    assert shown_by["newObject"] == 1
    first = "select count(*) from raw_bill.bills where id < '00n02TESTBILLXX00006'"
    assert books.query(first) == [(6,)]


def test_a_new_field_may_have_any_type(books: Any, bill: Make) -> None:
    """Text here, a number there and an object elsewhere: every record loads whole."""
    kinds = ["text", 1.50, {"a": [1]}, [{"b": None}], None, True]
    rows = [bill(number, newInBill=kind) for number, kind in enumerate(kinds)]
    books.write("bills", rows)
    report = books.load(entities=["bills"])
    assert (report.quarantined, report.versions_appended) == (0, len(kinds))
    assert books.query(CHANGES) == [("bills", "newInBill", "new_field", "")]
    kept = books.query(
        "select _raw::json->>'newInBill' from raw_bill.bills order by id"
    )
    assert [one for (one,) in kept][:3] == ["text", "1.5", '{"a":[1]}']


@pytest.mark.parametrize("beside", [{}, ODD], ids=["at once", "singly"])
def test_a_new_status_is_told_once(
    books: Any, bill: Make, beside: dict[str, Any]
) -> None:
    """An enum value nobody documented is stored as it is, and told with its path."""
    books.write("bills", [bill(1, paymentStatus="BARTERED"), bill(2, **beside)])
    report = books.load(entities=["bills"])
    assert report.tables["bills"].new_values == ("paymentStatus = BARTERED",)
    books.write("bills", [bill(3, paymentStatus="BARTERED")])
    books.load(day=1, entities=["bills"])
    found = books.query(CHANGES)
    assert found == [("bills", "paymentStatus", "new_value", "BARTERED")]
    stored = "select count(*) from raw_bill.bills where payment_status = 'BARTERED'"
    assert books.query(stored) == [(2,)]


@pytest.mark.parametrize(
    ("beside", "why"),
    [
        ({}, "all plain"),
        (ODD, "a neighbour cannot be read"),
        ({"newInBill": "text"}, "a neighbour's new field has another type"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_a_sensitive_field_where_none_is_documented_is_masked(
    books: Any, bill: Make, beside: dict[str, Any], why: str
) -> None:
    """Tax ids, account and routing numbers stand nowhere, whichever road was taken."""
    bank = {"accountNumber": ACCOUNT, "routingNumber": ROUTING}
    new = {"newInBill": {"taxId": TAX_ID, "bankAccount": bank}}
    lines = [{"amount": 1, "payee": {"taxId": TAX_ID}}]
    rows = [bill(1, **new), bill(2, billLineItems=lines), bill(3, **beside)]
    broken = bill(4, amount="a lot", **new)
    books.write("bills", [*rows, broken])
    books.load(entities=["bills"])
    mended = {**broken, "amount": 12, "description": "mended"}
    books.write("bills", [*rows, mended])
    books.load(day=1, entities=["bills"])
    [(count,)] = books.query("select count(distinct id) from raw_bill.bills")
    assert count == (3 if "amount" in beside else 4), why
    for table in SCHEMAS:
        stored = str(books.query(f"select * from raw_bill.{table}"))  # noqa: S608 - our names
        assert not {one for one in (TAX_ID, ACCOUNT, ROUTING) if one in stored}, table
    [(seen,)] = books.query(
        "select _raw::json->'newInBill'->'bankAccount'->>'accountNumber'"
        " from raw_bill.bills where id like '%1'"
    )
    assert seen == "****1000"
