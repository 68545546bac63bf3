"""Acts on bills and vendor credits.

Here belongs: entering them, deciding on them, applying credits without a payment. Not
here: payments (payments.py), editing and archiving (records.py).
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
    one_of,
    positive,
    taken,
)
from bill_source.sandbox.answers import Body
from bill_source.sandbox.books import Books
from bill_source.sandbox.derived import derive
from bill_source.sandbox.purchasing import rate_on, set_totals
from bill_source.sandbox.store import Row

_TERMS = timedelta(days=30)


def create_bill(
    books: Books,
    day: Moment,
    *,
    vendor: str,
    amount: Decimal | float | str | None = None,
    lines: Sequence[Body] | None = None,
    number: str | None = None,
    invoice_date: date | str | None = None,
    due_date: date | str | None = None,
    approval: str = "UNASSIGNED",
    draft: bool = False,
    description: str | None = None,
) -> Row:
    """Enter a bill of one line over ``amount``, or of given lines."""
    one_of(approval, ("UNASSIGNED", "ASSIGNED", "APPROVED", "DENIED"), "approval")
    partner = found(books, "vendors", vendor)
    dated = day_given(invoice_date, day.today)
    body: Body = {
        "archived": draft,
        "recordStatus": "DRAFT" if draft else "ACTIVE",
        "vendorId": partner.id,
        "vendorName": partner.body["name"],
        "dueDate": day_given(due_date, dated + _TERMS).isoformat(),
        "invoice": {
            "invoiceNumber": number or next_number(books, "bills"),
            "invoiceDate": dated.isoformat(),
        },
        "billLineItems": amount_lines(books, "bli", amount, lines),
        "createdBy": books.plans.coding["users"][0],
        "approvalStatus": approval,
    }
    if description is not None:
        body["description"] = description
    if partner.body["billCurrency"] != "USD":
        body["exchangeRate"] = rate_on(partner.body["billCurrency"], dated)
    bill = books.add("bills", body, day.now)
    set_totals(bill)
    derive(books, "bills", bill)
    books.link("bills", partner.id, bill.id)
    books.mark("vendors", partner.id)
    return taken(books, "bills", bill.id)


def amount_lines(
    books: Books, prefix: str, amount: object, lines: Sequence[Body] | None
) -> list[Body]:
    """Return lines with exact amounts, ids and an account to book them to."""
    if (amount is None) == (lines is None):
        raise ValueError("give either amount or lines")
    coding = {"chartOfAccountId": books.plans.accounts["office"]}
    plain: Body = {"description": "By hand", "classifications": coding}
    return [
        plain
        | line
        | {"id": books.ids.next(prefix), "amount": money(line.get("amount"))}
        for line in lines or [{"amount": amount}]
    ]


def decide_bill(books: Books, day: Moment, *, bill: str, decision: str) -> Row:
    """Approve or deny a bill."""
    one_of(decision, ("APPROVED", "DENIED"), "decision")
    row = taken(books, "bills", bill)
    for approver in row.body.get("approvers", ()):
        approver |= {"status": decision, "statusChangedTime": day.now}
    row.body["approvalStatus"] = decision
    books.touch("bills", row, day.now if books.switches.approval_touches else None)
    return row


def create_credit(
    books: Books,
    day: Moment,
    *,
    vendor: str,
    amount: Decimal | float | str | None = None,
    lines: Sequence[Body] | None = None,
    number: str | None = None,
    credit_date: date | str | None = None,
) -> Row:
    """Enter a vendor credit."""
    partner = found(books, "vendors", vendor)
    items = amount_lines(books, "vci", amount, lines)
    body: Body = {
        "vendorId": partner.id,
        "referenceNumber": number or next_number(books, "credits"),
        "creditDate": day_given(credit_date, day.today).isoformat(),
        "archived": False,
        "applyToChartOfAccountId": books.plans.accounts["checking"],
        "amount": sum((item["amount"] for item in items), Decimal("0.00")),
        "vendorCreditLineItems": items,
        "usage": [],
    }
    credit = books.add("vendor-credits", body, day.now, keeps=True)
    derive(books, "vendor-credits", credit)
    return taken(books, "vendor-credits", credit.id)


def apply_credit(
    books: Books,
    day: Moment,
    *,
    credit: str,
    bill: str,
    amount: Decimal | float | str | None = None,
) -> Row:
    """Apply a vendor credit to a bill without a payment; by default all that fits."""
    source, target = taken(books, "vendor-credits", credit), taken(books, "bills", bill)
    if source.body["vendorId"] != target.body["vendorId"]:
        raise ValueError(f"{credit} and {bill} are of two vendors")
    use = {"billId": bill, "amount": fitting(source, target, amount)}
    source.body["usage"] = [*source.body["usage"], use]
    books.link("credits", bill, credit)
    return _moved(books, day, source, bill)


def fitting(source: Row, target: Row, amount: object) -> Decimal:
    """Return how much of a credit to use on a document."""
    left = source.body["amount"] - source.body["appliedAmount"]
    most = min(left, target.body["dueAmount"])
    wanted = most if amount is None else money(amount)
    return positive(wanted, most, f"{source.id} on {target.id}")


def unapply_credit(books: Books, day: Moment, *, credit: str, bill: str) -> Row:
    """Take a credit back from a bill; what a payment used stays with the payment."""
    source = taken(books, "vendor-credits", credit)
    found(books, "bills", bill)
    kept = [
        use
        for use in source.body["usage"]
        if use["billId"] != bill or "paymentId" in use
    ]
    if len(kept) == len(source.body["usage"]):
        raise ValueError(f"{credit} is not applied to {bill} without a payment")
    source.body["usage"] = kept
    return _moved(books, day, source, bill)


def _moved(books: Books, day: Moment, credit: Row, bill: str) -> Row:
    """Let both sides of an application be computed anew."""
    at = day.now if books.switches.credit_touches_document else None
    books.touch("vendor-credits", credit, at)
    books.mark("vendor-credits", credit.id, "credit")
    books.mark("bills", bill, "credit")
    books.mark("vendors", credit.body["vendorId"])
    return credit
