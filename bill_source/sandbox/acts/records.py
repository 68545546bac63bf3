"""Acts on any record: archive, restore, edit, remove.

Here belongs: what BILL lets a person do with a record of any list. Not here: acts of
one kind of record.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from bill_source.sandbox.acts.given import Moment, found, taken
from bill_source.sandbox.acts.payables import amount_lines
from bill_source.sandbox.acts.receivables import priced_lines
from bill_source.sandbox.answers import Body
from bill_source.sandbox.bill_changes import archive_bill, restore_bill, save_lines
from bill_source.sandbox.books import Books
from bill_source.sandbox.derived import ZERO
from bill_source.sandbox.directory import ALL
from bill_source.sandbox.selling import (
    line_total,
    save_invoice_lines,
    shelve_invoice,
)
from bill_source.sandbox.store import Row

LINES = {
    "bills": ("billLineItems", "bli"),
    "vendor-credits": ("vendorCreditLineItems", "vci"),
    "invoices": ("invoiceLineItems", "xil"),
    "credit-memos": ("creditMemoLineItems", "xcl"),
}
DERIVED = frozenset(
    {
        *("id", "createdTime", "updatedTime", "archived", "recordStatus"),
        *("paidAmount", "dueAmount", "scheduledAmount", "creditAmount", "usage"),
        *("appliedAmount", "unappliedAmount", "paymentStatus", "status"),
        *("singleStatus", "payments", "balance", "billPayments", "invoicePayments"),
        *("amount", "totalAmount", *(key for key, _ in LINES.values())),
    }
)
"""What follows from other acts, so that no edit may say otherwise."""


def archive(books: Books, day: Moment, *, list_name: str, row_id: str) -> Row:
    """Make a record inactive; once more changes nothing."""
    row = _archivable(books, list_name, row_id)
    if row.body["archived"]:
        return row
    if list_name == "bills":
        if row.body["dueAmount"] != row.body["amount"]:
            raise ValueError(f"{row_id} is partly paid: only unpaid bills are archived")
        archive_bill(books, day, row)
    elif list_name == "invoices":
        shelve_invoice(books, day, row, archived=True)
    else:
        _shelve(books, day, list_name, row, archived=True)
    return row


def restore(books: Books, day: Moment, *, list_name: str, row_id: str) -> Row:
    """Make a record active again; vendor credits stay archived."""
    row = _archivable(books, list_name, row_id)
    if not row.body["archived"]:
        return row
    if list_name == "vendor-credits":
        raise ValueError("an archived vendor credit cannot be restored")
    if list_name == "bills":
        restore_bill(books, day, row)
    elif list_name == "invoices":
        shelve_invoice(books, day, row, archived=False)
    else:
        _shelve(books, day, list_name, row, archived=False)
    return row


def _archivable(books: Books, list_name: str, row_id: str) -> Row:
    """Return a record that can be archived at all."""
    row = taken(books, _list(list_name), row_id)
    if "archived" not in row.body:
        raise ValueError(f"{list_name} cannot be archived")
    return row


def _shelve(books: Books, day: Moment, name: str, row: Row, *, archived: bool) -> None:
    """Set a record's archived mark."""
    row.body["archived"] = archived
    books.touch(name, row, day.now if books.switches.archive_touches else None)


def edit(
    books: Books,
    day: Moment,
    *,
    list_name: str,
    row_id: str,
    set: Body | None = None,  # noqa: A002 - what the control call `change` says too
    lines: Sequence[Body] | None = None,
) -> Row:
    """Edit a record's own fields, its lines or both.

    Saving a document gives its lines new ids unless a switch says they survive.
    """
    row = taken(books, _list(list_name), row_id)
    fixed = DERIVED & (set or {}).keys()
    if fixed:
        raise ValueError(f"{', '.join(sorted(fixed))} cannot be edited: use other acts")
    if lines is not None and list_name not in LINES:
        raise ValueError(f"{list_name} have no lines")
    if list_name in LINES:
        _save(books, day, list_name, row, _new_lines(books, list_name, row, lines))
    row.body |= set or {}
    books.touch(list_name, row, day.now)
    return row


