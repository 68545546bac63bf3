"""Rows that move while we page through them are not lost."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bill_source import BillResponseError, Progress, load
from bill_source.pipeline import Order, run_load
from bill_source.policy import Policy

Make = Callable[..., dict[str, Any]]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = "2026-03-02T18:00:00.000+00:00"
NEWEST = """
    select id from raw_bill.bills
    qualify row_number() over (partition by id order by _version desc) = 1
        and description = 'changed'
"""


@pytest.mark.parametrize(
    ("token", "place"),
    [("offset", 0), ("offset", 120), ("offset", 249), ("keyset", 120)],
)
def test_a_row_that_changes_while_we_page_hides_no_other(
    make_books: Callable[..., Any], bill: Make, token: str, place: int
) -> None:
    """Every other change arrives at once, the row's own with the next load."""
    books = make_books(paging=token, policy=Policy(small_list=0))
    rows = [bill(number, paymentStatus="PAID") for number in range(250)]
    books.write("bills", rows)
    books.load(entities=["bills"])
    for number, row in enumerate(rows):
        row["description"] = "changed"
        row["updatedTime"] = f"2026-03-02T12:{number // 60:02}:{number % 60:02}.000Z"
    books.write("bills", rows)
    touched = []

    def touch(progress: Progress) -> None:
        if progress.rows == 100 and not touched:
            touched.append(rows[place])
            rows[place]["updatedTime"] = LATER
            books.write("bills", rows)

    books.load(day=1, entities=["bills"], progress=touch)
    assert touched
    changed = {row["id"] for row in rows}
    assert changed - {touched[0]["id"]} <= {row[0] for row in books.query(NEWEST)}
    books.load(day=1, entities=["bills"])
    assert {row[0] for row in books.query(NEWEST)} == changed


def hourly(number: int) -> str:
    """The instant so many hours after the middle of February."""
    instant = datetime(2026, 2, 15, tzinfo=UTC) + timedelta(hours=number)
    return instant.isoformat(timespec="milliseconds")


def once_at(rows_read: int, act: Callable[[], object]) -> Callable[[Progress], None]:
    """Act once, when so many rows have been read."""
    left = [act]

    def told(progress: Progress) -> None:
        if progress.rows >= rows_read and left:
            left.pop()()

    return told


@pytest.mark.parametrize("listed", ["include", "exclude"])
@pytest.mark.parametrize(("is_first", "row"), [(True, 5), (False, 245)])
def test_a_row_archived_while_we_page_hides_no_other(
    make_books: Callable[..., Any], bill: Make, listed: str, *, is_first: bool, row: int
) -> None:
    """Also where it leaves the list, so that the rows behind it move up by one."""
    policy = Policy(small_list=0, window_rows=10**6)
    books = make_books(archived_in_lists=listed, policy=policy)
    rows = [bill(number, paymentStatus="PAID") for number in range(250)]
    if not is_first:
        books.write("bills", rows)
        books.load(entities=["bills"])
    for number, one in enumerate(rows):
        one.update(description="changed", updatedTime=hourly(number))
        if is_first:
            one["createdTime"] = hourly(number)
    books.write("bills", rows)

    def archive() -> None:
        rows[row] |= {"archived": True, "updatedTime": LATER}
        books.write("bills", rows)

    # A first import has taken the newest page before it begins with its windows.
    told = once_at(200 if is_first else 100, archive)
    books.load(day=1, entities=["bills"], progress=told)
    assert {found[0] for found in books.query(NEWEST)} == {one["id"] for one in rows}
    archived = "select id from raw_bill.bills where archived"
    assert books.query(archived) == [(rows[row]["id"],)]


@pytest.mark.parametrize("is_first", [True, False])
def test_rows_that_arrive_while_we_page_hide_none(
    make_books: Callable[..., Any], bill: Make, *, is_first: bool
) -> None:
    """Those before them all come now, they themselves with the next load at latest."""
    books = make_books(policy=Policy(small_list=0, window_rows=50))
    rows = [bill(number, day=number % 28 + 1) for number in range(250)]
    books.write("bills", rows if is_first else rows[:3])
    if not is_first:
        books.load(entities=["bills"])
    rows = [one | {"updatedTime": LATER, "paymentStatus": "PAID"} for one in rows]
    books.write("bills", rows)
    new = [
        bill(1000 + n, createdTime=LATER, updatedTime=LATER, paymentStatus="PAID")
        for n in range(120)
    ]
    told = once_at(100, lambda: books.write("bills", [*new, *rows]))
    books.load(day=1, entities=["bills"], progress=told)
    found = {row[0] for row in books.query("select id from raw_bill.bills")}
    assert {row["id"] for row in rows} <= found
    books.load(day=1, entities=["bills"])
    [(count,)] = books.query("select count(distinct id) from raw_bill.bills")
    assert count == 370


