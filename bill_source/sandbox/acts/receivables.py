"""Acts on invoices and credit memos.

Here belongs: entering invoices and memos, applying memos. Not here: receipts
(receipts.py), editing and archiving (records.py).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from bill_source.sandbox.acts.given import (
    Moment,
    day_given,
    found,
    money,
    next_number,
    taken,
)
from bill_source.sandbox.acts.payables import fitting
from bill_source.sandbox.answers import Body
from bill_source.sandbox.books import Books
from bill_source.sandbox.derived import ZERO, derive
from bill_source.sandbox.purchasing import rate_on
from bill_source.sandbox.selling import line_total, totals
from bill_source.sandbox.store import Row

_TERMS = timedelta(days=30)


def create_invoice(
    books: Books,
    day: Moment,
    *,
    customer: str,
    amount: Decimal | float | str | None = None,
    lines: Sequence[Body] | None = None,
    number: str | None = None,
    invoice_date: date | str | None = None,
    due_date: date | str | None = None,
    draft: bool = False,
) -> Row:
    """Enter an invoice of one line over ``amount``, or of lines with a price."""
    partner = found(books, "customers", customer)
    dated = day_given(invoice_date, day.today)
    currency = partner.body["invoiceCurrency"]
    items = priced_lines(books, "xil", amount, lines)
    body: Body = {
        "archived": draft,
        "recordStatus": "DRAFT" if draft else "ACTIVE",
        "invoiceNumber": number or next_number(books, "invoices"),
        "invoiceDate": dated.isoformat(),
        "dueDate": day_given(due_date, dated + _TERMS).isoformat(),
        "customerId": partner.id,
        "exchangeRate": Decimal(1) if currency == "USD" else rate_on(currency, dated),
        "invoiceLineItems": items,
        "payToChartOfAccountId": books.plans.accounts["checking"],
        "enableCardPayment": False,
        "createdBy": books.plans.coding["users"][0],
    }
    body |= totals(books, partner, items)
    invoice = books.add("invoices", body, day.now)
    derive(books, "invoices", invoice)
    books.link("invoices", partner.id, invoice.id)
    books.mark("customers", partner.id)
    return taken(books, "invoices", invoice.id)


def priced_lines(
    books: Books, prefix: str, amount: object, lines: Sequence[Body] | None
) -> list[Body]:
    """Return lines with exact prices, ids and an account to book them to."""
    if (amount is None) == (lines is None):
        raise ValueError("give either amount or lines")
    coding = {"chartOfAccountId": books.plans.accounts["services"]}
    plain: Body = {"description": "By hand", "classifications": coding, "quantity": 1}
    return [
        plain | line | {"id": books.ids.next(prefix), "price": money(line.get("price"))}
        for line in lines or [{"price": amount}]
    ]


def create_memo(
    books: Books,
    day: Moment,
    *,
    customer: str,
    amount: Decimal | float | str | None = None,
    lines: Sequence[Body] | None = None,
    number: str | None = None,
    credit_date: date | str | None = None,
) -> Row:
    """Enter a credit memo."""
    partner = found(books, "customers", customer)
    items = [
        line | {"amount": line_total(line), "taxable": False}
        for line in priced_lines(books, "xcl", amount, lines)
    ]
    body: Body = {
        "customerId": partner.id,
        "creditDate": day_given(credit_date, day.today).isoformat(),
        "archived": False,
        "payToChartOfAccountId": books.plans.accounts["checking"],
        "referenceNumber": number or next_number(books, "memos"),
        "amount": sum((item["amount"] for item in items), ZERO),
        "usage": [],
        "creditMemoLineItems": items,
    }
    memo = books.add("credit-memos", body, day.now, keeps=True)
    derive(books, "credit-memos", memo)
    return taken(books, "credit-memos", memo.id)


def apply_memo(
    books: Books,
    day: Moment,
    *,
    memo: str,
    invoice: str,
    amount: Decimal | float | str | None = None,
) -> Row:
    """Apply a credit memo to an invoice; by default all that fits."""
    source = taken(books, "credit-memos", memo)
    target = taken(books, "invoices", invoice)
    if source.body["customerId"] != target.body["customerId"]:
        raise ValueError(f"{memo} and {invoice} are of two customers")
    use = {"invoiceId": invoice, "amount": fitting(source, target, amount)}
    source.body["usage"] = [*source.body["usage"], use]
    books.link("memos", invoice, memo)
    return _moved(books, day, source, invoice)


def unapply_memo(books: Books, day: Moment, *, memo: str, invoice: str) -> Row:
    """Take a credit memo back from an invoice."""
    source = taken(books, "credit-memos", memo)
    found(books, "invoices", invoice)
    kept = [use for use in source.body["usage"] if use["invoiceId"] != invoice]
    if len(kept) == len(source.body["usage"]):
        raise ValueError(f"{memo} is not applied to {invoice}")
    source.body["usage"] = kept
    return _moved(books, day, source, invoice)


def _moved(books: Books, day: Moment, memo: Row, invoice: str) -> Row:
    """Let both sides of an application be computed anew."""
    at = day.now if books.switches.credit_touches_document else None
    books.touch("credit-memos", memo, at)
    books.mark("credit-memos", memo.id, "credit")
    books.mark("invoices", invoice, "credit")
    books.mark("customers", memo.body["customerId"])
    return memo
