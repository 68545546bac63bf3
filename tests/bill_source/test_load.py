"""A load brings every record once, and later only what changed."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bill_source import Progress, load
from bill_source.budget import HOURLY_REQUESTS
from bill_source.policy import Policy
from bill_source.tables import SCHEMAS

Make = Callable[..., dict[str, Any]]
INCREMENTAL = Policy(small_list=0)
VERSIONS = "select id, _version from raw_bill.bills order by all"


def test_a_first_load_brings_everything(books: Any, bill: Make) -> None:
    """Each record is there once, typed, with its list and its own text."""
    books.write("bills", [bill(1, amount=0.1), bill(2, paymentStatus="PAID")])
    report = books.load()
    assert report.tables["bills"].versions_appended == 2
    found = books.query(
        "select id, amount, due_date::text, invoice_invoice_number, _version,"
        " _synced_at at time zone 'UTC', _raw::json->>'amount'"
        " from raw_bill.bills order by id"
    )
    noon = datetime(2026, 3, 2, 12)  # noqa: DTZ001 - DuckDB's plain timestamp
    assert found == [
        ("00n02TESTBILLXX00001", Decimal("0.10"), "2026-03-31", "N-1", 1, noon, "0.1"),
        (
            "00n02TESTBILLXX00002",
            Decimal("100.25"),
            "2026-03-31",
            "N-2",
            1,
            noon,
            "100.25",
        ),
    ]
    lines = "select bill_id, _version, ordinal, amount from raw_bill.bill_line_items"
    line = ("00n02TESTBILLXX00001", 1, 1, Decimal("100.25"))
    assert line in books.query(lines)


def test_every_table_exists_with_its_types(books: Any) -> None:
    """An organization without a single record still gets every typed table."""
    books.load()
    found = books.query(
        "select table_name, list(column_name order by ordinal_position)"
        " from information_schema.columns where table_schema = 'raw_bill'"
        " and table_name not like '\\_dlt%' escape '\\' group by all"
    )
    expected = {
        name: [*schema.names, "_dlt_load_id"] for name, schema in SCHEMAS.items()
    }
    assert dict(found) == expected
    types = books.query(
        "select distinct data_type from information_schema.columns"
        " where table_schema = 'raw_bill' and column_name in ('amount', 'price')"
    )
    assert sorted(types) == [("DECIMAL(18,2)",), ("DECIMAL(28,8)",)]


@pytest.mark.parametrize("policy", [Policy(), INCREMENTAL])
def test_a_rerun_adds_nothing(books: Any, bill: Make, policy: Policy) -> None:
    """A load without news appends no row and stores no package."""
    books.policy = policy
    books.write("bills", [bill(number) for number in range(120)])
    books.load()
    loads = books.query("select * from raw_bill._dlt_loads")
    report = books.load(day=1)
    assert report.versions_appended == 0
    assert books.query("select * from raw_bill._dlt_loads") == loads


@pytest.mark.parametrize("policy", [Policy(), INCREMENTAL])
def test_changes_append_versions(books: Any, bill: Make, policy: Policy) -> None:
    """A changed record gets a second version with its whole list, others nothing."""
    books.policy = policy
    books.write("bills", [bill(1), bill(2)])
    books.load()
    lines = [{"id": "a", "amount": 60.25}, {"id": "b", "amount": 40}]
    later = "2026-03-02T18:00:00.000+00:00"
    changed = bill(2, billLineItems=lines, updatedTime=later)
    books.write("bills", [bill(1), changed, bill(3, createdTime=later)])
    books.load(day=1)
    assert books.query(VERSIONS) == [
        ("00n02TESTBILLXX00001", 1),
        ("00n02TESTBILLXX00002", 1),
        ("00n02TESTBILLXX00002", 2),
        ("00n02TESTBILLXX00003", 1),
    ]
    assert books.query(
        "select _version, ordinal, id from raw_bill.bill_line_items"
        " where bill_id = '00n02TESTBILLXX00002' order by all"
    ) == [(1, 1, "bli2"), (2, 1, "a"), (2, 2, "b")]


def test_later_loads_ask_from_the_watermark(books: Any, bill: Make) -> None:
    """The second pass starts one day before the newest updatedTime, newest first."""
    books.policy = INCREMENTAL
    books.write("bills", [bill(1, day=10), bill(2, day=20)])
    report = books.load()
    assert report.tables["bills"].watermark == datetime(2026, 2, 20, tzinfo=UTC)
    books.server.measurements.clear()
    books.load(day=1)
    first = books.asked("/v3/bills")[0]
    assert first["filters"] == 'updatedTime:gte:"2026-02-19T00:00:00.000Z"'
    assert first["sort"] == "updatedTime:desc"


def test_a_bogus_future_moves_no_watermark(books: Any, bill: Make) -> None:
    """A row dated in 2099 is loaded, and hides no later change of other rows."""
    books.policy = INCREMENTAL
    far = "2099-01-01T00:00:00.000+00:00"
    books.write("bills", [bill(1, day=20), bill(2, updatedTime=far)])
    report = books.load()
    assert report.tables["bills"].watermark == datetime(2026, 2, 20, tzinfo=UTC)
    assert len(books.query(VERSIONS)) == 2


def test_rows_without_times_are_read_whole(books: Any) -> None:
    """A list without updatedTime has no cursor, so every change is still found."""
    books.policy = INCREMENTAL
    rows = [{"id": f"009{number}", "name": "A"} for number in range(3)]
    books.write("vendors", rows)
    books.load()
    rows[1]["name"] = "B"
    books.write("vendors", rows)
    report = books.load(day=1)
    assert report.tables["vendors"].versions_appended == 1


@pytest.mark.parametrize("listed", ["include", "exclude"])
@pytest.mark.parametrize("policy", [Policy(), INCREMENTAL])
def test_archived_rows_are_found(
    make_books: Callable[..., Any], bill: Make, listed: str, policy: Policy
) -> None:
    """Archived rows are loaded, and archiving is seen though updatedTime stays."""
    books = make_books(archived_in_lists=listed, policy=policy)
    books.write("bills", [bill(1), bill(2, archived=True), bill(3)])
    books.load()
    books.write("bills", [bill(1, archived=True), bill(2), bill(3)])
    books.load(day=1)
    assert books.query(
        "select id[-1:], archived from raw_bill.bills"
        " qualify row_number() over (partition by id order by _version desc) = 1"
        " order by id"
    ) == [("1", True), ("2", False), ("3", False)]


@pytest.mark.parametrize("policy", [Policy(), INCREMENTAL])
def test_paid_bills_are_noticed(books: Any, bill: Make, policy: Policy) -> None:
    """A bill that left the open set without a new updatedTime is read by its id."""
    books.policy = policy
    books.write("bills", [bill(number) for number in range(3)])
    books.load()
    paid = bill(1, paymentStatus="PAID", dueAmount=0)
    books.write("bills", [bill(0), paid, bill(2)])
    report = books.load(day=1)
    assert report.tables["bills"].versions_appended == 1


def test_touched_documents_are_read_again(books: Any, bill: Make) -> None:
    """A changed payment brings the bills it pays, now and before the change."""
    books.policy = INCREMENTAL
    books.write(
        "bills", [bill(n, paymentStatus="PAID", paidAmount=5) for n in range(4)]
    )
    payment = {
        "id": "stp1",
        "status": "PAID",
        "billPayments": [{"billId": "00n02TESTBILLXX00001", "amount": 5}],
        "createdTime": "2026-02-01T00:00:00Z",
        "updatedTime": "2026-02-01T00:00:00Z",
    }
    books.write("payments", [payment])
    books.load()
    moved = [{"billId": "00n02TESTBILLXX00002", "amount": 5}]
    later = "2026-03-02T00:00:00Z"
    changed = payment | {"billPayments": moved, "updatedTime": later}
    books.write("payments", [changed])
    # The bills' own updatedTime stays, and PAID bills are in no open set.
    paid = {number: bill(number, paymentStatus="PAID") for number in range(4)}
    for number, amount in ((0, 5), (1, 6), (2, 7), (3, 5)):
        paid[number]["paidAmount"] = amount
        paid[number]["updatedTime"] = "2026-01-01T00:00:00Z"
    books.write("bills", list(paid.values()))
    books.load(day=1)
    changed_bills = books.query("select id[-1:] from raw_bill.bills where _version = 2")
    assert sorted(changed_bills) == [("1",), ("2",)]


def test_unsettled_payments_are_read_again(books: Any) -> None:
    """A payment under way is read by its id although its updatedTime stands still."""
    books.policy = INCREMENTAL
    times = {
        "createdTime": "2026-02-01T00:00:00Z",
        "updatedTime": "2026-02-01T00:00:00Z",
    }
    payments = [
        {"id": "stp1", "status": "SCHEDULED", "singleStatus": "SCHEDULED"} | times,
        {"id": "stp2", "status": "PAID", "singleStatus": "CLEARED"}
        | times
        | {"updatedTime": "2026-02-20T00:00:00Z"},
    ]
    books.write("payments", payments)
    books.load()
    payments[0] |= {"status": "PAID", "singleStatus": "CLEARED"}
    books.write("payments", payments)
    report = books.load(day=1)
    assert report.tables["payments"].versions_appended == 1


def test_credits_that_are_open_are_read_again(books: Any) -> None:
    """An open credit is read singly, as BILL documents no id list for credits."""
    books.policy = INCREMENTAL
    times = {
        "createdTime": "2026-02-01T00:00:00Z",
        "updatedTime": "2026-02-01T00:00:00Z",
    }
    rows = [
        {"id": "vcr1", "status": "NOT_APPLIED", "amount": 5} | times,
        {"id": "vcr2", "status": "FULLY_APPLIED", "amount": 5}
        | times
        | {"updatedTime": "2026-02-20T00:00:00Z"},
    ]
    books.write("vendor-credits", rows)
    books.load()
    rows[0] |= {"status": "FULLY_APPLIED", "usage": [{"billId": "00n1", "amount": 5}]}
    books.write("vendor-credits", rows)
    report = books.load(day=1)
    assert report.tables["vendor_credits"].versions_appended == 1
    usages = "select bill_id, amount, _version from raw_bill.vendor_credit_usages"
    assert books.query(usages) == [("00n1", Decimal("5.00"), 2)]


def test_lists_without_an_order_are_read_until_complete(books: Any) -> None:
    """Paging in random order loses no row in the end."""
    rows = [
        {"id": f"rec{number:04}", "description": "x", "archived": False}
        for number in range(230)
    ]
    books.write("recurring-bills", rows)
    books.write("payment-terms", rows)
    report = books.load(entities=["recurring_bills", "payment_terms"])
    assert report.tables["recurring_bills"].rows == 230
    assert report.tables["payment_terms"].rows == 230


def test_rows_that_come_twice_are_stored_once(
    make_books: Callable[..., Any], bill: Make
) -> None:
    """A row repeated on the next page is one version."""
    books = make_books(duplicate_row_across_pages=True)
    books.write("bills", [bill(number) for number in range(250)])
    report = books.load()
    assert report.tables["bills"].rows_read > 250
    assert books.query("select count(*) from raw_bill.bills") == [(250,)]


def test_an_emptied_list_removes_nothing(books: Any, bill: Make) -> None:
    """Rows stay when BILL suddenly lists none, and the report says so."""
    books.write("bills", [bill(1)])
    books.load()
    books.write("bills", [])
    report = books.load(day=1)
    assert books.query("select count(*) from raw_bill.bills") == [(1,)]
    assert report.tables["bills"].rows_listed == 0
    assert any(warning.startswith("bills: ") for warning in report.warnings)


def test_a_forbidden_list_is_a_warning(books: Any, bill: Make) -> None:
    """Rows stay when BILL refuses a list, the other lists go on."""
    books.write("bills", [bill(1)])
    books.load()
    books.server.faults.forbidden("bills")
    books.write("vendors", [{"id": "0091", "name": "A"}])
    report = books.load(day=1)
    assert report.tables["bills"].readable is False
    assert any("bills" in warning for warning in report.warnings)
    assert books.query("select count(*) from raw_bill.bills") == [(1,)]
    assert report.tables["vendors"].versions_appended == 1


@pytest.mark.parametrize("operators", ["eq", "in", "both"])
def test_refused_filters_lose_nothing(
    make_books: Callable[..., Any], operators: str
) -> None:
    """Invoices that get paid are noticed also where BILL refuses the status filter."""
    books = make_books(invoice_status_operators=operators, policy=INCREMENTAL)
    times = {
        "createdTime": "2026-02-01T00:00:00Z",
        "updatedTime": "2026-02-01T00:00:00Z",
    }
    invoices = [
        {"id": f"00e{number}", "status": "OPEN", "totalAmount": 5} | times
        for number in range(3)
    ]
    books.write("invoices", invoices)
    books.load()
    invoices[2]["status"] = "PAID_IN_FULL"
    books.write("invoices", invoices)
    report = books.load(day=1)
    assert report.tables["invoices"].versions_appended == 1


def test_one_entity_alone(books: Any, bill: Make) -> None:
    """A load of one list asks for no other, and leaves the others' state alone."""
    books.write("bills", [bill(1)])
    books.write("vendors", [{"id": "0091", "name": "A"}])
    books.load()
    books.write("bills", [bill(1), bill(2)])
    books.server.measurements.clear()
    report = books.load(day=1, entities=["bills"])
    assert list(report.tables) == ["bills"]
    paths = {call.path for call in books.server.measurements.log}
    assert paths == {"/v3/login", "/v3/bills"}
    assert books.query("select count(*) from raw_bill.vendors") == [(1,)]


