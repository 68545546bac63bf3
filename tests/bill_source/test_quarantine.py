"""A record that cannot be read exactly is set aside whole; the others load."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from bill_source.batches import Origin
from bill_source.entities import BY_TABLE
from bill_source.held import Held
from bill_source.outbox import Outbox
from bill_source.policy import Policy
from bill_source.versions import VersionLog

Make = Callable[..., dict[str, Any]]
OPEN = """
    select entity, id, reason from raw_bill.quarantine
    qualify row_number() over (partition by entity, id order by _version desc) = 1
        and not resolved
"""
BILL_ID = "00n02TESTBILLXX00001"


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"amount": 12.345}, "amount"),
        ({"amount": "a lot"}, "amount"),
        ({"amount": {"value": 5}}, "amount"),
        ({"dueDate": "soon"}, "dueDate"),
        ({"archived": "no"}, "archived"),
        ({"billLineItems": "none"}, "billLineItems"),
        ({"billLineItems": [{"id": "a", "amount": True}]}, "amount"),
    ],
)
def test_a_field_that_changed_type_is_set_aside(
    books: Any, bill: Make, values: dict[str, Any], place: str
) -> None:
    """The record stands in quarantine with its reason and text, the rest is loaded."""
    books.write("bills", [bill(1, **values), bill(2)])
    report = books.load(entities=["bills"])
    assert report.quarantined == 1
    [(entity, record_id, reason)] = books.query(OPEN)
    assert (entity, record_id) == ("bills", BILL_ID)
    assert place in reason
    assert books.query("select id[-1:] from raw_bill.bills") == [("2",)]
    [(raw,)] = books.query("select _raw::json->>'id' from raw_bill.quarantine")
    assert raw == BILL_ID


def test_a_corrected_record_loads(books: Any, bill: Make) -> None:
    """When BILL sends the record right again, it loads and the case is closed."""
    books.write("bills", [bill(1, amount=12.345)])
    books.load(entities=["bills"])
    books.write("bills", [bill(1, amount=12.34)])
    books.load(day=1, entities=["bills"])
    assert books.query("select amount from raw_bill.bills") == [(Decimal("12.34"),)]
    assert books.query(OPEN) == []


def test_a_return_to_the_known_content_closes_the_case(books: Any, bill: Make) -> None:
    """Also where the right content is that of the version we already had."""
    for day, amount in enumerate((12, 12.345, 12)):
        books.write("bills", [bill(1, amount=amount)])
        books.load(day=day, entities=["bills"])
        assert bool(books.query(OPEN)) == (amount != 12)
    assert books.query("select _version from raw_bill.bills") == [(1,)]


def test_the_same_fault_is_noted_once(books: Any, bill: Make) -> None:
    """A record that stays unreadable adds no row by every load."""
    books.write("bills", [bill(1, amount=12.345)])
    for day in range(3):
        assert books.load(day=day, entities=["bills"]).quarantined == 1
    assert books.query("select count(*) from raw_bill.quarantine") == [(1,)]


def test_exact_amounts_are_stored_exactly(books: Any) -> None:
    """The digits BILL writes are the digits in the warehouse, parents and lines."""
    books.write_text(
        "bills",
        '{"results": [{"id": "a", "amount": 1000000000.99, "billLineItems":'
        ' [{"amount": 0.1}, {"amount": 999999999999999.99}, {"amount": 1e1}]}]}',
    )
    books.load(entities=["bills"])
    [(amount,)] = books.query("select amount from raw_bill.bills")
    assert amount == Decimal("1000000000.99")
    lines = books.query("select amount from raw_bill.bill_line_items order by ordinal")
    assert lines == [
        (Decimal("0.10"),),
        (Decimal("999999999999999.99"),),
        (Decimal("10.00"),),
    ]


def test_unknown_fields_are_kept(books: Any, bill: Make) -> None:
    """A field nobody has heard of stands in the record's text."""
    books.write("bills", [bill(1, newInBill={"a": 1.50})])
    books.load(entities=["bills"])
    found = books.query("select _raw::json->'newInBill'->>'a' from raw_bill.bills")
    assert found == [("1.5",)]


@pytest.mark.parametrize("policy", [Policy(), Policy(small_list=0)])
def test_a_document_that_went_wrong_keeps_its_last_good_version(
    books: Any, bill: Make, policy: Policy
) -> None:
    """Header and lines stay those of before, until the document is right again."""
    books.policy = policy
    versions = "select _version, amount from raw_bill.bills order by all"
    lines = "select _version, amount from raw_bill.bill_line_items order by all"
    good, line = Decimal("100.25"), [{"id": "bli1", "amount": 7.125}]
    books.write("bills", [bill(1)])
    books.load(entities=["bills"])
    books.write("bills", [bill(1, amount=7, billLineItems=line)])
    report = books.load(day=1, entities=["bills"])
    assert (report.quarantined, report.versions_appended) == (1, 0)
    assert [case[:2] for case in books.query(OPEN)] == [("bills", BILL_ID)]
    assert books.query(versions) == books.query(lines) == [(1, good)]
    line = [{"id": "bli1", "amount": 7.12}]
    books.write("bills", [bill(1, amount=7.12, billLineItems=line)])
    books.load(day=2, entities=["bills"])
    both = [(1, good), (2, Decimal("7.12"))]
    assert books.query(versions) == books.query(lines) == both
    assert books.query(OPEN) == []


def test_one_odd_record_among_many_is_set_aside_alone(books: Any, bill: Make) -> None:
    """However many are read at once, the others load, and none of them twice."""
    rows = [bill(number, day=number % 28 + 1) for number in range(150)]
    rows[77]["billLineItems"] = [{"id": "a", "amount": 1}, None]
    books.write("bills", rows)
    report = books.load(entities=["bills"])
    assert (report.quarantined, report.versions_appended) == (1, 149)
    [(_, record_id, _)] = books.query(OPEN)
    assert record_id == rows[77]["id"]
    counts = "select count(*), count(distinct id) from raw_bill.bills"
    assert books.query(counts) == [(149, 149)]


class Nothing:
    """A warehouse that does not exist yet."""

    def ask(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """Return the answer of an empty table."""
        return [(0,)] if "count(*)" in query and not values else []


@pytest.mark.parametrize(
    ("record", "reason", "kept"),
    [
        (b'{"taxId":"123456789"}', "no id", '{"taxId":"25f9e794323b4538'),
        (b'{"id":7,"taxId":"123456789"}', "no id", '{"id":7,"taxId":"25f9e7943'),
        (b'{"id":"a","taxId":"123456789","name":"\xff"}', "not valid JSON", ""),
        (b'{"id":"a","amount":"\xff"}', "not valid JSON", '{"id":"a"'),
        (b'["a"]', "not an object", '["a"]'),
    ],
)
@pytest.mark.parametrize("table", ["bills", "vendors"])
def test_what_is_no_record_is_set_aside_without_its_secrets(
    table: str, record: bytes, reason: str, kept: str
) -> None:
    """A tax id is masked there too; where it cannot be, nothing of the text is kept."""
    entity, outbox = BY_TABLE[table], Outbox(2**20)
    origin = Origin("00802TESTORGANIZA001", datetime(2026, 3, 2, tzinfo=UTC))
    log = VersionLog(entity, Held(entity, Nothing(), ()), outbox, origin=origin)
    log.accept([record, b'{"id":"b"}'])
    log.flush()
    [case] = outbox.take()["quarantine"].to_pylist()
    assert case["reason"] == reason
    assert case["_raw"].startswith(kept)
    assert "123456789" not in case["_raw"]
    assert log.seen >= {"b"}
