"""The ledger against BILL's own figures, a bank feed and its own past.

Here belongs: reconciliation, clearing items, balances of locks, on the ledger of all
cases; each shows that a difference is found and named. Not here: the entries
(test_events.py, test_locks.py).
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

pytestmark = pytest.mark.slow


def money(*amounts: str) -> tuple[Decimal, ...]:
    """Exact amounts."""
    return tuple(Decimal(amount) for amount in amounts)


@pytest.mark.parametrize(
    ("document_id", "reading", "amounts", "cause"),
    [
        (
            "recon-way",
            "either",
            money("0.00", "0.00", "100.00", "100.00", "0.00", "0.00"),
            "payments on their way: BILL counts them when they clear",
        ),
        (
            "recon-off",
            "violated",
            money("50.00", "20.00", "0.00", "0.00", "20.00", "30.00"),
            "unexplained; amounts of BILL do not add up to the document",
        ),
        (
            "recon-in",
            "in_paid",
            money("0.00", "0.00", "0.00", "0.00", "0.00", "0.00"),
            "agrees",
        ),
        (
            "recon-draft",
            "either",
            money("0.00", "60.00", "0.00", "0.00", "0.00", "0.00"),
            "not posted: draft",
        ),
        (
            "recon-eur",
            "either",
            money("100.00", "100.00", "0.00", "0.00", "100.00", "0.00"),
            "agrees",
        ),
        (
            "norate-b",
            "apart",
            money("100.00", "70.00", "0.00", "0.00", "100.00", "0.00"),
            "credits used that do not post: fx_rate_missing",
        ),
        (
            "ahead-i",
            "not_stated",
            money("90.00", "0.00", "0.00", "0.00", "90.00", "0.00"),
            "money or credits of a later day: BILL counts them already",
        ),
    ],
)
def test_a_bill_is_compared_with_what_bill_says_of_it(
    document_id: str,
    reading: str,
    amounts: tuple[Decimal, ...],
    cause: str,
    whole_ledger: Any,
) -> None:
    """Open, due, scheduled, not cleared, explained, unexplained, and why."""
    rows = whole_ledger.query(
        "select source_reading, ledger_open, source_due, source_scheduled,"
        " posted_not_cleared, explained, unexplained, cause from ledger.reconciliation"
        " where grain = 'document' and document_id = ?",
        [document_id],
    )
    assert rows == [(reading, *amounts, cause)]


@pytest.mark.parametrize(
    ("vendor", "unexplained"), [("recon-v", "0.00"), ("recon-w", "30.00")]
)
def test_a_vendor_is_compared_with_its_balance(
    vendor: str, unexplained: str, whole_ledger: Any
) -> None:
    """What is on its way counts as paid; what nothing explains is shown."""
    rows = whole_ledger.query(
        "select unexplained from ledger.reconciliation"
        " where grain = 'party' and document_id = ?",
        [vendor],
    )
    assert rows == [money(unexplained)]


@pytest.mark.parametrize(
    ("document_id", "ledger_open"),
    [
        ("opening-b", "60.00"),
        ("opening-v", "60.00"),
        ("opening-i", "50.00"),
        ("opening-c", "50.00"),
    ],
)
def test_what_an_opening_entry_brings_forward_is_no_settlement(
    document_id: str, ledger_open: str, whole_ledger: Any
) -> None:
    """The bill, the invoice and both parties agree with BILL."""
    rows = whole_ledger.query(
        "select ledger_open, user_settlements, unexplained, cause"
        " from ledger.reconciliation where document_id = ?",
        [document_id],
    )
    assert rows == [(*money(ledger_open, "0.00", "0.00"), "agrees")]


def test_every_bill_and_invoice_is_reconciled_once(whole_ledger: Any) -> None:
    """Also those that do not post."""
    rows = whole_ledger.query(
        "select count(*), count(distinct (org_id, document_type, document_id)) from"
        " ledger.reconciliation where grain = 'document'"
    )
    documents = whole_ledger.query(
        "select (select count(*) from ledger.bills)"
        " + (select count(*) from ledger.invoices)"
    )
    assert rows == [(documents[0][0], documents[0][0])]


@pytest.mark.parametrize(
    ("document_id", "check"),
    [
        ("recon-off", "reconciliation_difference"),
        ("recon-off", "source_amounts_disagree"),
        ("ahead-i", "settled_by_later_money"),
        ("recon-w", "reconciliation_difference"),
        ("2026-01-31", "locked_balance_changed"),
    ],
)
def test_a_difference_is_an_open_issue(
    document_id: str, check: str, whole_ledger: Any
) -> None:
    """Whatever stays unexplained is named in data_quality while it lasts."""
    rows = whole_ledger.query(
        "select distinct severity from ledger.data_quality where document_id = ?"
        " and check_name = ? and resolved_at is null",
        [document_id, check],
    )
    assert rows == [("warn",)]


def test_a_bank_feed_names_what_it_is_and_what_it_lacks(whole_ledger: Any) -> None:
    """Matched lines, a payment the feed does not show, a line that is not BILL's."""
    rows = whole_ledger.query(
        "select document_id, transaction_id, cause, amount, since, is_open"
        " from ledger.clearing_items where document_id like 'feed-%' order by all"
    )
    assert rows == [
        ("feed-p1", "feed-t1", "matched", *money("-1000.01"), date(2026, 3, 10), False),
        ("feed-p2", "feed-t1", "matched", *money("-2000.02"), date(2026, 3, 10), False),
        ("feed-p3", "feed-t2", "matched", *money("-500.05"), date(2026, 3, 12), False),
        ("feed-p4", "feed-t3", "matched", *money("-700.07"), date(2026, 3, 13), False),
        (
            "feed-p5",
            None,
            "not_in_bank_feed",
            *money("-900.09"),
            date(2026, 3, 17),
            True,
        ),
        (
            "feed-t4",
            "feed-t4",
            "not_a_transfer_of_bill",
            *money("-42.42"),
            date(2026, 3, 20),
            True,
        ),
    ]


