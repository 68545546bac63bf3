"""What makes sure that a day after the opening shows something of everything.

Here belongs: topping a quiet day up, so that a second run of a demonstration finds new,
edited, paid, voided and archived documents. Not here: ordinary chance.
"""

from bill_source.sandbox.bank import void
from bill_source.sandbox.bill_changes import (
    archive_bill,
    edit_bill,
    is_untouched,
    open_bills,
    partners,
)
from bill_source.sandbox.books import Books
from bill_source.sandbox.days import Day
from bill_source.sandbox.derived import settle
from bill_source.sandbox.paying import is_payable, pay
from bill_source.sandbox.purchasing import enter_bill
from bill_source.sandbox.receiving import receive
from bill_source.sandbox.selling import edit_invoice, send_invoice
from bill_source.sandbox.store import Row


def make_eventful(books: Books, day: Day) -> None:
    """Add what a quiet day lacks."""
    for act in (_enter_bills, _change_bills, _pay_one, _void_one, _invoice, _sell_on):
        act(books, day)
        settle(books, day.now)


def _enter_bills(books: Books, day: Day) -> None:
    """Enter two bills more."""
    vendors = partners(books, "vendors")
    for _ in range(2):
        enter_bill(books, day, day.pick(vendors))


def _invoice(books: Books, day: Day) -> None:
    """Send one invoice more."""
    customers = partners(books, "customers")
    send_invoice(books, day, day.pick(customers))


def _is_older(row: Row, day: Day) -> bool:
    """Tell whether a record was made before today, so that a change shows."""
    return bool(row.body["createdTime"].date() < day.today)


def _change_bills(books: Books, day: Day) -> None:
    """Edit one untouched bill of an earlier day and archive another."""
    untouched = [
        bill
        for bill in open_bills(books)
        if is_untouched(bill) and bill.body["amount"] > 0 and _is_older(bill, day)
    ]
    if len(untouched) > 1:
        day.rng.shuffle(untouched)
        edit_bill(books, day, untouched[0])
        archive_bill(books, day, untouched[1])


def _pay_one(books: Books, day: Day) -> None:
    """Pay the bill that has waited longest."""
    payable = [
        bill
        for bill in open_bills(books)
        if is_payable(bill) and not bill.hidden.get("disputed")
    ]
    if payable:
        bill = min(payable, key=lambda row: (row.body["dueDate"], row.id))
        bill.hidden.setdefault("disputed", False)
        bill.hidden.setdefault("lag", 0)
        pay(books, day, books.row("vendors", bill.body["vendorId"]), [bill])


def _void_one(books: Books, day: Day) -> None:
    """Void a payment every other day: one on its way, else one that cleared."""
    if day.today.toordinal() % 2:
        return
    recent = [
        row
        for row in books.rows("payments")[-60:]
        if row.body["onlinePayment"]
        and _is_older(row, day)
        and not row.hidden.get("by_hand")
    ]
    for status in ("SENT", "CLEARED"):
        for payment in recent:
            if payment.body["singleStatus"] == status:
                payment.hidden["plan"].clear()
                void(books, day, payment, at=day.tick())
                return


def _sell_on(books: Books, day: Day) -> None:
    """Let one customer pay and correct one invoice."""
    unpaid = [
        invoice
        for invoice in (books.row("invoices", one) for one in books.plans.open_invoices)
        if invoice.body["dueAmount"] == invoice.body["totalAmount"]
        and invoice.body["totalAmount"] > 0
        and _is_older(invoice, day)
    ]
    if len(unpaid) > 1:
        edit_invoice(books, day, unpaid[-1])
        first = unpaid[0]
        receive(books, day, books.row("customers", first.body["customerId"]), [first])
