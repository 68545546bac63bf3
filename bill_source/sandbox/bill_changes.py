"""What people do with bills: approve, edit, archive, finish drafts, enter twice.

Here belongs: changes to bills, and odd bills. Not here: ordinary new bills
(purchasing.py), paying (paying.py).
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from bill_source.sandbox.answers import Body
from bill_source.sandbox.books import Books
from bill_source.sandbox.days import Day, cents
from bill_source.sandbox.derived import ZERO, derive
from bill_source.sandbox.purchasing import draw_line, enter_bill, set_totals
from bill_source.sandbox.store import Row


def approve_bills(books: Books, day: Day) -> None:
    """Decide on bills that wait for approval; one in eighty is denied."""
    for bill in open_bills(books):
        if bill.body["approvalStatus"] == "ASSIGNED" and day.chance(0.45):
            _decide(books, day, bill)


def _decide(books: Books, day: Day, bill: Row) -> None:
    """Approve or deny one bill; large ones take a step in between."""
    decision = "DENIED" if day.chance(1 / 80) else "APPROVED"
    at = day.tick()
    for approver in bill.body["approvers"]:
        approver |= {"status": decision, "statusChangedTime": at}
    bill.body["approvalStatus"] = decision
    books.touch("bills", bill, at if books.switches.approval_touches else None)
    if decision == "DENIED":
        books.plans.open_bills.pop(bill.id, None)


def open_bills(books: Books) -> list[Row]:
    """Return the bills somebody may still work on, oldest first."""
    return [books.row("bills", one) for one in books.plans.open_bills]


def is_untouched(bill: Row) -> bool:
    """Tell whether nothing has been paid, scheduled or credited on a bill."""
    return bool(
        bill.body["recordStatus"] == "ACTIVE"
        and bill.body["dueAmount"] == bill.body["amount"]
    )


def edit_bill(books: Books, day: Day, bill: Row) -> None:
    """Correct a bill: an amount, a text, a date or one line more."""
    kind = day.pick(("amount", "amount", "text", "date", "line"))
    lines: list[Body] = [dict(line) for line in bill.body["billLineItems"]]
    if kind == "amount":
        lines[0]["amount"] = cents(lines[0]["amount"] * day.pick(_CORRECTIONS))
        lines[0].pop("quantity", None)
        lines[0].pop("price", None)
    elif kind == "text":
        bill.body["description"] = day.pick(("Corrected", "Second approval", "Per PO"))
    elif kind == "date":
        due = date.fromisoformat(bill.body["dueDate"]) + timedelta(days=7)
        bill.body["dueDate"] = due.isoformat()
    else:
        vendor = books.row("vendors", bill.body["vendorId"])
        extra = day.pick(vendor.hidden["trade"].lines)
        lines.append(draw_line(books, day, extra, vendor, day.today))
    save_lines(books, bill, lines, day.tick())


_CORRECTIONS = (Decimal("1.1"), Decimal("0.9"), Decimal("1.035"), Decimal("0.5"))


def save_lines(books: Books, bill: Row, lines: list[Body], at: datetime) -> None:
    """Save a bill as BILL does: its lines get new ids unless switched off."""
    if not books.switches.line_ids_survive:
        for line in lines:
            line["id"] = books.ids.next("bli")
    bill.body["billLineItems"] = lines
    set_totals(bill)
    books.touch("bills", bill, at)
    books.mark("bills", bill.id)
    books.mark("vendors", bill.body["vendorId"])


def archive_bill(books: Books, day: Day, bill: Row) -> None:
    """Make a wholly unpaid bill inactive."""
    bill.body |= {"archived": True, "recordStatus": "INACTIVE"}
    books.plans.open_bills.pop(bill.id, None)
    books.touch("bills", bill, day.tick() if books.switches.archive_touches else None)
    books.mark("vendors", bill.body["vendorId"])


def restore_bill(books: Books, day: Day, bill: Row) -> None:
    """Bring an inactive bill back, or finish a draft."""
    bill.body |= {"archived": False, "recordStatus": "ACTIVE"}
    if not bill.hidden.get("by_hand"):
        books.plans.open_bills[bill.id] = None
    books.touch("bills", bill, day.tick() if books.switches.archive_touches else None)
    books.mark("vendors", bill.body["vendorId"])


def partners(books: Books, name: str) -> list[Row]:
    """Return the vendors or customers the company deals with of its own accord."""
    return [
        row
        for row in books.rows(name)
        if not row.body["archived"] and not row.hidden.get("by_hand")
    ]


def odd_bills(books: Books, day: Day) -> None:
    """Now and then enter a draft, a zero bill, a refund or a duplicate."""
    vendors = partners(books, "vendors")
    if day.chance(0.04):
        _enter_draft(books, day, day.pick(vendors))
    if day.chance(0.012):
        _reprice(books, enter_bill(books, day, day.pick(vendors)), ZERO)
    if day.chance(0.008):
        _reprice(books, enter_bill(books, day, day.pick(vendors)), Decimal("-45.00"))
    if day.chance(0.02):
        enter_duplicate(books, day)


def _enter_draft(books: Books, day: Day, vendor: Row) -> None:
    """Enter a bill that is not finished; drafts look archived."""
    draft = enter_bill(books, day, vendor, archived=True, recordStatus="DRAFT")
    books.plans.open_bills.pop(draft.id, None)
    books.plans.drafts.append(draft.id)


def _reprice(books: Books, bill: Row, amount: Decimal) -> None:
    """Leave one line of a given amount on a new bill."""
    line = bill.body["billLineItems"][0]
    line["amount"] = amount
    line.pop("quantity", None)
    line.pop("price", None)
    bill.body["billLineItems"] = [line]
    set_totals(bill)
    derive(books, "bills", bill)
    books.mark("bills", bill.id)


def enter_duplicate(books: Books, day: Day) -> Row | None:
    """Enter a recent bill a second time, under almost the same number."""
    recent = list(books.plans.open_bills)[-30:]
    if not recent:
        return None
    original = books.row("bills", day.pick(recent))
    number = original.body["invoice"]["invoiceNumber"]
    again = number.replace("-", "") if "-" in number else f"{number}A"
    vendor = books.row("vendors", original.body["vendorId"])
    lines = [
        line | {"id": books.ids.next("bli")} for line in original.body["billLineItems"]
    ]
    invoice = original.body["invoice"] | {"invoiceNumber": again}
    keys = ("dueDate", "exchangeRate")
    same = {key: original.body[key] for key in keys if key in original.body}
    return enter_bill(books, day, vendor, billLineItems=lines, invoice=invoice, **same)


def finish_drafts(books: Books, day: Day) -> None:
    """Finish or drop drafts after a while."""
    for draft_id in books.plans.drafts[:-2]:
        if not day.chance(0.08):
            continue
        draft = books.row("bills", draft_id)
        books.plans.drafts.remove(draft_id)
        if day.chance(0.25):
            draft.body["recordStatus"] = "DRAFT_DELETED"
            books.touch("bills", draft, day.tick())
        else:
            restore_bill(books, day, draft)


def tidy_bills(books: Books, day: Day) -> None:
    """Edit some untouched bills, archive a few, restore fewer."""
    for bill in open_bills(books)[-60:]:
        if not is_untouched(bill) or bill.body["amount"] <= 0:
            continue
        if day.chance(0.004):
            edit_bill(books, day, bill)
        elif day.chance(0.0012):
            archive_bill(books, day, bill)
            books.plans.shelved.append(bill.id)
    if books.plans.shelved and day.chance(0.01):
        restore_bill(books, day, books.row("bills", books.plans.shelved.pop(0)))