def test_clearing_balances_are_the_sum_of_their_items(whole_ledger: Any) -> None:
    """I14: what stands on 1090 and 1095 is listed item by item."""
    totals = (
        "select org_id, account_number, sum(amount) as amount from {table}"
        " where account_number in ('1090', '1095') group by all"
        " having sum(amount) <> 0 order by all"
    )
    balances = whole_ledger.query(totals.format(table="ledger.journal_lines"))
    items = whole_ledger.query(totals.format(table="ledger.clearing_items"))
    assert balances, "no case leaves money in clearing"
    assert items == balances


def test_a_lost_version_log_shows_against_what_was_kept(whole_ledger: Any) -> None:
    """I18: balances at the lock date are not what they were when it was locked."""
    rows = whole_ledger.query(
        "select account_number, balance, balance_now, difference"
        " from ledger.lock_balances"
        " where org_id = 'version_log_lost' and difference <> 0 order by all"
    )
    assert rows == [
        ("2000", *money("-100.00", "-120.00", "-20.00")),
        ("6999", *money("100.00", "120.00", "20.00")),
    ]


def test_a_change_after_a_lock_moves_none_of_its_balances(whole_ledger: Any) -> None:
    """What was kept of a lock is what its period still stands at.

    Of a lock that was moved back, too: what is before stays closed.
    """
    rows = whole_ledger.query(
        "select account_number, balance, balance_now from ledger.lock_balances"
        " where org_id = 'amount_changed' order by all"
    )
    assert rows == [
        ("2000", *money("-100.00", "-100.00")),
        ("6999", *money("100.00", "100.00")),
    ]
    rows = whole_ledger.query(
        "select lock_date, account_number, balance_now from ledger.lock_balances"
        " where org_id = 'reopened' order by all"
    )
    january = date(2026, 1, 31)
    assert rows == [
        (january, "2000", *money("-10.00")),
        (january, "6999", *money("10.00")),
    ]
    moved = whole_ledger.query(
        "select distinct org_id from ledger.lock_balances where difference <> 0"
    )
    assert moved == [("version_log_lost",)]
