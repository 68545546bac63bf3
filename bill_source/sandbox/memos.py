"""Credit memos: granted for part of an invoice, used on another.

Here belongs: granting memos and using them. Not here: invoices (selling.py), derived
amounts (derived.py).
"""

from decimal import Decimal

from bill_source.sandbox.answers import Body
from bill_source.sandbox.books import Books
from bill_source.sandbox.days import Day, cents
from bill_source.sandbox.derived import ZERO, derive, settle
from bill_source.sandbox.selling import TAX_PERCENT, line_total
from bill_source.sandbox.store import Row


def grant_memos(books: Books, day: Day) -> None:
    """Credit a customer part of an invoice now and then, and use older memos."""
    recent = list(books.plans.open_invoices)[-25:]
    if recent and day.chance(0.04):
        _grant_memo(books, day, books.row("invoices", day.pick(recent)))
    for memo_id in list(books.plans.open_memos):
        memo = books.row("credit-memos", memo_id)
        if day.chance(0.05) and not memo.hidden["keeps"]:
            _use_memo(books, day, memo)


def _grant_memo(books: Books, day: Day, invoice: Row) -> None:
    """Enter a credit memo over a few per cent of an invoice, tax included."""
    line = invoice.body["invoiceLineItems"][0]
    net = max(cents(abs(line_total(line)) * day.pick((3, 5, 10)) / 100), Decimal(1))
    tax = ZERO
    body: Body = {
        "customerId": invoice.body["customerId"],
        "creditDate": day.today.isoformat(),
        "description": day.pick(("Late delivery", "Goodwill", "Returned unit")),
        "archived": False,
        "payToChartOfAccountId": books.plans.accounts["checking"],
    }
    if "salesTaxTotal" in invoice.body:
        tax = cents(net * TAX_PERCENT / 100)
        body["salesTaxItemId"] = books.plans.accounts["tax"]
        body |= {"salesTaxTotal": tax, "salesTaxPercentage": TAX_PERCENT}
    books.plans.counts["memos"] += 1
    body["referenceNumber"] = f"CM-{books.plans.counts['memos']:03d}"
    body |= {"amount": net + tax, "usage": []}
    body["creditMemoLineItems"] = [_memo_line(books, line, net, taxable=tax > 0)]
    memo = books.add("credit-memos", body, day.tick(), keeps=day.chance(0.25))
    books.plans.open_memos[memo.id] = None
    derive(books, "credit-memos", memo)


def _memo_line(books: Books, line: Body, net: Decimal, *, taxable: bool) -> Body:
    """Return the only line of a credit memo."""
    return {
        "id": books.ids.next("xcl"),
        "description": f"Credit: {line['description']}",
        "price": net,
        "quantity": 1,
        "amount": net,
        "taxable": taxable,
        "classifications": line["classifications"],
    }


def _use_memo(books: Books, day: Day, memo: Row) -> None:
    """Use a memo on the customer's first invoice that can take it."""
    left = memo.body["amount"] - memo.body["appliedAmount"]
    for invoice_id in books.linked("invoices", memo.body["customerId"]):
        invoice = books.row("invoices", invoice_id)
        amount = min(left, invoice.body["dueAmount"])
        untouchable = invoice.body["archived"] or invoice.hidden.get("by_hand")
        if untouchable or amount <= 0:
            continue
        memo.body["usage"].append({"invoiceId": invoice_id, "amount": amount})
        books.touch("credit-memos", memo, day.tick())
        books.link("memos", invoice_id, memo.id)
        books.mark("credit-memos", memo.id, "credit")
        books.mark("invoices", invoice_id, "credit")
        books.mark("customers", memo.body["customerId"])
        settle(books, day.now)
        if amount == left:
            books.plans.open_memos.pop(memo.id)
        return
