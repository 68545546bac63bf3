"""Templates that BILL makes bills and invoices from.

Here belongs: setting templates up and moving their next date. Not here: the documents
themselves, which name no template (purchasing.py, selling.py).
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from bill_source.sandbox.answers import Body
from bill_source.sandbox.books import Books
from bill_source.sandbox.days import Day
from bill_source.sandbox.store import Row

_MOST = 12
_DAYS_AHEAD = 7
_NAMES = ("recurring-bills", "recurring-invoices")


def add_templates(books: Books, at: datetime) -> None:
    """Set up templates for vendors and customers with a monthly rhythm."""
    monthly = [
        row for row in books.rows("vendors") if row.hidden["trade"].per_month == 1
    ]
    for vendor in monthly[:_MOST]:
        _add_bill_template(books, vendor, at)
    plans = [row for row in books.rows("customers") if row.hidden["kind"] == "plan"]
    for customer in plans[:_MOST]:
        _add_invoice_template(books, customer, at)


def _schedule(at: datetime, day: int) -> Body:
    """Return a monthly schedule from next month on."""
    following = (at.date().replace(day=1) + timedelta(days=32)).replace(day=day)
    return {
        "period": "MONTHLY",
        "frequency": 1,
        "nextDueDate": following.isoformat(),
        "daysInAdvance": _DAYS_AHEAD,
    }


def _add_bill_template(books: Books, vendor: Row, at: datetime) -> None:
    """Set up a vendor's monthly bill."""
    line = vendor.hidden["trade"].lines[0]
    body: Body = {
        "archived": False,
        "vendorId": vendor.id,
        "description": f"Monthly, {vendor.body['name']}",
        "recurringBillLineItems": [
            {
                "id": books.ids.next("xrl"),
                "amount": Decimal(line.low).quantize(Decimal("0.01")),
                "description": line.text.split(" {")[0],
                "classifications": {
                    "chartOfAccountId": books.plans.accounts[line.account]
                },
            }
        ],
        "schedule": _schedule(at, vendor.hidden["day"]),
        "processingOptions": {"autoPayment": False},
    }
    books.add("recurring-bills", body, at)


def _add_invoice_template(books: Books, customer: Row, at: datetime) -> None:
    """Set up a customer's monthly invoice."""
    body: Body = {
        "customerId": customer.id,
        "description": "Care plan",
        "archived": False,
        "schedule": _schedule(at, customer.hidden["day"]),
        "recurringInvoiceLineItems": [
            {
                "id": books.ids.next("xrn"),
                "amount": Decimal("395.00"),
                "description": "Care plan, monthly",
                "price": Decimal("395.00"),
                "quantity": 1,
                "taxable": False,
                "classifications": {
                    "itemId": books.plans.accounts["item Care plan, monthly"]
                },
            }
        ],
        "sendEmail": True,
    }
    books.add("recurring-invoices", body, at)


def move_templates(books: Books, day: Day) -> None:
    """Move the next date of templates that made their document today."""
    for name in _NAMES:
        for template in books.rows(name):
            _move(books, name, template, day)


def _move(books: Books, name: str, template: Row, day: Day) -> None:
    """Move one template on by a month when its day has come."""
    due = date.fromisoformat(template.body["schedule"]["nextDueDate"])
    if template.body["archived"] or day.today < due - timedelta(days=_DAYS_AHEAD):
        return
    following = (due.replace(day=1) + timedelta(days=32)).replace(day=due.day)
    template.body["schedule"] = template.body["schedule"] | {
        "nextDueDate": following.isoformat()
    }
    books.touch(name, template, day.tick())
