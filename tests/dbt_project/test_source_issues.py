"""What the ledger says of BILL's own lists and records: data_quality, and what posts.

Here belongs: list states, quarantine, unknown fields and values, deleted records, on
the ledger of all cases (source_issues.toml). Not here: how they are found
(tests/bill_source).
"""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ISSUES = """
select document_type, document_id, severity,
    strftime(first_seen, '%d'), strftime(resolved_at, '%d')
from ledger.data_quality
where check_name = ?
order by all
"""
MESSAGE = """
select message from ledger.data_quality where check_name = ? and document_type = ?
"""


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        (
            "list_emptied",
            [
                ("customers", "", "error", "01", "03"),
                ("items", "", "error", "01", "04"),
                ("vendors", "", "error", "01", None),
            ],
        ),
        (
            "list_forbidden",
            [("users", "", "error", "05", None)],  # jobs never had a row to lose
        ),
        (
            "quarantined",
            [
                ("bills", "aside-1", "error", "01", "03"),
                ("bills", "aside-1", "error", "04", None),
            ],
        ),
        (
            "new_field",
            [("bills", "billLineItems[].newField", "info", "01", None)],
        ),
        (
            "new_value",
            [("bills", "paymentStatus = HALF_PAID", "warn", "01", None)],
        ),
        (
            "deleted_in_bill",
            [("payment", "erased-p", "warn", "10", None)],
        ),
    ],
)
def test_a_trouble_of_the_source_is_open_until_a_sync_sees_its_end(
    check: str, expected: list[tuple[str, ...]], case_ledger: Any
) -> None:
    """A row per trouble, ended ones kept; what comes after the ledger's day waits."""
    assert case_ledger.query(ISSUES, [check]) == expected


@pytest.mark.parametrize(
    ("check", "entity", "words"),
    [
        (
            "list_emptied",
            "vendors",
            ["any more. The 2 records held stay", "sync test --accept-empty vendors"],
        ),
        ("list_forbidden", "users", ["BDC_1121", "5 records held stay", "sync test"]),
        ("quarantined", "bills", ["amount 1.006"]),
        ("new_field", "bills", ["void-b"]),
    ],
)
def test_the_message_says_what_happened_and_what_to_do(
    check: str, entity: str, words: list[str], case_ledger: Any
) -> None:
    """Rows that stay are counted, BILL's reason is there, and so is the command."""
    messages = " ".join(row[0] for row in case_ledger.query(MESSAGE, [check, entity]))
    assert [word for word in words if word not in messages] == []


def test_a_deleted_record_is_as_good_as_archived(case_ledger: Any) -> None:
    """It posts nothing, and a payment that BILL has no more stays posted."""
    sql = (
        "select source_id, posted, reason from ledger.posting_status"
        " where source_id in ('erased-b', 'erased-p') order by source_id"
    )
    assert case_ledger.query(sql) == [
        ("erased-b", False, "archived"),
        ("erased-p", True, None),
    ]


def test_money_that_names_nobody_posts_and_is_named(
    new_books: Any, build: Callable[..., Any]
) -> None:
    """A payment without a vendor is an open item of nobody, and holds nothing up."""
    books = new_books()
    payment = {"id": "p", "amount": 5, "processDate": "2026-02-01", "status": "PAID"}
    books.add("payments", payment | {"onlinePayment": False})
    ledger = build(books)
    lines = "select account_number, amount from ledger.journal_lines order by line_no"
    assert ledger.query(lines) == [("1010", -5), ("2000", 5)]
    issues = "select document_id from ledger.data_quality where check_name = ?"
    assert ledger.query(issues, ["open_item_not_named"]) == [("p",)]


@pytest.mark.parametrize("day", ["2926-09-01", "0002-01-01"])
def test_a_bill_of_an_impossible_day_posts_and_is_named(
    day: str, new_books: Any, build: Callable[..., Any]
) -> None:
    """Whoever wonders about reports of a thousand years finds the bill."""
    books = new_books()
    line = {"id": "l", "amount": 5}
    bill = {"id": "b", "vendorId": "v", "amount": 5, "recordStatus": "ACTIVE"}
    books.add("bills", bill | {"invoice": {"invoiceDate": day}, "billLineItems": [line]})
    ledger = build(books)
    lines = "select distinct cast(entry_date as varchar) from ledger.journal_lines"
    assert ledger.query(lines) == [(day,)]
    issues = "select document_id from ledger.data_quality where check_name = ?"
    assert ledger.query(issues, ["improbable_date"]) == [("b",)]


@pytest.mark.parametrize(
    ("flag", "expected"),
    [
        ("posted_unapproved", [("again", "03-06"), ("never", "01-06")]),
        ("returned_not_voided", [("back", "02-12")]),
        ("possible_duplicate", [("one", "01-06"), ("twin", "02-07")]),
    ],
)
def test_a_flag_is_as_old_as_what_raises_it(
    flag: str, expected: list[tuple[str, str]], whole_ledger: Any
) -> None:
    """Editing a record's text later makes no flag younger; what ended begins anew."""
    since = (
        "select document_id, strftime(first_seen, '%m-%d') from ledger.data_quality"
        " where org_id = 'flags_since_when' and check_name = ? order by all"
    )
    assert whole_ledger.query(since, [flag]) == expected
