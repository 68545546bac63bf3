"""The made-up company: its amounts agree, it is the same twice, it lives on."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bill_source.sandbox import Books, SandboxServer, Switches
from bill_source.sandbox.answers import row_text
from bill_source.sandbox.catalog import BY_NAME

TODAY = datetime(2026, 6, 17, 10, 30, tzinfo=UTC)
SEEDS = (1, 2, 7)
PENDING = {
    *("SCHEDULED", "FUNDING_STARTED", "PROCESSED", "SENT", "DELIVERED"),
    *("DISBURSEMENT_ON_HOLD", "VOID_PENDING"),
}
GONE = {"CANCELED", "VOIDED", "FUNDING_FAILED_VOIDED"}
STATES = {
    *("CLEARED", "SENT", "SCHEDULED", "VOIDED", "CANCELED", "VOID_PENDING"),
    *("FUNDING_FAILED_VOIDED", "FUNDING_FAILED_ACTION_NEEDED", "FUNDS_ESCHEATED"),
    *("DISBURSEMENT_ON_HOLD", "DISBURSEMENT_FAILED_ACTION_NEEDED"),
    *("DISBURSEMENT_FAILED_VENDOR_BANK_REJECTED", None),
}


@pytest.fixture(scope="module", params=SEEDS)
def books(request: pytest.FixtureRequest) -> Books:
    """Two years of a company and ten eventful days more, for several seeds."""
    server = SandboxServer(seed=request.param, today=TODAY)
    server.advance_days(10)
    return server.books


def bodies(books: Books, name: str) -> list[dict[str, Any]]:
    """Return the records of one list."""
    return [row.body for row in books.rows(name)]


def everything(server: SandboxServer) -> dict[str, list[bytes]]:
    """Return every record as it would be served."""
    switches = Switches()
    return {
        name: [row_text(body, (), switches) for body in bodies(server.books, name)]
        for name in BY_NAME
    }


def total(amounts: Any) -> Decimal:
    """Add up amounts; none is 0.00."""
    return sum(amounts, Decimal(0))


def test_a_bill_is_paid_scheduled_credited_or_due(books: Books) -> None:
    """The four parts add up to the amount, and only refunds are due below zero."""
    for bill in bodies(books, "bills"):
        parts = ("paidAmount", "scheduledAmount", "creditAmount", "dueAmount")
        assert total(bill[part] for part in parts) == bill["amount"]
        assert bill["dueAmount"] >= min(bill["amount"], 0)


def test_a_bill_is_the_sum_of_its_lines(books: Books) -> None:
    """Header and lines agree, and so do price and quantity where a line has them."""
    for bill in bodies(books, "bills"):
        lines = bill["billLineItems"]
        assert 1 <= len(lines) <= 7
        assert total(line["amount"] for line in lines) == bill["amount"]
        for line in lines:
            if "quantity" in line:
                assert line["quantity"] * line["price"] == line["amount"]


def test_paid_and_scheduled_follow_from_payments(books: Books) -> None:
    """A second road: payments by status give what bills say."""
    paid: Counter[str] = Counter()
    pending: Counter[str] = Counter()
    for payment in bodies(books, "payments"):
        single = payment.get("singleStatus", "CLEARED")
        target = pending if single in PENDING else paid
        for part in payment["billPayments"] if single not in GONE else ():
            target[part["billId"]] += part["amount"]
    for bill in bodies(books, "bills"):
        assert bill["paidAmount"] == paid[bill["id"]]
        assert bill["scheduledAmount"] == pending[bill["id"]]


def test_payments_are_the_sum_of_their_parts(books: Books) -> None:
    """Amounts are net of credits; the USD amount follows from the rate."""
    for payment in bodies(books, "payments"):
        parts = total(part["amount"] for part in payment["billPayments"])
        assert parts == payment["amount"] > 0
        exact = payment["amount"] / payment["exchangeRate"]
        assert abs(exact - payment["fundingAmount"]) <= Decimal("0.005")


def test_credits_and_bills_tell_the_same_story(books: Books) -> None:
    """What credits say was used is what bills say, but for payment discounts."""
    used: Counter[str] = Counter()
    for credit in bodies(books, "vendor-credits"):
        applied = total(use["amount"] for use in credit["usage"])
        assert applied == credit["appliedAmount"] <= credit["amount"]
        for use in credit["usage"]:
            used[use["billId"]] += use["amount"]
    more = [
        bill["creditAmount"] - used[bill["id"]]
        for bill in bodies(books, "bills")
        if bill["creditAmount"] != used[bill["id"]]
    ]
    assert more
    assert all(discount > 0 for discount in more)


def test_an_invoice_is_paid_scheduled_credited_or_due(books: Books) -> None:
    """Receipts and memos by status give what invoices say; escheated is received."""
    paid: Counter[str] = Counter()
    coming: Counter[str] = Counter()
    counted = {"PAID": paid, "ESCHEATED": paid, "SCHEDULED": coming}
    for receipt in bodies(books, "receivable-payments"):
        target = counted.get(receipt["status"], Counter())
        for part in receipt["invoicePayments"]:
            target[part["invoiceId"]] += part["amount"]
    credited: Counter[str] = Counter()
    for memo in bodies(books, "credit-memos"):
        for use in memo["usage"]:
            credited[use["invoiceId"]] += use["amount"]
    for invoice in bodies(books, "invoices"):
        one = invoice["id"]
        assert invoice["scheduledAmount"] == coming[one]
        assert invoice["creditAmount"] == credited[one]
        rest = invoice["totalAmount"] - paid[one] - coming[one] - credited[one]
        assert invoice["dueAmount"] == rest


def test_invoices_come_to_lines_plus_tax(books: Books) -> None:
    """Price times quantity, rounded per line, plus sales tax is the total."""
    for invoice in bodies(books, "invoices"):
        lines = total(
            (line["price"] * line["quantity"]).quantize(
                Decimal("0.01"), "ROUND_HALF_UP"
            )
            for line in invoice["invoiceLineItems"]
        )
        tax = invoice.get("salesTaxTotal", Decimal(0))
        assert invoice["totalAmount"] == lines + tax


def test_balances_follow_from_documents(books: Books) -> None:
    """A vendor's balance is what its active bills have due."""
    owed: Counter[str] = Counter()
    for bill in bodies(books, "bills"):
        if not bill["archived"]:
            owed[bill["vendorId"]] += bill["dueAmount"]
    for vendor in bodies(books, "vendors"):
        assert vendor["balance"]["amount"] == owed[vendor["id"]]


