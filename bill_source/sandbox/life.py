"""What a day brings: overnight bank work, then the office's.

Here belongs: the order of a day and which days are lived. Not here: the acts
themselves.
"""

from collections.abc import Callable
from datetime import date, timedelta

from bill_source.sandbox.bank import move_payments
from bill_source.sandbox.bill_changes import (
    approve_bills,
    finish_drafts,
    odd_bills,
    tidy_bills,
)
from bill_source.sandbox.books import Books
from bill_source.sandbox.days import Day
from bill_source.sandbox.derived import settle
from bill_source.sandbox.eventful import make_eventful
from bill_source.sandbox.memos import grant_memos
from bill_source.sandbox.parties import meet_vendors
from bill_source.sandbox.paying import close_paid_bills, pay_bills
from bill_source.sandbox.purchasing import enter_bills
from bill_source.sandbox.receiving import (
    apply_receipts,
    close_paid_invoices,
    move_receipts,
    take_receipts,
)
from bill_source.sandbox.recurring import move_templates
from bill_source.sandbox.selling import odd_invoices, send_invoices
from bill_source.sandbox.vendor_credits import apply_credits, grant_credits


def live_until(books: Books, first: date, end: date) -> None:
    """Live from a first day up to, but not including, an end day."""
    books.lived_until = first - timedelta(days=1)
    live(books, (end - first).days)


def live(books: Books, days: int) -> None:
    """Live through so many more days."""
    if books.lived_until is None:
        raise ValueError("a company that was not generated does not live")
    for _ in range(days):
        today = books.lived_until + timedelta(days=1)
        opened = books.plans.opened
        lively = opened is not None and today >= opened
        live_day(books, Day.begin(books.seed, today, lively=lively))
        books.lived_until = today


def live_day(books: Books, day: Day) -> None:
    """Live one day: the bank at night, machines at noon, people in the afternoon.

    Hours are UTC; the company works on Pacific time.
    """
    for hour, acts in _HOURS:
        day.at(hour)
        for act in acts:
            act(books, day)
            settle(books, day.now)
    if day.lively:
        make_eventful(books, day)
    close_paid_bills(books)
    close_paid_invoices(books)


_HOURS: tuple[tuple[int, tuple[Callable[[Books, Day], None], ...]], ...] = (
    (4, (move_payments, move_receipts)),
    (12, (move_templates,)),
    (
        16,
        (
            meet_vendors,
            enter_bills,
            odd_bills,
            finish_drafts,
            approve_bills,
            tidy_bills,
            grant_credits,
            apply_credits,
            pay_bills,
            send_invoices,
            odd_invoices,
            grant_memos,
            take_receipts,
            apply_receipts,
        ),
    ),
)
