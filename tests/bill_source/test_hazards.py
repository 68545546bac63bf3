"""Rows that move while we page through them are not lost."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bill_source import Progress, load
from bill_source.listing import Policy

Make = Callable[..., dict[str, Any]]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = "2026-03-02T18:00:00.000+00:00"
NEWEST = """
    select id from raw_bill.bills
    qualify row_number() over (partition by id order by _version desc) = 1
        and description = 'changed'
"""


@pytest.mark.parametrize("token", ["offset", "keyset"])
@pytest.mark.parametrize("place", [0, 120, 249])
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


@pytest.mark.parametrize(
    ("fault", "options"),
    [
        ("server_error", {"times": 3, "after_requests": 3}),
        ("cut_off", {"times": 2, "after_requests": 3}),
        ("invalid_json", {"times": 2, "after_requests": 3}),
        ("concurrency", {"times": 2, "after_requests": 3}),
    ],
)
def test_passing_faults_change_nothing(
    books: Any, bill: Make, fault: str, options: dict[str, Any]
) -> None:
    """A load through passing faults stores what an undisturbed one stores."""
    books.write("bills", [bill(number) for number in range(150)])
    books.server.faults.arm_with(fault, **options)
    report = books.load()
    assert report.tables["bills"].rows == 150


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
