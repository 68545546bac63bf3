"""A version is appended when a record's content changed, and only then.

Here belongs: spelling, repetition and return of records, over several loads. Not here:
the hash itself (test_records.py), which requests bring the records (test_load.py).
"""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bill_source import Progress
from bill_source.batches import Origin
from bill_source.entities import BY_TABLE
from bill_source.held import Held
from bill_source.outbox import Outbox
from bill_source.policy import Policy
from bill_source.versions import VersionLog
from bill_source.warehouse import Warehouse

Make = Callable[..., dict[str, Any]]
VERSIONS = "select id, _version from raw_bill.{} order by all"
PLAIN = (
    '{"id":"a","amount":12.00,"dueDate":"2026-03-31","billLineItems":'
    '[{"id":"x","amount":1.5}]}'
)
SPELT = {
    "null": PLAIN.replace('{"id":"a"', '{"id":"a","description":null'),
    "digits": PLAIN.replace("12.00", "12").replace("1.5}", "1.50}"),
    "order": '{"billLineItems":[{"amount":1.5,"id":"x"}],"dueDate":"2026-03-31",'
    '"amount":12.00,"id":"a"}',
    "escapes": PLAIN.replace('"a"', '"\\u0061"'),
    "spaces": PLAIN.replace(",", " ,\n"),
}


@pytest.mark.parametrize("older", [False, True], ids=["ours", "an older release's"])
def test_spelling_alone_is_no_version(books: Any, *, older: bool) -> None:
    """Nulls, digits, order, escapes and spaces change nothing, whoever hashed it."""
    books.write_text("bills", PLAIN.join(('{"results":[', "]}")))
    books.load(entities=["bills"])
    if older:
        books.query("update raw_bill.bills set _content_hash = md5(id)")
    for day, text in enumerate(SPELT.values(), start=1):
        books.write_text("bills", text.join(('{"results":[', "]}")))
        assert books.load(day=day, entities=["bills"]).versions_appended == 0
    text = PLAIN.replace("12.00", "12.01")
    books.write_text("bills", text.join(('{"results":[', "]}")))
    assert books.load(day=9, entities=["bills"]).versions_appended == 1
    assert books.query(VERSIONS.format("bills")) == [("a", 1), ("a", 2)]


def test_spelling_of_a_masked_record_is_no_version(books: Any) -> None:
    """A vendor's tax id and bank account are the same, however the rest is spelt."""
    bank = {"accountNumber": "987654321000", "routingNumber": "021000021"}
    vendor: dict[str, Any] = {"id": "0091", "name": "A"}
    vendor["additionalInfo"] = {"taxId": "123456789"}
    vendor["paymentInformation"] = {"bankAccount": bank}
    for day, spelt in enumerate([{}, {"phone": None}]):
        books.write("vendors", [vendor | spelt])
        books.load(day=day, entities=["vendors"])
    assert books.query(VERSIONS.format("vendors")) == [("0091", 1)]


def test_a_tax_id_is_the_same_on_both_roads(books: Any) -> None:
    """A record read singly because of an oddity has the hash it had before."""
    vendor: dict[str, Any] = {"id": "0091", "additionalInfo": {"taxId": "123456789"}}
    for day, odd in enumerate([{}, {"name": 7}]):
        books.write("vendors", [vendor | odd])
        books.load(day=day, entities=["vendors"])
    hashes = "select count(*), count(distinct additional_info_tax_id)"
    assert books.query(f"{hashes} from raw_bill.vendors") == [(2, 1)]


@pytest.mark.parametrize("is_first", [True, False])
def test_two_contents_in_one_page_are_two_versions(
    books: Any, bill: Make, *, is_first: bool
) -> None:
    """A record that BILL lists twice, changed between, ends as it came last."""
    if not is_first:
        books.write("bills", [bill(1, amount=1)])
        books.load(entities=["bills"])
    amounts = [5, 7, 7, 5, 8]
    books.write("bills", [bill(1, amount=amount) for amount in amounts])
    books.load(day=1, entities=["bills"])
    found = books.query("select amount from raw_bill.bills order by _version")
    contents = [5, 7, 5, 8] if is_first else [1, 5, 7, 5, 8]
    assert found == [(Decimal(amount),) for amount in contents]


@pytest.mark.parametrize("changed", [False, True])
def test_a_deleted_record_may_come_back(books: Any, *, changed: bool) -> None:
    """Its last version says deleted; on return there is one more that does not."""
    table, name = "bill_approval_policies", "bill-approval-policies"
    rows = [{"id": f"pol{number}", "status": "ACTIVE"} for number in range(3)]
    books.write(name, rows)
    books.load(entities=[table])
    books.write(name, rows[1:])
    books.load(day=1, entities=[table])
    books.load(day=2, entities=[table])
    rows[0]["status"] = "INACTIVE" if changed else "ACTIVE"
    books.write(name, rows)
    books.load(day=3, entities=[table])
    books.load(day=4, entities=[table])
    query = f"select _version, _deleted from raw_bill.{table} where id = 'pol0'"  # noqa: S608 - our names
    found = books.query(f"{query} order by all")
    assert found == [(1, False), (2, True), (3, False)]


def test_versions_go_on_across_packages(books: Any, bill: Make) -> None:
    """What a load stores in several packages, and meets again, is counted as in one."""
    books.policy = Policy(small_list=0, package_bytes=2_000, window_rows=10)
    rows = [bill(number, day=number % 28 + 1) for number in range(120)]
    books.write("bills", rows)

    def change(progress: Progress) -> None:
        if progress.rows > 150 and "description" not in rows[0]:
            for row in rows[:40]:
                row["description"] = "changed"
            books.write("bills", rows)

    books.load(entities=["bills"], progress=change)
    [(packages,)] = books.query("select count(*) from raw_bill._dlt_loads")
    assert packages > 1
    books.load(day=1, entities=["bills"])
    assert books.query(
        "select count(*), count(distinct (id, _version)), count(distinct id),"
        " max(_version) from raw_bill.bills"
    ) == [(160, 160, 120, 2)]


def test_a_record_met_again_is_known_though_its_package_was_stored(
    tmp_path: Path,
) -> None:
    """In a first import too, what left memory for the warehouse is looked up there."""
    entity, outbox = BY_TABLE["vendors"], Outbox(2**20)
    origin = Origin("00802TESTORGANIZA001", datetime(2026, 3, 2, tzinfo=UTC))
    with closing(Warehouse(tmp_path / "warehouse.duckdb")) as warehouse:
        connection = warehouse.connection()
        log = VersionLog(entity, Held(entity, warehouse, ()), outbox, origin=origin)
        log.accept([b'{"id":"a","name":"A"}', b'{"id":"b"}'])
        log.flush()
        stored = outbox.take()["vendors"]  # the query below names it
        assert stored.num_rows == 2
        connection.execute("insert into raw_bill.vendors by name from stored")
        outbox.stored()
        log.stored(1)
        log.accept([b'{"name":"A","id":"a"}', b'{"id":"b","name":"B"}'])
        log.flush()
    found = outbox.take()["vendors"].select(["id", "_version"]).to_pylist()
    assert found == [{"id": "b", "_version": 2}]