def test_a_token_that_grows_old_begins_the_list_again(
    make_books: Callable[..., Any], bill: Make
) -> None:
    """Where tokens live for a minute and we take longer, every row still comes once."""
    books = make_books(page_life=60.0)
    books.write("bills", [bill(number, day=number % 28 + 1) for number in range(250)])
    told = once_at(200, lambda: books.server.advance_seconds(90))
    report = books.load(entities=["bills"], progress=told)
    assert report.tables["bills"].rows_read > 250
    found = books.query("select count(*), count(distinct id) from raw_bill.bills")
    assert found == [(250, 250)]


def test_a_list_that_goes_in_a_circle_is_given_up(
    make_books: Callable[..., Any], bill: Make
) -> None:
    """The load ends with the reason; what was loaded before stays."""
    books = make_books()
    books.write("bills", [bill(1)])
    books.load(entities=["bills"])
    books.server.turn({"repeated_token": "true"})
    books.write("bills", [bill(number) for number in range(250)])
    with pytest.raises(BillResponseError, match="same page token twice"):
        books.load(day=1, entities=["bills"])
    assert books.query("select id, _version from raw_bill.bills") == [
        (bill(1)["id"], 1)
    ]


def test_a_row_as_old_as_the_watermark_is_not_passed_over(
    books: Any, bill: Make
) -> None:
    """Of rows with one updatedTime, those that show later come later."""
    books.policy = Policy(small_list=0)
    rows = [bill(number, day=20, paymentStatus="PAID") for number in range(4)]
    books.write("bills", rows[:2])
    books.load(entities=["bills"])
    rows[3] |= {"updatedTime": "2026-02-19T12:00:00.000+00:00"}
    books.write("bills", rows)
    assert books.load(day=1, entities=["bills"]).versions_appended == 2


def test_changes_that_show_late_and_out_of_order_come_in(
    sandbox: Any, credentials: Any, tmp_path: Path
) -> None:
    """What BILL's lists held back at one load is there after the next."""
    order, policy = Order(["vendors"]), Policy(small_list=0)
    loading = {"now": NOON, "order": order, "policy": policy}
    run_load(credentials, tmp_path, **loading)
    sandbox.turn({"visibility_lag": "600"})
    vendors = [row.id for row in sandbox.books.rows("vendors")][:12]
    for row_id in vendors:
        sandbox.advance_seconds(60)
        sandbox.change("vendors", row_id, {"phone": "5550100"}, touch=True)
    early = run_load(credentials, tmp_path, **loading).versions_appended
    sandbox.advance_seconds(600)
    late = run_load(credentials, tmp_path, **loading).versions_appended
    assert 0 < early < len(vendors)
    assert early + late == len(vendors)


@pytest.mark.parametrize("lifetime", ["session", "none", 1.0])
def test_an_expired_session_mid_list_loses_nothing(
    make_books: Callable[..., Any], bill: Make, lifetime: Any
) -> None:
    """With or without tokens that outlive their session, all rows come once."""
    books = make_books(page_life=lifetime)
    books.write("bills", [bill(number) for number in range(250)])
    books.server.faults.expire_session(after_requests=2)
    report = books.load(entities=["bills"])
    assert report.logins == 2
    found = books.query("select count(*), count(distinct id) from raw_bill.bills")
    assert found == [(250, 250)]


@pytest.mark.parametrize("shape", ["array", "object", "html"])
def test_error_shapes_make_no_difference(
    make_books: Callable[..., Any], bill: Make, shape: str
) -> None:
    """An ended session is recognised however BILL words it."""
    books = make_books(error_shape=shape)
    books.write("bills", [bill(1)])
    books.server.faults.expire_session(after_requests=1)
    assert books.load(entities=["bills"]).tables["bills"].rows == 1


def test_nulls_for_absent_fields_are_no_change(
    sandbox: Any, credentials: Any, tmp_path: Path
) -> None:
    """When BILL starts to send null where it left fields out, no version appears."""
    load(credentials, tmp_path, now=NOON)
    sandbox.turn({"empty_fields": "null"})
    assert load(credentials, tmp_path, now=NOON).versions_appended == 0


def test_short_id_lists_are_enough(make_books: Callable[..., Any], bill: Make) -> None:
    """Where BILL takes few ids at once, documents are still re-read one by one."""
    books = make_books(id_list_limit=5, policy=Policy(small_list=0))
    books.write("bills", [bill(number) for number in range(30)])
    books.load(entities=["bills"])
    paid = [bill(number, paymentStatus="PAID") for number in range(30)]
    books.write("bills", paid)
    report = books.load(day=1, entities=["bills"])
    assert report.versions_appended == 30
