"""What hangs on bills, invoices and partners: files, contacts, accounts, audit trails.

Here belongs: one writer per list, each a function of the books. Not here: lists of the
organization itself (office.py). Every link leads nowhere: the sandbox keeps no files.
"""

import hashlib
from collections.abc import Callable, Hashable, Iterator
from datetime import datetime, timedelta

from bill_source.sandbox.annex import Annex, Entry
from bill_source.sandbox.answers import Body
from bill_source.sandbox.books import Books
from bill_source.sandbox.store import Row
from bill_source.sandbox.words import FIRST, LAST

DOWNLOADS = "https://downloads.bill.example/"
_SCANS = ("CLEAN",) * 30 + ("NOT_SCANNED", "REJECTED")
_FILES = {
    "invoices": (20, ("packing-slip.pdf", "timesheet.pdf", "signed-off.pdf")),
    "vendors": (35, ("W-9.pdf", "contract.pdf", "certificate-of-insurance.pdf")),
    "customers": (25, ("master-agreement.pdf", "tax-exemption.pdf")),
}


def dice(*words: str) -> int:
    """Return a large number that is always the same for the same words."""
    digest = hashlib.blake2b("|".join(words).encode(), digest_size=8).digest()
    return int.from_bytes(digest)


def link(file_id: str) -> str:
    """Return a download link as opaque as BILL's, of a host that cannot exist."""
    return f"{DOWNLOADS}{dice('link', file_id):016x}"