def test_a_full_load_finds_what_moved_unseen(books: Any, bill: Make) -> None:
    """Reading everything again appends what no cursor can show, and nothing else."""
    books.policy = INCREMENTAL
    rows = [bill(n, paymentStatus="PAID", day=n % 20 + 1) for n in range(120)]
    books.write("bills", rows)
    books.load()
    rows[5]["description"] = "changed without a trace"
    books.write("bills", rows)
    assert books.load(day=1).versions_appended == 0
    report = books.load(day=2, full=True)
    assert report.tables["bills"].versions_appended == 1


def test_a_return_to_old_content_is_a_version(books: Any) -> None:
    """Content that was there before the last version counts as a change again."""
    for day, name in enumerate(["A", "B", "A"]):
        books.write("vendors", [{"id": "0091", "name": name}])
        books.load(day=day)
    assert books.query("select name, _version from raw_bill.vendors order by all") == [
        ("A", 1),
        ("A", 3),
        ("B", 2),
    ]


def test_progress_is_told(books: Any, bill: Make) -> None:
    """Each page of rows is announced with its table."""
    books.write("bills", [bill(1), bill(2)])
    seen: list[Progress] = []
    books.load(progress=seen.append)
    assert Progress("bills", 2) in seen


def test_the_report_counts(books: Any, bill: Make) -> None:
    """Calls, logins, times and rows of the report are what happened."""
    books.write("bills", [bill(1), bill(2, amount=1.234)])
    report = books.load()
    assert report.api_calls == books.server.measurements.requests
    assert report.calls_left == HOURLY_REQUESTS - report.api_calls
    assert report.logins == 1
    assert report.quarantined == 1
    assert report.finished_at is not None
    assert report.finished_at >= report.started_at
    assert report.tables["bills"].rows_listed == 2
    assert report.tables["bills"].rows == 1


def test_a_generated_company_loads_whole(
    sandbox: Any, credentials: Any, tmp_path: Path
) -> None:
    """Every list a company has arrives complete; without news nothing follows."""
    report = load(credentials, tmp_path, now=sandbox.clock.now())
    held = {table: found.rows for table, found in report.tables.items()}
    assert held["bills"] > 0
    assert held["payments"] > 0
    empty = [table for table, rows in held.items() if not rows]
    assert empty == ["organizations"]
    again = load(credentials, tmp_path, now=sandbox.clock.now())
    assert again.versions_appended == 0
    sandbox.advance_days(3)
    later = load(credentials, tmp_path, now=sandbox.clock.now())
    assert 0 < later.versions_appended < report.versions_appended
