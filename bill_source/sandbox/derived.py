"""Amounts and statuses BILL derives from payments, credits and receipts.

Here belongs: one function per kind of document that computes them, always all of them.
Not here: anything that decides (paying.py, selling.py). For every bill and at any time
amount = paid + scheduled + credit + due.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from bill_source.sandbox.books import Books
from bill_source.sandbox.days import cents
from bill_source.sandbox.store import Row

ZERO = Decimal("0.00")
_OFF = {"CANCELED", "VOIDED", "FUNDING_FAILED_VOIDED"}
_DONE = {
    "CLEARED",
    "DISBURSEMENT_FAILED_ACTION_NEEDED",
    "DISBURSEMENT_FAILED_VENDOR_BANK_REJECTED",
    "FUNDING_FAILED_ACTION_NEEDED",
    "FUNDS_ESCHEATED",
}
_RECEIVED = ("PAID", "ESCHEATED")


def stage_of(payment: Row) -> str:
    """Return what a payment means for its bills: off, done, scheduled or moving."""
    single = payment.body.get("singleStatus")
    if single is None:
        return "done" if payment.body["status"] == "PAID" else "off"
    if single in _OFF:
        return "off"
    if single in _DONE:
        return "done"
    return "scheduled" if single == "SCHEDULED" else "moving"


def settle(books: Books, at: datetime) -> None:
    """Compute every derived amount that may have changed since last time."""
    for name, compute in _ORDER:
        stale = books.take_stale(name)
        for row_id in sorted(stale):
            row = books.row(name, row_id)
            if _update(row, compute(books, row)):
                books.touch(
                    name, row, at if _moves(books, name, stale[row_id]) else None
                )
    for name, balance in (("vendors", _owed), ("customers", _owing)):
        for row_id in sorted(books.take_stale(name)):
            _set_balance(books, name, books.row(name, row_id), balance, at)


def derive(books: Books, name: str, row: Row) -> None:
    """Compute the derived amounts of a new record at once."""
    row.body |= dict(_ORDER)[name](books, row)
    row.forget_text()


def _update(row: Row, values: dict[str, Any]) -> bool:
    """Write values into a record; tell whether any was new."""
    if all(row.body.get(key) == value for key, value in values.items()):
        return False
    row.body |= values
    return True


def _moves(books: Books, name: str, reasons: set[str]) -> bool:
    """Tell whether a derived change moves updatedTime, which is switchable."""
    switches = books.switches
    if name == "bills":
        chosen = switches.payment_touches_bill
        if reasons & {"schedule", "settle", "void"} and (
            chosen == "always" or chosen in reasons
        ):
            return True
        return switches.credit_touches_document and "credit" in reasons
    if name == "invoices" and "receipt" in reasons:
        return switches.receipt_touches_invoice
    return switches.credit_touches_document and "credit" in reasons


def _shares(books: Books, bill_id: str) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Yield stage, money and discount of each payment's share of a bill."""
    for payment_id in books.linked("payments", bill_id):
        payment = books.row("payments", payment_id)
        discount = payment.hidden.get("discounts", {}).get(bill_id, ZERO)
        for part in payment.body["billPayments"]:
            if part["billId"] == bill_id:
                yield stage_of(payment), part["amount"], discount


def _bill(books: Books, row: Row) -> dict[str, Any]:
    """Compute a bill's amounts and payment status."""
    shares = list(_shares(books, row.id))
    paid = sum((money for stage, money, _ in shares if stage == "done"), ZERO)
    pending = [stage for stage, _, _ in shares if stage in {"scheduled", "moving"}]
    scheduled = sum(
        (money for stage, money, _ in shares if stage in {"scheduled", "moving"}), ZERO
    )
    credit = _credits_on(books, "credits", "vendor-credits", row.id, "billId") + sum(
        (discount for stage, _, discount in shares if stage != "off"), ZERO
    )
    due = row.body["amount"] - paid - scheduled - credit
    return {
        "paidAmount": paid,
        "dueAmount": due,
        "scheduledAmount": scheduled,
        "creditAmount": credit,
        "paymentStatus": _payment_status(paid + credit, due, pending),
    }


def _payment_status(covered: Decimal, due: Decimal, pending: list[str]) -> str:
    """Return a bill's payment status."""
    if covered and due == 0 and not pending:
        return "PAID"
    if pending and due == 0:
        return "IN_PROCESS" if "moving" in pending else "SCHEDULED"
    if covered:
        return "PARTIALLY_PAID"
    return "SCHEDULED" if pending else "UNPAID"


