"""A warehouse that an older release or a wrong clock has left is made right.

Here belongs: what a load adds to, and does not believe of, what it finds. Not here:
what killed runs leave behind (test_recovery.py).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bill_source.pipeline import Order, run_load
from bill_source.policy import Policy

Make = Callable[..., dict[str, Any]]
COLUMNS = """
    select table_name, list(column_name) from information_schema.columns
    where table_schema = 'raw_bill' and table_name not like '!_dlt%' escape '!'
    group by all
"""


def test_an_older_release_s_warehouse_is_brought_up_to_date(
    books: Any, bill: Make
) -> None:
    """Columns and tables it lacks are added, its rows stay, new ones fit in."""
    books.write("bills", [bill(1), bill(2)])
    books.load()
    expected = {table: set(columns) for table, columns in books.query(COLUMNS)}
    for table in ("list_states", "schema_changes", "spend_cards"):
        books.query(f"drop table raw_bill.{table}")
    for table in ("bills", "vendors"):
        books.query(f"alter table raw_bill.{table} drop column _deleted")
    books.write("bills", [bill(1), bill(2, amount=7), bill(3, newInBill=1)])
    assert books.load(day=1).versions_appended == 2
    found = {table: set(columns) for table, columns in books.query(COLUMNS)}
    assert found == expected
    deleted = "select right(id, 1), _version, _deleted from raw_bill.bills order by all"
    assert books.query(deleted) == [
        *(("1", 1, None), ("2", 1, None), ("2", 2, False), ("3", 1, False)),
    ]
    assert books.query("select path from raw_bill.schema_changes") == [("newInBill",)]


def test_a_watermark_ahead_of_the_clock_is_not_believed(books: Any, bill: Make) -> None:
    """After a load by a wrong clock, changes are found from where they really are."""
    books.policy = Policy(small_list=0)
    far, order = "2099-01-01T00:00:00.000+00:00", Order(["bills"])
    rows = [bill(number, day=20, paymentStatus="PAID") for number in range(3)]
    books.write("bills", [*rows, bill(9, updatedTime=far, paymentStatus="PAID")])
    wrong = datetime(2099, 1, 2, tzinfo=UTC)
    run_load(
        books.credentials, books.folder, now=wrong, order=order, policy=books.policy
    )
    rows[1] |= {"description": "changed", "updatedTime": "2026-03-02T12:00:00.000Z"}
    books.write("bills", [*rows, bill(9, updatedTime=far, paymentStatus="PAID")])
    report = books.load(day=1, entities=["bills"])
    assert report.versions_appended == 1
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert report.tables["bills"].watermark == noon
