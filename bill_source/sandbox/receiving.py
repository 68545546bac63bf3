"""Money from customers: receipts, their applications, returns.

Here belongs: who pays when, and what becomes of a receipt. Not here: invoices
(selling.py), derived amounts (derived.py).
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from bill_source.sandbox.answers import Body
from bill_source.sandbox.books import Books
from bill_source.sandbox.days import Day, business_day_after, cents
from bill_source.sandbox.derived import ZERO, derive, settle
from bill_source.sandbox.store import Row

_MOST_TOGETHER = 3
_FATES = {9: "cancelled", 21: "returned", 33: "escheated"}


def take_receipts(books: Books, day: Day) -> None:
    """Let customers pay what they think is due."""
    if not day.is_business_day:
        return
    by_customer: dict[str, list[Row]] = {}
    for invoice_id in books.plans.open_invoices:
        invoice = books.row("invoices", invoice_id)
        if _pays_today(books, day, invoice):
            by_customer.setdefault(invoice.body["customerId"], []).append(invoice)
    for customer_id, invoices in by_customer.items():
        customer = books.row("customers", customer_id)
        receive(books, day, customer, invoices[:_MOST_TOGETHER])


def _pays_today(books: Books, day: Day, invoice: Row) -> bool:
    """Tell whether a customer pays an invoice today; one in thirty never is."""
    if invoice.body["dueAmount"] <= 0:
        return False
    if "ignored" not in invoice.hidden:
        invoice.hidden["ignored"] = day.chance(0.033)
    patience = books.row("customers", invoice.body["customerId"]).hidden["patience"]
    wanted = date.fromisoformat(invoice.body["dueDate"]) + timedelta(days=patience)
    return day.today >= wanted and not invoice.hidden["ignored"] and day.chance(0.5)


def receive(books: Books, day: Day, customer: Row, invoices: list[Row]) -> Row:
    """Take one receipt for some invoices, now and then too much or too little."""
    online = bool(customer.body["hasBankAccount"])
    when = business_day_after(day.today, 2) if online else day.today
    part = Decimal("0.5") if day.chance(0.06) else Decimal(1)
    parts: list[Body] = [
        {
            "invoiceId": invoice.id,
            "amount": max(cents(invoice.body["dueAmount"] * part), Decimal("0.01")),
            "paymentDate": when.isoformat(),
        }
        for invoice in invoices
    ]
    applied = sum((entry["amount"] for entry in parts), ZERO)
    extra = Decimal(day.pick((50, 100, 250))) if day.chance(0.04) else ZERO
    body = _body(books, day, customer, online=online, when=when)
    body |= {"amount": applied + extra, "invoicePayments": parts}
    receipt = books.add("receivable-payments", body, day.tick())
    _plan(books, receipt, when, online=online)
    if extra:
        books.plans.unapplied[receipt.id] = None
    books.link("customer-receipts", customer.id, receipt.id)
    derive(books, "receivable-payments", receipt)
    stale(books, receipt)
    return receipt


def _body(books: Books, day: Day, customer: Row, *, online: bool, when: date) -> Body:
    """Return what a receipt shows besides its amounts."""
    books.plans.counts["receipts"] += 1
    body: Body = {
        "customerId": customer.id,
        "paymentDate": when.isoformat(),
        "convenienceFeeAmount": ZERO,
        "receivablesType": day.pick(("ACH", "CREDIT_CARD"))
        if online
        else day.pick(("CHECK", "CHECK", "CHECK", "OTHER", "CASH")),
        "status": "SCHEDULED" if online else "PAID",
        "onlinePayment": online,
    }
    if online or day.chance(0.7):
        bank = books.plans.accounts["bank checking"]
        body["receivablesAccount"] = {"id": bank, "type": "BANK_ACCOUNT"}
    if body["receivablesType"] == "CHECK":
        body["referenceNumber"] = f"CHK {day.rng.randrange(1000, 9999)}"
    return body


def _plan(books: Books, receipt: Row, when: date, *, online: bool) -> None:
    """Plan what becomes of a receipt; counting makes every company see it all."""
    fate = _FATES.get(books.plans.counts["receipts"] % 40, "")
    returned = [(business_day_after(when, 4), "VOID")] if fate == "returned" else []
    if online and fate == "cancelled":
        plan = [(when - timedelta(days=1), "CANCELED")]
    elif online and fate == "escheated":
        plan = [(when, "PAID"), (when + timedelta(days=150), "ESCHEATED")]
    else:
        plan = [(when, "PAID")] * online + returned
    receipt.hidden["plan"] = plan
    if plan:
        books.plans.waiting_receipts.append(receipt.id)


def stale(books: Books, receipt: Row) -> None:
    """Let derived amounts around a receipt be computed anew."""
    books.mark("receivable-payments", receipt.id)
    for part in receipt.body["invoicePayments"]:
        books.link("receipts", part["invoiceId"], receipt.id)
        books.mark("invoices", part["invoiceId"], "receipt")
    books.mark("customers", receipt.body["customerId"])


def move_receipts(books: Books, day: Day) -> None:
    """Carry out every receipt's status change that is due."""
    waiting = []
    for receipt_id in books.plans.waiting_receipts:
        receipt = books.row("receivable-payments", receipt_id)
        if move_receipt(books, day, receipt):
            waiting.append(receipt_id)
    books.plans.waiting_receipts = waiting


