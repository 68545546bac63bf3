"""Acts on money from customers: record, allocate, advance, cancel, void.

Here belongs: what a person or the bank does with one receipt. Not here: how statuses
are written (receiving.py).
"""

from datetime import date
from decimal import Decimal
from typing import Any

from bill_source.sandbox.acts.given import (
    Moment,
    day_given,
    found,
    money,
    one_of,
    positive,
    shares,
    taken,
)
from bill_source.sandbox.answers import Body
from bill_source.sandbox.books import Books
from bill_source.sandbox.days import business_day_after
from bill_source.sandbox.derived import ZERO, derive
from bill_source.sandbox.receiving import set_status, stale
from bill_source.sandbox.store import Row

KINDS = ("CASH", "CHECK", "CREDIT_CARD", "ACH", "PAYPAL", "OTHER")


def record_receipt(
    books: Books,
    day: Moment,
    *,
    customer: str,
    amount: Decimal | float | str | None = None,
    invoices: Any = (),
    online: bool = False,
    kind: str = "CHECK",
    payment_date: date | str | None = None,
) -> Row:
    """Take money from a customer for an invoice, several, or ids with amounts.

    What ``amount`` has above the invoices' shares stays unapplied. An online receipt
    is scheduled and paid by the clock; another one is paid at once.
    """
    partner = found(books, "customers", customer)
    default = business_day_after(day.today, 2) if online else day.today
    when = day_given(payment_date, default).isoformat()
    parts = _parts(books, partner.id, shares(invoices, "invoice"), when, {})
    applied = sum((part["amount"] for part in parts), ZERO)
    total = applied if amount is None else money(amount)
    if total <= 0 or applied > total:
        raise ValueError(f"a receipt of {total} cannot hold {applied} for invoices")
    body: Body = {
        "customerId": partner.id,
        "paymentDate": when,
        "convenienceFeeAmount": ZERO,
        "receivablesType": one_of(kind, KINDS, "kind"),
        "status": "SCHEDULED" if online else "PAID",
        "onlinePayment": online,
        "amount": total,
        "invoicePayments": parts,
    }
    receipt = books.add("receivable-payments", body, day.now)
    receipt.hidden["plan"] = [(date.fromisoformat(when), "PAID")] if online else []
    if online:
        books.plans.waiting_receipts.append(receipt.id)
    books.link("customer-receipts", partner.id, receipt.id)
    derive(books, "receivable-payments", receipt)
    stale(books, receipt)
    return taken(books, "receivable-payments", receipt.id)


def _parts(
    books: Books,
    customer: str,
    wanted: dict[str, Decimal | None],
    when: str,
    before: dict[str, Decimal],
) -> list[Body]:
    """Return a receipt's share of each invoice, with what it had there ``before``."""
    parts: list[Body] = []
    for invoice_id, amount in wanted.items():
        invoice = taken(books, "invoices", invoice_id)
        if invoice.body["customerId"] != customer:
            raise ValueError(f"{invoice_id} is not of customer {customer}")
        most = invoice.body["dueAmount"] + before.get(invoice_id, ZERO)
        share = positive(most if amount is None else amount, most, invoice_id)
        parts.append({"invoiceId": invoice_id, "amount": share, "paymentDate": when})
    return parts


def allocate_receipt(books: Books, day: Moment, *, receipt: str, invoices: Any) -> Row:
    """Re-arrange what a receipt pays; its amount stays, the rest is unapplied."""
    row = _in_status(books, receipt, ("SCHEDULED", "PAID"))
    before = {part["invoiceId"]: part["amount"] for part in row.body["invoicePayments"]}
    parts = _parts(
        books,
        row.body["customerId"],
        shares(invoices, "invoice"),
        day.today.isoformat(),
        before,
    )
    applied = sum((part["amount"] for part in parts), ZERO)
    if applied > row.body["amount"]:
        raise ValueError(f"{receipt} of {row.body['amount']} cannot hold {applied}")
    stale(books, row)
    row.body["invoicePayments"] = parts
    books.touch("receivable-payments", row, day.now)
    stale(books, row)
    return row


def advance_receipt(
    books: Books, day: Moment, *, receipt: str, status: str = "PAID"
) -> Row:
    """Let a scheduled receipt be paid, or an old one go to the state."""
    one_of(status, ("PAID", "ESCHEATED"), "status")
    row = _in_status(books, receipt, ("SCHEDULED", "PAID"))
    return _set(books, day, row, status)


def cancel_receipt(books: Books, day: Moment, *, receipt: str) -> Row:
    """Cancel a receipt that is only scheduled."""
    return _set(books, day, _in_status(books, receipt, ("SCHEDULED",)), "CANCELED")


def void_receipt(books: Books, day: Moment, *, receipt: str) -> Row:
    """Void a receipt; its invoices are open again."""
    return _set(books, day, _in_status(books, receipt, ("PAID",)), "VOID")


def _set(books: Books, day: Moment, receipt: Row, status: str) -> Row:
    """Write a status, after which nothing is planned."""
    receipt.hidden["plan"] = []
    set_status(books, receipt, status, day.now)
    return receipt


def _in_status(books: Books, receipt: str, allowed: tuple[str, ...]) -> Row:
    """Return a receipt whose status lets an act happen."""
    row = taken(books, "receivable-payments", receipt)
    if row.body["status"] not in allowed:
        raise ValueError(
            f"{receipt} is {row.body['status']}; this takes {', '.join(allowed)}"
        )
    return row