def _new_lines(
    books: Books, name: str, row: Row, lines: Sequence[Body] | None
) -> list[Body]:
    """Return a document's lines as they will be: given ones, else those it has."""
    key, prefix = LINES[name]
    before: list[Body] = row.body[key]
    if lines is None:
        return [dict(line) for line in before]
    make = priced_lines if name in {"invoices", "credit-memos"} else amount_lines
    fresh = make(books, prefix, None, lines)
    if books.switches.line_ids_survive:
        for old, new in zip(before, fresh, strict=False):
            new["id"] = old["id"]
    _check_covered(name, row, fresh)
    return fresh


def _check_covered(name: str, row: Row, lines: list[Body]) -> None:
    """Refuse lines that come to less than what is paid or credited already."""
    if "dueAmount" in row.body:
        before = row.body["amount" if name == "bills" else "totalAmount"]
        covered = before - row.body["dueAmount"]
    else:
        covered = row.body["appliedAmount"]
    priced = name in {"invoices", "credit-memos"}
    total = sum((line_total(one) if priced else one["amount"] for one in lines), ZERO)
    if covered and total < covered:
        raise ValueError(f"{row.id} has {covered} paid or credited, {total} is less")


def _save(books: Books, day: Moment, name: str, row: Row, lines: list[Body]) -> None:
    """Write a document's lines and what follows from them."""
    if name == "bills":
        save_lines(books, row, lines, day.now)
    elif name == "invoices":
        save_invoice_lines(books, day, row, lines)
    else:
        _save_credit(books, name, row, lines)


def _save_credit(books: Books, name: str, row: Row, lines: list[Body]) -> None:
    """Write the lines of a vendor credit or a credit memo."""
    key, prefix = LINES[name]
    for line in lines:
        if not books.switches.line_ids_survive:
            line["id"] = books.ids.next(prefix)
        if name == "credit-memos":
            line |= {"amount": line_total(line), "taxable": False}
    total: Decimal = sum((line["amount"] for line in lines), ZERO)
    row.body |= {key: lines, "amount": total}
    books.mark(name, row.id)


def remove(books: Books, day: Moment, *, list_name: str, row_id: str) -> Row:
    """Let a record vanish, as if BILL had never listed it.

    A record that others point to is refused: they would have to go first.
    """
    row = found(books, _list(list_name), row_id)
    for kind in _POINTING.get(list_name, ()):
        if books.linked(kind, row_id):
            raise ValueError(f"{row_id} has {kind}: remove those first")
    for kind, sources in books.links.items():
        for source, targets in sources.items():
            if row_id in targets and list_name == _POINTED[kind]:
                targets.remove(row_id)
                _recompute(books, kind, source)
    _forget(books, row_id)
    books.remove(list_name, row_id)
    del day
    return row


_POINTING = {
    "vendors": ("bills",),
    "customers": ("invoices", "customer-receipts"),
    "bills": ("payments", "credits"),
    "invoices": ("receipts", "memos"),
}
_POINTED = {
    "bills": "bills",
    "payments": "payments",
    "credits": "vendor-credits",
    "invoices": "invoices",
    "receipts": "receivable-payments",
    "customer-receipts": "receivable-payments",
    "memos": "credit-memos",
}
_HOLDERS = {
    "bills": "vendors",
    "payments": "bills",
    "credits": "bills",
    "invoices": "customers",
    "receipts": "invoices",
    "customer-receipts": "customers",
    "memos": "invoices",
}


def _recompute(books: Books, kind: str, source: str) -> None:
    """Let a record be computed without the one that pointed to it."""
    books.mark(_HOLDERS[kind], source)


def _forget(books: Books, row_id: str) -> None:
    """Take a record out of everything the company still meant to do with it."""
    plans: dict[str, Any] = vars(books.plans)
    for plan in (*plans.values(), *books.plans.coding.values()):
        if isinstance(plan, list) and row_id in plan:
            plan.remove(row_id)
        elif isinstance(plan, dict):
            plan.pop(row_id, None)


def _list(name: str) -> str:
    """Return the name of a list that there is."""
    if name not in ALL:
        raise ValueError(f"{name!r} is no list of BILL")
    return name
