"""Invoices: what the company sells.

Here belongs: sending, editing and shelving invoices. Not here: credit memos (memos.py),
money coming in (receiving.py), derived amounts (derived.py).
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bill_source.sandbox.answers import Body
from bill_source.sandbox.bill_changes import partners
from bill_source.sandbox.books import Books
from bill_source.sandbox.days import Day, cents
from bill_source.sandbox.derived import ZERO, derive
from bill_source.sandbox.parties import add_customer
from bill_source.sandbox.purchasing import rate_on
from bill_source.sandbox.store import Row
from bill_source.sandbox.words import ITEMS, PROJECTS

TAX_PERCENT = Decimal("8.9")
_PRICES = {name: Decimal(price) for name, _, price, _ in ITEMS}
_ACCOUNTS = {name: account for name, _, _, account in ITEMS}
_GOODS = ("Halo desk lamp", "Perch monitor stand")
_KINDS = {
    "services": ("Design sprint day", "Senior design hour", "Engineering hour"),
    "goods": _GOODS,
    "plan": ("Care plan, monthly", "Telemetry events"),
}


def send_invoices(books: Books, day: Day) -> None:
    """Send the invoices of today: plans on fixed days, the rest by chance."""
    for customer in books.rows("customers"):
        if customer.body["archived"] or customer.hidden.get("by_hand"):
            continue
        if customer.hidden["kind"] == "plan":
            due = day.today.day == customer.hidden["day"]
        else:
            due = day.is_business_day and day.chance(0.036)
        if due:
            send_invoice(books, day, customer)


def send_invoice(books: Books, day: Day, customer: Row, **fixed: Any) -> Row:
    """Send one invoice; ``fixed`` fields override what chance would give."""
    lines = fixed.pop("invoiceLineItems", None) or _lines(books, day, customer)
    terms = books.row("payment-terms", customer.body["paymentTermId"]).body["daysDue"]
    books.plans.counts["invoices"] += 1
    body: Body = {
        "archived": False,
        "recordStatus": "ACTIVE",
        "invoiceNumber": f"JS-{2000 + books.plans.counts['invoices']}",
        "invoiceDate": day.today.isoformat(),
        "dueDate": (day.today + timedelta(days=terms)).isoformat(),
        "customerId": customer.id,
        "exchangeRate": _rate(customer, day.today),
        "invoiceLineItems": lines,
        "payToChartOfAccountId": books.plans.accounts["checking"],
        "enableCardPayment": False,
        "createdBy": day.pick(books.plans.coding["users"][:2]),
        "paymentTermId": customer.body["paymentTermId"],
    }
    body |= totals(books, customer, lines)
    if day.chance(0.3):
        department = day.pick(books.plans.coding["departments"])
        body["classifications"] = {"departmentId": department}
    invoice = books.add("invoices", body | fixed, day.tick())
    books.link("invoices", customer.id, invoice.id)
    books.plans.open_invoices[invoice.id] = None
    derive(books, "invoices", invoice)
    _stale(books, invoice)
    return invoice


def _stale(books: Books, invoice: Row) -> None:
    """Let derived amounts around an invoice be computed anew."""
    books.mark("invoices", invoice.id)
    books.mark("customers", invoice.body["customerId"])


def _rate(customer: Row, day: date) -> Decimal:
    """Return units of the invoice's currency per US dollar."""
    currency = customer.body["invoiceCurrency"]
    return Decimal(1) if currency == "USD" else rate_on(currency, day)


def line_total(line: Body) -> Decimal:
    """Return what a line comes to; BILL shows price and quantity only."""
    return cents(Decimal(line["price"]) * Decimal(line["quantity"]))


def totals(books: Books, customer: Row, lines: list[Body]) -> Body:
    """Return an invoice's total, with sales tax where it is owed."""
    total = sum((line_total(line) for line in lines), ZERO)
    goods = {books.plans.accounts[f"item {name}"] for name in _GOODS}
    taxable = sum(
        (
            line_total(line)
            for line in lines
            if line["classifications"].get("itemId") in goods
        ),
        ZERO,
    )
    if not customer.hidden["taxed"] or not taxable:
        return {"totalAmount": total}
    tax = cents(taxable * TAX_PERCENT / 100)
    return {
        "totalAmount": total + tax,
        "salesTaxItemId": books.plans.accounts["tax"],
        "salesTaxTotal": tax,
        "salesTaxPercentage": TAX_PERCENT,
    }