def move_receipt(books: Books, day: Day, receipt: Row) -> bool:
    """Carry out a receipt's steps that are due; tell whether others will come."""
    plan = receipt.hidden["plan"]
    while plan and plan[0][0] <= day.today:
        set_status(books, receipt, plan.pop(0)[1], day.tick())
    return bool(plan)


def set_status(books: Books, receipt: Row, status: str, at: datetime) -> None:
    """Write a receipt's status; a dead one leaves its invoices open again."""
    receipt.body["status"] = status
    books.touch("receivable-payments", receipt, at)
    if status in {"VOID", "CANCELED"}:
        books.plans.unapplied.pop(receipt.id, None)
        for part in receipt.body["invoicePayments"]:
            if not books.row("invoices", part["invoiceId"]).hidden.get("by_hand"):
                books.plans.open_invoices[part["invoiceId"]] = None
    stale(books, receipt)


def apply_receipts(books: Books, day: Day) -> None:
    """Apply money received on account to invoices that came later."""
    for receipt_id in list(books.plans.unapplied):
        receipt = books.row("receivable-payments", receipt_id)
        if day.chance(0.03) and receipt.body["status"] == "PAID":
            _apply(books, day, receipt)


def _apply(books: Books, day: Day, receipt: Row) -> None:
    """Apply what a receipt has left to the customer's first open invoice."""
    for invoice_id in books.linked("invoices", receipt.body["customerId"]):
        invoice = books.row("invoices", invoice_id)
        amount = min(receipt.body["unappliedAmount"], invoice.body["dueAmount"])
        untouchable = invoice.body["archived"] or invoice.hidden.get("by_hand")
        if untouchable or amount <= 0:
            continue
        parts: list[Body] = list(receipt.body["invoicePayments"])
        when = day.today.isoformat()
        parts.append({"invoiceId": invoice_id, "amount": amount, "paymentDate": when})
        receipt.body["invoicePayments"] = parts
        books.touch("receivable-payments", receipt, day.tick())
        stale(books, receipt)
        settle(books, day.now)
        if not receipt.body["unappliedAmount"]:
            books.plans.unapplied.pop(receipt.id)
        return


def close_paid_invoices(books: Books) -> None:
    """Stop looking at invoices that are paid."""
    for invoice_id in list(books.plans.open_invoices):
        if books.row("invoices", invoice_id).body["status"] == "PAID_IN_FULL":
            books.plans.open_invoices.pop(invoice_id)
