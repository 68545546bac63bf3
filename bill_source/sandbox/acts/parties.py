"""Acts on vendors, customers and classifications: what documents refer to.

Here belongs: adding and renaming them. Not here: documents, archiving (records.py).
"""

from typing import Any

from bill_source.sandbox.acts.given import Moment, found, one_of, taken
from bill_source.sandbox.answers import Body
from bill_source.sandbox.books import Books
from bill_source.sandbox.parties import VendorPlan, add_customer, add_vendor
from bill_source.sandbox.store import Row
from bill_source.sandbox.trades import Line, Trade

CLASSIFICATIONS = (
    *("chart-of-accounts", "accounting-classes", "departments", "locations"),
    *("jobs", "employees", "items"),
)
_CURRENCIES = ("USD", "EUR", "GBP", "CAD")
_LINES = (Line("Sundries", 10, 90, "office"),)


def create_vendor(
    books: Books, day: Moment, *, name: str, currency: str = "USD", **fields: Any
) -> Row:
    """Enter a vendor that sends no bills of its own accord."""
    one_of(currency, _CURRENCIES, "currency")
    trade = Trade("by hand", (name,), 0, 0, _LINES, method="CHECK", currency=currency)
    row = add_vendor(books, VendorPlan(name, trade), day.rng, day.now)
    row.body |= fields
    return taken(books, "vendors", row.id)


def create_customer(
    books: Books, day: Moment, *, name: str, currency: str = "USD", **fields: Any
) -> Row:
    """Enter a customer that is sent no invoices of the company's own accord."""
    one_of(currency, _CURRENCIES, "currency")
    row = add_customer(books, name, day.rng, day.now)
    row.body |= {"invoiceCurrency": currency} | fields
    row.hidden["taxed"] = False
    return taken(books, "customers", row.id)


def add_classification(
    books: Books, day: Moment, *, list_name: str, name: str, **fields: Any
) -> Row:
    """Add an account, class, department, location, job, employee or item."""
    one_of(list_name, CLASSIFICATIONS, "list_name")
    body: Body = {"archived": False} | _named(list_name, name) | fields
    return books.add(list_name, body, day.now)


def rename_classification(
    books: Books, day: Moment, *, list_name: str, row_id: str, name: str
) -> Row:
    """Give a classification another name; its id stays."""
    one_of(list_name, CLASSIFICATIONS, "list_name")
    found(books, list_name, row_id)
    return books.change(list_name, row_id, _named(list_name, name), day.now)


def _named(list_name: str, name: str) -> Body:
    """Return the fields that hold a classification's name."""
    if list_name != "employees":
        return {"name": name}
    first, _, last = name.partition(" ")
    return {"firstName": first, "lastName": last}