def _documents(books: Books) -> Iterator[Entry]:
    """Yield what vendors sent: on two bills of three, sometimes two files."""
    for bill in books.rows("bills"):
        drawn = dice("documents", bill.id)
        number = str(bill.body.get("invoice", {}).get("invoiceNumber", "bill"))
        for index in range((0, 1, 1, 1, 0, 2)[drawn % 6]):
            file_id = books.ids.of("00h", f"{bill.id}|{index}")
            name = number.replace("/", "-") + ("", "-delivery-note")[index] + ".pdf"
            body = _file(file_id, name, bill.body["createdTime"])
            body["scanStatus"] = _SCANS[drawn // 7 % len(_SCANS)]
            body["numOfPages"] = 1 + drawn // 11 % 3
            yield Entry(file_id, body, bill.id)


def _file(file_id: str, name: str, at: datetime) -> Body:
    """Return what BILL tells of a file."""
    return {
        "id": file_id,
        "name": name,
        "createdTime": at,
        "downloadLink": link(file_id),
    }


def _uploads(books: Books) -> Iterator[Entry]:
    """Yield the upload each bill's document came from."""
    for document in books.rows("bill-documents"):
        upload = books.ids.of("0du", document.id)
        status = {"uploadId": upload, "status": "UPLOADED", "documentId": document.id}
        yield Entry(upload, status)


def _attachments(books: Books, parents: str) -> Iterator[Entry]:
    """Yield files attached to some records of a list."""
    percent, names = _FILES[parents]
    for parent in books.rows(parents):
        drawn = dice("attachment", parent.id)
        if drawn % 100 < percent:
            file_id = books.ids.of("att", parent.id)
            name = names[drawn // 100 % len(names)]
            body = _file(file_id, name, parent.body["createdTime"])
            yield Entry(file_id, body, parent.id)


def _contacts(books: Books) -> Iterator[Entry]:
    """Yield one or two people at most customers."""
    for customer in books.rows("customers"):
        drawn = dice("contacts", customer.id)
        for index in range((1, 1, 2, 1, 0)[drawn % 5]):
            contact_id = books.ids.of("xct", f"{customer.id}|{index}")
            yield Entry(contact_id, _person(contact_id, customer, index), customer.id)


def _person(contact_id: str, customer: Row, index: int) -> Body:
    """Return one person; the first is the customer's own contact."""
    drawn = dice("person", contact_id)
    named = {
        "firstName": FIRST[drawn % len(FIRST)],
        "lastName": LAST[drawn % len(LAST)],
    }
    if index == 0:
        named = dict(customer.body.get("contact", named))
    host = customer.body["email"].rpartition("@")[2]
    archived = index > 0 and drawn % 3 == 0
    email = f"{named['firstName'].lower()}@{host}"
    return {"id": contact_id, "archived": archived, **named, "email": email}


def _customer_banks(books: Books) -> Iterator[Entry]:
    """Yield the account of each customer who pays from one."""
    for customer in books.rows("customers"):
        if customer.body.get("hasBankAccount"):
            bank_id = books.ids.of("xcb", customer.id)
            body = {"id": bank_id, "archived": False, "nickname": "Operating account"}
            yield Entry(bank_id, body | {"ownerType": "BUSINESS"}, customer.id)


def _vendor_banks(books: Books) -> Iterator[Entry]:
    """Yield the bank account of each vendor who has one."""
    for vendor in books.rows("vendors"):
        account = vendor.body.get("paymentInformation", {}).get("bankAccount")
        if account:
            yield Entry(vendor.id, dict(account), vendor.id)


def _audit_trail(books: Books) -> Iterator[Entry]:
    """Yield how each vendor was entered and edited, oldest first."""
    for vendor in books.rows("vendors"):
        events = sorted(_events(books, vendor), key=lambda event: event["createdTime"])
        for index, event in enumerate(events):
            yield Entry(f"{vendor.id}|{index}", event, vendor.id)


def _events(books: Books, vendor: Row) -> Iterator[Body]:
    """Yield a vendor's creation, an early correction, archiving, later edits."""
    drawn = dice("audit", vendor.id)
    made = vendor.body["createdTime"]
    users = books.rows("users")
    yield _event(users[drawn % 3], "CREATE", made, "name", None, vendor.body["name"])
    corrected = made + timedelta(days=1 + drawn // 3 % 9, seconds=drawn % 3600)
    lived = books.lived_until
    edits = [one for one in books.edits if one.row_id == vendor.id]
    if drawn % 4 == 0 and lived is not None and corrected.date() <= lived:
        later = (one.previous for one in edits if one.field == "email")
        email = str(next(later, vendor.body.get("email", "")))
        old = email.replace("billing@", "office@")
        yield _event(users[0], "UPDATE", corrected, "email", old, email)
    if vendor.body["archived"] and not any(one.field == "archived" for one in edits):
        when = vendor.body["updatedTime"]
        yield _event(users[0], "UPDATE", when, "archived", "false", "true")
    for edit in edits:
        values = _text(edit.previous), _text(edit.current)
        yield _event(users[0], "UPDATE", edit.at, edit.field, *values)


def _text(value: object) -> str | None:
    """Return a field's value as the trail has it: always text."""
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


def _event(
    user: Row, kind: str, at: datetime, name: str, previous: str | None, now: str | None
) -> Body:
    """Return one entry of an audit trail."""
    values = {"previous": previous, "current": now}
    return {
        "source": "WEB",
        "type": kind,
        "createdTime": at,
        "user": {
            "id": user.id,
            "name": f"{user.body['firstName']} {user.body['lastName']}",
        },
        "field": {
            "name": name,
            "value": {key: text for key, text in values.items() if text is not None},
        },
    }


def when_grown(*names: str) -> Callable[[Books], Hashable]:
    """Return what differs when one of these lists has grown or a day has passed."""
    return lambda books: (*map(books.count, names), books.lived_until)


def when_changed(*names: str) -> Callable[[Books], Hashable]:
    """Return what differs when a record of one of these lists has changed."""
    return lambda books: tuple(map(books.version, names))


def paperwork() -> dict[str, Annex[Books]]:
    """Return the lists of this module, not yet written."""
    return {
        "bill-documents": Annex(when_grown("bills"), _documents),
        "document-upload-status": Annex(when_grown("bill-documents"), _uploads),
        "invoice-attachments": _attached("invoices"),
        "vendor-attachments": _attached("vendors"),
        "customer-attachments": _attached("customers"),
        "customer-contacts": Annex(when_grown("customers"), _contacts),
        "customer-bank-accounts": Annex(when_changed("customers"), _customer_banks),
        "vendor-bank-account": Annex(when_changed("vendors"), _vendor_banks),
        "vendor-audit-trail": Annex(when_changed("vendors"), _audit_trail),
    }


def _attached(parents: str) -> Annex[Books]:
    """Return the list of files attached to one kind of record."""
    return Annex(when_grown(parents), lambda books: _attachments(books, parents))
