"""Credits from vendors: granted for part of a bill, used on another.

Here belongs: granting credits and applying them directly. Not here: credits used with a
payment (paying.py).
"""

from decimal import Decimal

from bill_source.sandbox.answers import Body
from bill_source.sandbox.bill_changes import is_untouched, open_bills
from bill_source.sandbox.books import Books
from bill_source.sandbox.days import Day, cents
from bill_source.sandbox.derived import derive, settle
from bill_source.sandbox.store import Row


def grant_credits(books: Books, day: Day) -> None:
    """Let vendors credit part of a bill now and then."""
    if not day.chance(0.09):
        return
    recent = [row for row in open_bills(books)[-40:] if row.body["amount"] > 0]
    if recent:
        grant_credit(books, day, day.pick(recent))


def grant_credit(books: Books, day: Day, bill: Row) -> Row:
    """Enter a vendor credit for part of a bill."""
    line = bill.body["billLineItems"][0]
    amount = cents(abs(line["amount"]) * day.pick((5, 10, 20, 35)) / 100)
    number = books.plans.counts["credits"] = books.plans.counts["credits"] + 1
    account = books.plans.accounts["checking"]
    body: Body = {
        "vendorId": bill.body["vendorId"],
        "referenceNumber": f"CR-{number:04d}",
        "creditDate": day.today.isoformat(),
        "description": day.pick(("Returned goods", "Short shipment", "Overbilled")),
        "archived": False,
        "applyToChartOfAccountId": account,
        "amount": max(amount, Decimal("1.00")),
        "vendorCreditLineItems": [
            {
                "id": books.ids.next("vci"),
                "amount": max(amount, Decimal("1.00")),
                "description": f"Credit: {line.get('description', 'see bill')}",
                "classifications": line["classifications"],
            }
        ],
        "usage": [],
    }
    credit = books.add("vendor-credits", body, day.tick(), keeps=day.chance(0.2))
    books.plans.open_credits[credit.id] = None
    derive(books, "vendor-credits", credit)
    return credit


def apply_credits(books: Books, day: Day) -> None:
    """Apply some open credits directly to a bill of the same vendor."""
    for credit_id in list(books.plans.open_credits):
        keeps = books.row("vendor-credits", credit_id).hidden["keeps"]
        if day.chance(0.02) and not keeps:
            _apply_directly(books, day, books.row("vendor-credits", credit_id))


def _apply_directly(books: Books, day: Day, credit: Row) -> None:
    """Use a credit on the first open bill that can take it."""
    for bill_id in books.linked("bills", credit.body["vendorId"]):
        bill = books.row("bills", bill_id)
        left = credit.body["amount"] - credit.body["appliedAmount"]
        amount = min(left, bill.body["dueAmount"])
        if not is_untouched(bill) or amount <= 0 or bill.hidden.get("by_hand"):
            continue
        credit.body["usage"].append({"billId": bill_id, "amount": amount})
        books.touch("vendor-credits", credit, day.tick())
        books.link("credits", bill_id, credit.id)
        books.mark("bills", bill_id, "credit")
        books.mark("vendor-credits", credit.id, "credit")
        books.mark("vendors", credit.body["vendorId"])
        settle(books, day.now)
        books.plans.open_credits.pop(credit.id, None)
        return
