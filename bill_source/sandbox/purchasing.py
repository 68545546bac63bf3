"""Bills as they arrive: when, from whom, with which lines and coding.

Here belongs: entering new bills. Not here: what people do with them later
(bill_changes.py), paying (paying.py), derived amounts (derived.py).
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bill_source.sandbox.answers import Body
from bill_source.sandbox.books import Books
from bill_source.sandbox.days import Day, cents
from bill_source.sandbox.derived import ZERO, derive
from bill_source.sandbox.store import Row
from bill_source.sandbox.trades import Line, Trade
from bill_source.sandbox.words import CITIES, FIRST, LAST, PROJECTS

BUSINESS_DAYS_PER_MONTH = 27
"""More than there are: vendors skip a month now and then."""

APPROVAL_FROM = Decimal(1500)
MISCODED = 0.06
CODED = 0.92
_MOST_LINES = 6
_DAYS_OF_ANY_MONTH = 28
_RATES = {"EUR": Decimal("0.91"), "GBP": Decimal("0.78"), "CAD": Decimal("1.36")}
_PATTERNS = (
    "{initials}-{number}",
    "{number}",
    "INV{number:06d}",
    "{year}-{number:04d}",
)


def enter_bills(books: Books, day: Day) -> None:
    """Enter the bills that arrive today."""
    for vendor in books.rows("vendors"):
        if not vendor.body["archived"] and _bills_today(vendor, day):
            enter_bill(books, day, vendor)


def _bills_today(vendor: Row, day: Day) -> bool:
    """Tell whether a vendor's bill arrives: on fixed days, or by chance."""
    trade: Trade = vendor.hidden["trade"]
    if trade.per_month >= 1:
        gap = _DAYS_OF_ANY_MONTH // int(trade.per_month)
        since = (day.today.day - vendor.hidden["day"]) % _DAYS_OF_ANY_MONTH
        return day.today.day <= _DAYS_OF_ANY_MONTH and since % gap == 0
    if not day.is_business_day:
        return False
    return day.chance(trade.per_month / BUSINESS_DAYS_PER_MONTH)


def enter_bill(books: Books, day: Day, vendor: Row, **fixed: Any) -> Row:
    """Enter one bill; ``fixed`` fields override what chance would give."""
    trade: Trade = vendor.hidden["trade"]
    invoice_date = day.today - timedelta(days=day.rng.randrange(6))
    lines = _lines(books, day, vendor, invoice_date)
    body: Body = {
        "archived": False,
        "recordStatus": "ACTIVE",
        "vendorId": vendor.id,
        "vendorName": vendor.body["name"],
        "dueDate": (invoice_date + timedelta(days=trade.terms)).isoformat(),
        "invoice": {
            "invoiceNumber": _number(vendor, invoice_date),
            "invoiceDate": invoice_date.isoformat(),
        },
        "billLineItems": lines,
        "createdBy": day.pick(books.plans.coding["users"][:3]),
    }
    if trade.currency != "USD":
        body["exchangeRate"] = rate_on(trade.currency, invoice_date)
    if day.chance(0.15):
        body["description"] = day.pick(("Rush order", "Approved by phone", "See PO"))
    _set_approval(books, day, body, lines)
    bill = books.add("bills", body | fixed, day.tick())
    set_totals(bill)
    derive(books, "bills", bill)
    _register(books, bill)
    return bill


def _register(books: Books, bill: Row) -> None:
    """Let the rest of the company know of a new bill."""
    books.link("bills", bill.body["vendorId"], bill.id)
    books.mark("bills", bill.id)
    books.mark("vendors", bill.body["vendorId"])
    books.plans.open_bills[bill.id] = None


def set_totals(bill: Row) -> None:
    """Make a bill's header amounts follow from its lines."""
    amount = sum((line["amount"] for line in bill.body["billLineItems"]), ZERO)
    rate = bill.body.get("exchangeRate", Decimal(1))
    bill.body["amount"] = amount
    bill.body["fundingAmount"] = cents(amount / rate)