def _lines(books: Books, day: Day, customer: Row) -> list[Body]:
    """Draw the lines of an invoice."""
    names = list(_KINDS[customer.hidden["kind"]])
    if customer.hidden["kind"] != "plan":
        day.rng.shuffle(names)
        names = names[: day.rng.randrange(1, 3)]
    lines = [_line(books, day, name) for name in names]
    if day.chance(0.12):
        lines.append(_rebilled(books, day))
    if day.chance(0.06):
        lines.append(_discount(books, day, lines[0]))
    return lines


def _line(books: Books, day: Day, name: str) -> Body:
    """Draw one line for an item."""
    quantities = {
        "Care plan, monthly": 1,
        "Telemetry events": day.rng.randrange(900, 60_000),
        "Design sprint day": day.rng.randrange(1, 10),
        "Halo desk lamp": day.rng.randrange(2, 40),
        "Perch monitor stand": day.rng.randrange(2, 40),
    }
    hours = Decimal(day.rng.randrange(24, 320)) / 4
    project = day.pick(PROJECTS)
    return _invoice_line(
        books,
        f"{name} - {project}" if name in _KINDS["services"] else name,
        _PRICES[name],
        quantities.get(name, hours),
        (_ACCOUNTS[name], name),
    )


def _rebilled(books: Books, day: Day) -> Body:
    """Pass a client's cost on."""
    text = f"Reimbursable travel, {day.pick(PROJECTS)}"
    item = ("rebilled", "Client cost at invoice")
    return _invoice_line(books, text, day.amount(40, 600), 1, item)


def _discount(books: Books, day: Day, line: Body) -> Body:
    """Take something off an invoice."""
    amount = -cents(line_total(line) / day.pick((10, 20)))
    return _invoice_line(books, "Loyalty discount", amount, 1, ("discounts", ""))


def _invoice_line(
    books: Books,
    text: str,
    price: Decimal,
    quantity: Decimal | int,
    item: tuple[str, str],
) -> Body:
    """Return one invoice line; ``item`` is an account and an item's name."""
    account, name = item
    coding = {"chartOfAccountId": books.plans.accounts[account]}
    if name:
        coding["itemId"] = books.plans.accounts[f"item {name}"]
    return {
        "id": books.ids.next("xil"),
        "description": text,
        "price": price,
        "quantity": quantity,
        "classifications": coding,
    }


def odd_invoices(books: Books, day: Day) -> None:
    """Now and then start a draft, drop an invoice, or meet a customer."""
    customers = partners(books, "customers")
    if day.chance(0.02):
        draft = send_invoice(
            books, day, day.pick(customers), archived=True, recordStatus="DRAFT"
        )
        books.plans.open_invoices.pop(draft.id)
    if day.chance(0.01):
        archive_invoice(books, day)
    if books.plans.waiting_customers and day.chance(0.03):
        add_customer(books, books.plans.waiting_customers.pop(), day.rng, day.tick())


def archive_invoice(books: Books, day: Day) -> Row | None:
    """Make a wholly unpaid invoice inactive; BILL knows no other cancelling."""
    for invoice_id in reversed(list(books.plans.open_invoices)):
        invoice = books.row("invoices", invoice_id)
        if invoice.body["dueAmount"] == invoice.body["totalAmount"]:
            shelve_invoice(books, day, invoice, archived=True)
            books.plans.open_invoices.pop(invoice_id)
            return invoice
    return None


def shelve_invoice(books: Books, day: Day, invoice: Row, *, archived: bool) -> None:
    """Make an invoice inactive, or active again."""
    status = "INACTIVE" if archived else "ACTIVE"
    invoice.body |= {"archived": archived, "recordStatus": status}
    touched = books.switches.archive_touches
    books.touch("invoices", invoice, day.tick() if touched else None)
    books.mark("customers", invoice.body["customerId"])


def edit_invoice(books: Books, day: Day, invoice: Row) -> None:
    """Raise the quantity of an unpaid invoice's first line."""
    lines = [dict(line) for line in invoice.body["invoiceLineItems"]]
    lines[0]["quantity"] += 1
    save_invoice_lines(books, day, invoice, lines)


def save_invoice_lines(books: Books, day: Day, invoice: Row, lines: list[Body]) -> None:
    """Save an invoice as BILL does: its lines get new ids unless switched off."""
    if not books.switches.line_ids_survive:
        for line in lines:
            line["id"] = books.ids.next("xil")
    customer = books.row("customers", invoice.body["customerId"])
    invoice.body["invoiceLineItems"] = lines
    invoice.body |= totals(books, customer, lines)
    books.touch("invoices", invoice, day.tick())
    _stale(books, invoice)
