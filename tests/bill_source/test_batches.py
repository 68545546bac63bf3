"""Both roads from JSON to rows agree: thousands at once, and one by one.

Here belongs: odd values, record by record, on both. Not here: what each value means
(test_values.py), what is done with unreadable records (test_quarantine.py).
"""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bill_source.answers import decode
from bill_source.batches import Found, Origin, read_batch
from bill_source.drift import findings_of
from bill_source.entities import BY_TABLE
from bill_source.records import Stamp, typed_rows
from bill_source.tables import table_of

BILLS = BY_TABLE["bills"]
ORIGIN = Origin("00802TESTORGANIZA001", datetime(2026, 3, 2, tzinfo=UTC))
Rows = dict[str, list[dict[str, Any]]]

NUMBERS = """0 -0 12 12.0 12.340 12.345 0.1 -0.01 1e2 1E2 1e-2 1.2345e2 1e15 1e16 1e400
    9999999999999999.99 99999999999999999.99 0.123456789 0.123456785 0.000000005
    0.000000015 -0.000000015 1.1234567890123456789 99999999999999999999.999999999
    0.010000000000000000000000000000000000000000 123456789012345678901234567890
    "12.5" "1e2" " 12" "+12" "12." ".5" "-.5" "0012" "12.3400000000000" "NaN" "12,00"
    "1_000" "1e999" true null "" [] {}""".split()  # noqa: SIM905 - so that all are seen