def rate_on(currency: str, day: date) -> Decimal:
    """Return units of a currency per US dollar on a day; it drifts slowly."""
    swing = Decimal((day.toordinal() * 7) % 41 - 20) / 1000
    return (_RATES[currency] * (1 + swing)).quantize(Decimal("0.0001"))


def _number(vendor: Row, invoice_date: date) -> str:
    """Return the vendor's next invoice number, in the vendor's own style."""
    vendor.hidden["number"] += 1 + vendor.hidden["number"] % 3
    return _PATTERNS[vendor.hidden["style"]].format(
        initials=vendor.hidden["initials"][:3] or "V",
        number=vendor.hidden["number"],
        year=invoice_date.year,
    )


def _lines(books: Books, day: Day, vendor: Row, when: date) -> list[Body]:
    """Draw the lines of a bill: the trade's first kind, then some others."""
    trade: Trade = vendor.hidden["trade"]
    count = 1
    while count < trade.most_lines and day.chance(0.5):
        count += 1
    kinds = [trade.lines[0]] if trade.per_month >= 1 else [day.pick(trade.lines)]
    kinds += [day.pick(trade.lines) for _ in range(count - 1)]
    lines = [draw_line(books, day, kind, vendor, when) for kind in kinds]
    if count < _MOST_LINES and day.chance(0.02):
        lines.append(_discount_line(books, day, lines[0]))
    return lines


def draw_line(books: Books, day: Day, kind: Line, vendor: Row, when: date) -> Body:
    """Draw one line."""
    amount = cents(day.amount(kind.low, kind.high) * vendor.hidden["scale"])
    body: Body = {
        "id": books.ids.next("bli"),
        "amount": amount,
        "description": describe(kind.text, day, when),
        "classifications": _coding(books, day, kind.account),
    }
    if day.chance(0.3):
        quantity = day.rng.randrange(2, 12)
        body["amount"] = cents(amount / quantity) * quantity
        body |= {"quantity": quantity, "price": cents(amount / quantity)}
    if day.chance(0.03):
        del body["description"]
    return body


def _discount_line(books: Books, day: Day, line: Body) -> Body:
    """Return a negative line that takes something off another."""
    return {
        "id": books.ids.next("bli"),
        "amount": -cents(line["amount"] / 20),
        "description": day.pick(("Volume discount", "Credit for late delivery")),
        "classifications": line["classifications"],
    }


def describe(text: str, day: Day, when: date) -> str:
    """Put a month, a number, a person into a line's text."""
    return text.format(
        month=when.strftime("%B"),
        year=when.year,
        date=when.strftime("%m/%d"),
        n=day.rng.randrange(2, 60),
        project=day.pick(PROJECTS),
        city=day.pick(CITIES),
        last=day.pick(LAST),
        first=day.pick(FIRST),
    )


def _coding(books: Books, day: Day, account: str) -> Body:
    """Code a line the way people do: mostly right, sometimes not at all."""
    plans = books.plans
    coding: Body = {}
    roll = day.rng.random()
    if roll < MISCODED:
        coding["chartOfAccountId"] = plans.accounts[day.pick(("misc", "office"))]
    elif roll < CODED:
        coding["chartOfAccountId"] = plans.accounts[account]
    for key, name, probability in (
        ("departmentId", "departments", 0.7),
        ("accountingClassId", "accounting-classes", 0.25),
        ("locationId", "locations", 0.2),
        ("jobId", "jobs", 0.1),
    ):
        if day.chance(probability):
            coding[key] = day.pick(plans.coding[name])
    return coding


def _set_approval(books: Books, day: Day, body: Body, lines: list[Body]) -> None:
    """Ask for approval of larger bills."""
    total = sum((line["amount"] for line in lines), ZERO)
    if total < APPROVAL_FROM:
        body["approvalStatus"] = "UNASSIGNED"
        return
    approver = day.pick(
        books.plans.coding["users"][3:4] + books.plans.coding["users"][:1]
    )
    body["approvalStatus"] = "ASSIGNED"
    body["approvers"] = [
        {
            "userId": approver,
            "status": "WAITING",
            "approverOrder": 1,
            "statusChangedTime": day.now,
        }
    ]