def _credits_on(
    books: Books, kind: str, name: str, document_id: str, key: str
) -> Decimal:
    """Add up the credits used on a document."""
    return sum(
        (
            use["amount"]
            for credit_id in books.linked(kind, document_id)
            for use in books.row(name, credit_id).body["usage"]
            if use[key] == document_id
        ),
        ZERO,
    )


def _credit(books: Books, row: Row) -> dict[str, Any]:
    """Compute how much of a vendor credit or credit memo is used."""
    applied = sum((use["amount"] for use in row.body["usage"]), ZERO)
    pending = any(
        stage_of(books.row("payments", use["paymentId"])) in {"scheduled", "moving"}
        for use in row.body["usage"]
        if "paymentId" in use
    )
    status = "PARTIALLY_APPLIED" if applied else "NOT_APPLIED"
    if applied == row.body["amount"]:
        status = "FULLY_APPLIED"
    return {
        "appliedAmount": applied,
        "status": "IN_PROCESS" if pending else status,
    }


def _invoice(books: Books, row: Row) -> dict[str, Any]:
    """Compute an invoice's amounts, status and list of receipts."""
    parts = [
        (books.row("receivable-payments", receipt_id), part)
        for receipt_id in books.linked("receipts", row.id)
        for part in books.row("receivable-payments", receipt_id).body["invoicePayments"]
        if part["invoiceId"] == row.id
    ]
    paid = sum((part["amount"] for one, part in parts if _is(one, *_RECEIVED)), ZERO)
    coming = sum((part["amount"] for one, part in parts if _is(one, "SCHEDULED")), ZERO)
    credit = _credits_on(books, "memos", "credit-memos", row.id, "invoiceId")
    due = row.body["totalAmount"] - paid - coming - credit
    return {
        "dueAmount": due,
        "scheduledAmount": coming,
        "creditAmount": credit,
        "status": _invoice_status(paid + credit, coming, due),
        "payments": [
            {
                "id": one.id,
                "amount": part["amount"],
                "status": one.body["status"],
                "date": part["paymentDate"],
            }
            for one, part in parts
        ],
    }


def _is(receipt: Row, *statuses: str) -> bool:
    """Tell whether a receipt has one of some statuses."""
    return receipt.body["status"] in statuses


def _invoice_status(covered: Decimal, coming: Decimal, due: Decimal) -> str:
    """Return an invoice's status."""
    if covered and due == 0 and not coming:
        return "PAID_IN_FULL"
    if coming and (due == 0 or not covered):
        return "SCHEDULED"
    return "PARTIAL_PAYMENT" if covered else "OPEN"


def _receipt(_: Books, row: Row) -> dict[str, Any]:
    """Compute what a receipt has left for other invoices."""
    applied = sum((part["amount"] for part in row.body["invoicePayments"]), ZERO)
    return {"unappliedAmount": row.body["amount"] - applied}


_ORDER = (
    ("vendor-credits", _credit),
    ("bills", _bill),
    ("credit-memos", _credit),
    ("receivable-payments", _receipt),
    ("invoices", _invoice),
)


def _owed(books: Books, vendor_id: str) -> Decimal:
    """Add up what active bills of a vendor still have due."""
    bills = (books.row("bills", one) for one in books.linked("bills", vendor_id))
    return sum(
        (row.body["dueAmount"] for row in bills if not row.body["archived"]), ZERO
    )


def _owing(books: Books, customer_id: str) -> Decimal:
    """Add up what a customer still owes, less money received on account."""
    invoices = (
        books.row("invoices", one) for one in books.linked("invoices", customer_id)
    )
    due = sum(
        (row.body["dueAmount"] for row in invoices if not row.body["archived"]), ZERO
    )
    receipts = (
        books.row("receivable-payments", one)
        for one in books.linked("customer-receipts", customer_id)
    )
    unapplied = sum(
        (row.body["unappliedAmount"] for row in receipts if _is(row, *_RECEIVED)), ZERO
    )
    return due - unapplied


def _set_balance(books: Books, name: str, row: Row, balance: Any, at: datetime) -> None:
    """Write a party's balance when it changed."""
    amount = cents(balance(books, row.id))
    if row.body.get("balance", {}).get("amount") == amount:
        return
    row.body["balance"] = {"amount": amount}
    if name == "vendors":
        row.body["balance"]["lastUpdatedDate"] = at
    books.touch(name, row, at if books.switches.balance_touches_party else None)