DATES = [
    *("2026-03-31", "2026-03-31T00:00:00Z", "2026-03-31T00:00:00.000+00:00", ""),
    *("2026-02-30", "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01"),
    *(" 2026-03-31", "2026-3-1", "20260331", "2026/03/31", "-2026-03-31", "soon"),
]
INSTANTS = [
    *("2026-03-02T18:00:00Z", "2026-03-02T18:00:00.123+0000", "2026-03-02T18:00:00"),
    *("2026-03-02T18:00:00.1234567Z", "2026-03-02 18:00:00", "2026-03-02", ""),
    *("2026-03-02T24:00:00Z", "2026-03-02T23:59:60Z", "2026-03-02T18:00-08:00"),
    *("0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "2026-03-02T18:00:00z"),
    *("9999-12-31T23:59:59-14:00", "1600-01-01T00:00:00Z", "2026-03-02T18:00:00.Z"),
]
TEXTS = r"""1 1.50 true [] {} ["a"] {"a":1} null "" "é" "a\u00e9\n\ud83d\ude00" "\u0000"
    "\ud800" "\"\\\/" """.split()  # noqa: SIM905 - so that all are seen
LISTS = [
    *("null", "[]", "[null]", "[{}]", "{}", '"x"', "[[]]", "[1]", '[{"amount":null}]'),
    *('[{"amount":1},null]', '[{"amount":"1.5"}]', '[{"amount":1.999}]'),
    *('[{"classifications":null}]', '[{"classifications":{}}]'),
    *('[{"classifications":[]}]', '[{"classifications":{"new":1}}]', '[{"new":[1]}]'),
    *('[{"id":"a"},{"id":"b"},{"id":"a"}]', '[{"id":""},{},{"id":""},{}]'),
]
OBJECTS = [
    *("null", "{}", "[]", '"x"', "1", '{"invoiceNumber":null}', '{"invoiceDate":""}'),
    *('{"invoiceDate":"2026-03-31T00:00:00Z"}', '{"new":1}', '{"new":{}}'),
    *('{"new":[]}', '{"new":{"a":{"b":null}}}'),
]
UNKNOWN = [
    *("null", "{}", "[]", "[null]", "[{}]", "1", '"x"', '{"a":null}', '[{"a":1}]'),
    *('[{"a":1},{"a":"x"}]', '[1,"a"]', "1e400", '"2026-03-02T18:00:00Z"', "[[]]"),
]
ODD = {
    "amount": NUMBERS,
    "exchangeRate": NUMBERS,
    "dueDate": [*(f'"{text}"' for text in DATES), "null", "20260331"],
    "createdTime": [*(f'"{text}"' for text in INSTANTS), "null", "1767225600"],
    "archived": ["true", "false", "null", '"true"', "0", '""'],
    "description": TEXTS,
    "paymentStatus": ['"PAID"', '"NEW"', '""', "null", "1"],
    "billLineItems": LISTS,
    "invoice": OBJECTS,
    "newInBill": UNKNOWN,
}
WHOLE = [
    *('{"id":"x","amount":1,"amount":2}', '{"id":"x","new":1,"new":"a"}'),
    *(
        '{"id":"x",\n"description":\n"a"}',
        '{"id":"x","amo\\u0075nt":3}',
        ' {"id":"x"} ',
    ),
    *('{"id":"x","description":"a","description":null}', '{"id":"x","":1}'),
    *('{"id":"x","invoice":{"invoiceNumber":"a"},"invoice":{"invoiceDate":""}}', "{}"),
]


def found_of(texts: list[str]) -> list[Found]:
    """Return records of these texts, each with its own id."""
    raws = [text.encode() for text in texts]
    return [Found(f"id{n}", raw, "hash", "", 1) for n, raw in enumerate(raws)]


def at_once(found: list[Found]) -> tuple[Rows, set[Any]] | None:
    """Read records on the fast road; None where it refuses them."""
    batch = read_batch(BILLS, found, ORIGIN)
    if batch is None:
        return None
    rows = {name: each.to_pylist() for name, each in batch.tables.items()}
    told = {(one.path, one.kind, one.value) for one in batch.findings}
    return {name: each for name, each in rows.items() if each}, told


def one_by_one(found: list[Found]) -> tuple[Rows, set[Any]]:
    """Read records on the slow road.

    Raises:
        ValueError: One of them cannot be read.
    """
    rows: Rows = {}
    told: set[Any] = set()
    for one in found:
        record = decode(one.raw)
        stamp = Stamp(ORIGIN.org_id, one.id, one.version)
        tail = (ORIGIN.synced_at, one.digest, False, one.raw.decode())
        for name, each in typed_rows(BILLS, record, stamp, tail).items():
            if each:
                rows.setdefault(name, []).extend(table_of(name, each).to_pylist())
        findings = findings_of(BILLS, record, one.id)
        told |= {(found.path, found.kind, found.value) for found in findings}
    return rows, told


@pytest.mark.parametrize("field", ODD)
def test_both_roads_agree_on_odd_values(field: str) -> None:
    """What the fast road reads, the slow one reads too, as the same rows."""
    for value in ODD[field]:
        found = found_of(['{"id":"x","%s":%s}' % (field, value)])  # noqa: UP031 - braces
        quick = at_once(found)
        assert quick is None or quick == one_by_one(found), value


@pytest.mark.parametrize("text", WHOLE)
def test_both_roads_agree_on_odd_records(text: str) -> None:
    """However a record is spelt, its rows do not depend on the road."""
    found = found_of([text])
    quick = at_once(found)
    assert quick is None or quick == one_by_one(found)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {}, optional={name: st.sampled_from(ODD[name]) for name in ODD}
        ),
        min_size=1,
        max_size=4,
    )
)
def test_both_roads_agree_on_many_records(records: list[dict[str, str]]) -> None:
    """Records that differ in fields and types give the same rows in one go."""
    texts = [
        "{%s}" % ",".join(f'"{name}":{value}' for name, value in record.items())  # noqa: UP031 - braces
        for record in records
    ]
    found = found_of(texts)
    quick = at_once(found)
    assert quick is None or quick == one_by_one(found)


def test_plain_records_take_the_fast_road() -> None:
    """Dates left empty, exact numbers, nulls, escapes and line breaks are plain."""
    text = """{"id": "x", "amount": 12.340, "exchangeRate": 0.1234567891,
        "dueDate": "", "createdTime": "2026-03-02T18:00:00.000+00:00",
        "description": "a\\n\\u00e9", "invoice": null, "billLineItems": null}"""
    assert at_once(found_of([text, '{"id": "y"}'])) is not None


def test_no_two_lines_of_a_bill_have_one_id() -> None:
    """The second is known by its place; another bill's line may have the same id."""
    lines = '[{"id":"a"},{"id":"b"},{"id":"a"},{}]'
    found = found_of([f'{{"id":"x","billLineItems":{lines}}}'] * 2)
    quick = at_once(found)
    assert quick is not None
    assert quick == one_by_one(found)
    rows = quick[0]["bill_line_items"]
    assert [row["id"] for row in rows] == ["a", "b", None, None] * 2