def test_every_reference_leads_somewhere(books: Books) -> None:
    """Ids in documents are ids of records, and every id is unique."""
    known = {name: {body["id"] for body in bodies(books, name)} for name in BY_NAME}
    for bill in bodies(books, "bills"):
        assert bill["vendorId"] in known["vendors"]
        for line in bill["billLineItems"]:
            account = line["classifications"].get("chartOfAccountId")
            assert account is None or account in known["chart-of-accounts"]
    for payment in bodies(books, "payments"):
        assert {part["billId"] for part in payment["billPayments"]} <= known["bills"]
    for invoice in bodies(books, "invoices"):
        assert invoice["customerId"] in known["customers"]
    for receipt in bodies(books, "receivable-payments"):
        parts = {part["invoiceId"] for part in receipt["invoicePayments"]}
        assert parts <= known["invoices"]
    ids = [one for name in BY_NAME for one in known[name]]
    assert len(ids) == len(set(ids))
    assert {len(one) for one in ids} == {20}


def test_a_company_shows_something_of_everything(books: Books) -> None:
    """Size and variety are those of a believable small company."""
    bills = bodies(books, "bills")
    payments = bodies(books, "payments")
    currencies = {one["id"]: one["billCurrency"] for one in bodies(books, "vendors")}
    assert 140 <= len(currencies) <= 170
    assert 1200 <= len(bills) <= 2000
    assert len(bodies(books, "customers")) == 40
    assert {one.get("singleStatus") for one in payments} >= STATES
    assert {one["recordStatus"] for one in bills} >= {"ACTIVE", "INACTIVE", "DRAFT"}
    assert {currencies[one["vendorId"]] for one in bills} >= {"USD", "EUR", "GBP"}
    assert "DENIED" in {one["approvalStatus"] for one in bills}
    assert {one["paymentStatus"] for one in bills} >= {"PAID", "UNPAID", "SCHEDULED"}
    assert any(one["amount"] == 0 for one in bills)
    assert any(len(one["billPayments"]) > 1 for one in payments)
    assert any(
        "vendorCredits" in part for one in payments for part in one["billPayments"]
    )
    voids = [one["voidInfo"][-1] for one in payments if "voidInfo" in one]
    assert {one["status"] for one in voids} >= {"ACCEPTED", "REJECTED"}
    assert "VOID_AND_REISSUE" in {one["type"] for one in voids}
    receipts = bodies(books, "receivable-payments")
    assert {one["status"] for one in receipts} >= {"PAID", "VOID", "CANCELED"}
    assert any(one["unappliedAmount"] > 0 for one in receipts)
    assert any(one.get("salesTaxTotal") for one in bodies(books, "invoices"))


def test_drafts_look_archived(books: Books) -> None:
    """``archived`` is false for ACTIVE documents only."""
    for name in ("bills", "invoices"):
        for body in bodies(books, name):
            assert body["archived"] == (body["recordStatus"] != "ACTIVE")


def test_nothing_happens_in_the_future(books: Books) -> None:
    """No timestamp is later than the clock, and none is before its creation."""
    now = TODAY + timedelta(days=10)
    for name in BY_NAME:
        for body in bodies(books, name):
            assert body["createdTime"] <= body["updatedTime"] <= now


def test_archived_bills_are_wholly_unpaid(books: Books) -> None:
    """BILL lets nobody archive a bill with money on it."""
    for bill in bodies(books, "bills"):
        if bill["archived"]:
            assert bill["dueAmount"] == bill["amount"]


def test_the_same_seed_gives_the_same_company() -> None:
    """Two servers of one seed serve the same bytes; another seed does not."""
    one = everything(SandboxServer(seed=5, months=2, today=TODAY))

    assert everything(SandboxServer(seed=5, months=2, today=TODAY)) == one
    assert everything(SandboxServer(seed=6, months=2, today=TODAY)) != one


def test_days_lived_at_once_equal_days_lived_one_by_one() -> None:
    """A new process that catches up has the books of one that lived through."""
    lived = SandboxServer(seed=3, months=2, today=TODAY)
    for _ in range(9):
        lived.advance_days(1)
    again = SandboxServer(seed=3, months=2, today=TODAY)
    again.advance_days(9)

    assert everything(lived) == everything(again)
    assert lived.clock.now() == again.clock.now()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_new_day_brings_news_of_every_kind(seed: int) -> None:
    """The first four days bring new, edited, paid, voided and archived documents."""
    server = SandboxServer(seed=seed, months=4, today=TODAY)
    before = {one["id"]: dict(one) for one in bodies(server.books, "bills")}
    status = {one["id"]: one["status"] for one in bodies(server.books, "payments")}
    server.advance_days(4)
    after = {one["id"]: one for one in bodies(server.books, "bills")}
    payments = bodies(server.books, "payments")

    assert len(after) > len(before)
    assert any(
        after[one]["billLineItems"] != before[one]["billLineItems"] for one in before
    )
    assert any(after[one]["archived"] > before[one]["archived"] for one in before)
    assert any(after[one]["paidAmount"] > before[one]["paidAmount"] for one in before)
    assert any(
        one["status"] == "VOID" and status.get(one["id"]) != "VOID" for one in payments
    )


def moved_by_payments(switches: Switches) -> set[str]:
    """Return the bills whose payment status and updatedTime changed in a week."""
    server = SandboxServer(seed=4, months=2, today=TODAY, switches=switches)
    before = {one["id"]: dict(one) for one in bodies(server.books, "bills")}
    server.advance_days(7)
    return {
        one["id"]
        for one in bodies(server.books, "bills")
        if one["id"] in before
        and one["paymentStatus"] != before[one["id"]]["paymentStatus"]
        and one["updatedTime"] != before[one["id"]]["updatedTime"]
        and one["billLineItems"] == before[one["id"]]["billLineItems"]
        and one["approvalStatus"] == before[one["id"]]["approvalStatus"]
    }


def test_payments_do_not_move_a_bills_time_unless_switched() -> None:
    """The dangerous default hides payments from a cursor on updatedTime."""
    assert not moved_by_payments(Switches())
    assert moved_by_payments(Switches(payment_touches_bill="always"))


def test_saving_a_bill_gives_its_lines_new_ids_unless_switched() -> None:
    """Line ids cannot be trusted over an edit."""
    for survive in (False, True):
        switches = Switches(line_ids_survive=survive)
        server = SandboxServer(seed=4, months=2, today=TODAY, switches=switches)
        before = {one["id"]: one for one in map(dict, bodies(server.books, "bills"))}
        server.advance_days(5)
        edited = [
            one
            for one in bodies(server.books, "bills")
            if one["id"] in before and one["amount"] != before[one["id"]]["amount"]
        ]
        assert edited
        for one in edited:
            old = before[one["id"]]["billLineItems"][0]["id"]
            assert (one["billLineItems"][0]["id"] == old) == survive
