"""BILL's events: which there are, which change makes which, what a notification says.

Here belongs: the catalog and one payload per kind of record. Not here: subscriptions
(webhooks.py), sending (deliveries.py).
"""

from typing import Any

from bill_source.sandbox.answers import Body

VERSION = "1"
_LIFE = ("created", "updated", "archived", "restored")
CATALOG = (
    *(f"vendor.{end}" for end in _LIFE),
    "autopay.failed",
    *(f"bill.{end}" for end in _LIFE),
    *("payment.updated", "payment.failed", "mass-payment.updated"),
    *("bank-account.created", "bank-account.updated"),
    *("card-account.created", "card-account.updated"),
    *(f"invoice.{end}" for end in _LIFE),
    "risk-verification.updated",
    "spend.transaction.updated",
    *(f"spend.reimbursement.{end}" for end in ("created", "updated", "deleted")),
    "spend.three-ds-challenge.created",
)
"""Every event; customers, credits, memos and receipts have none."""

KINDS = {
    "vendors": "vendor",
    "bills": "bill",
    "payments": "payment",
    "bank-accounts": "bank-account",
    "card-accounts": "card-account",
    "invoices": "invoice",
}
_SHOWN = {
    "vendor": (
        *("id", "name", "accountType", "email", "archived", "billCurrency"),
        *("createdTime", "updatedTime"),
    ),
    "bill": (
        *("id", "vendorId", "vendorName", "invoice", "amount", "createdTime"),
        *("updatedTime", "createdBy", "archived", "dueDate", "paymentStatus"),
    ),
    "payment": (
        *("id", "transactionNumber", "createdBy", "createdTime", "updatedTime"),
        "processDate",
    ),
    "bank-account": (
        *("id", "archived", "status", "type", "bankName", "createdTime"),
        "updatedTime",
    ),
    "card-account": ("id", "archived", "status", "brand", "createdTime", "updatedTime"),
    "invoice": (
        *("id", "customerId", "invoiceNumber", "invoiceDate", "status"),
        *("totalAmount", "dueAmount", "createdTime", "updatedTime", "archived"),
    ),
}
_WITHOUT_SHELF = frozenset({"payment", "bank-account", "card-account"})


def events_of(
    name: str, body: Body, *, is_new: bool, was_archived: bool, moved: bool
) -> list[str]:
    """Return the events of one change of a record; most lists have none.

    ``moved`` tells whether its updatedTime did: what BILL derives makes no event.
    """
    kind = KINDS.get(name)
    if kind is None:
        return []
    if kind == "payment":
        status = body.get("singleStatus", "")
        failed = ["payment.failed"] if "FAILED" in status else []
        return ["payment.updated", *failed] if moved else []
    if is_new:
        return [f"{kind}.created"]
    archived = bool(body.get("archived"))
    if archived != was_archived and kind not in _WITHOUT_SHELF:
        return [f"{kind}.{'archived' if archived else 'restored'}"]
    return [f"{kind}.updated"] if moved else []


def entity_of_event(event_type: str, body: Body) -> Body:
    """Return the part of a notification that shows the record."""
    kind = event_type.split(".", maxsplit=1)[0]
    shown: Body = {key: body[key] for key in _SHOWN.get(kind, ()) if key in body}
    if kind == "bill" and "invoice" in shown:
        shown["invoice"] = _at_midnight(shown["invoice"])
    elif kind == "invoice":
        shown = _at_midnight(shown)
    elif kind == "payment":
        shown |= _payment(body)
    first, *others = kind.split("-")
    return {first + "".join(word.title() for word in others): shown}


def _at_midnight(shown: Body) -> Body:
    """Write an invoice date as notifications do, with a time and a zone."""
    if "invoiceDate" not in shown:
        return shown
    return shown | {"invoiceDate": f"{shown['invoiceDate']}T00:00:00.000Z"}


def _payment(body: Body) -> Body:
    """Return what a notification says of a payment in its own way."""
    if not body:
        return {}
    funding: Any = body.get("fundingAccount", {})
    return {
        "billIds": [part["billId"] for part in body["billPayments"]],
        "status": body.get("singleStatus", body["status"]),
        "funding": funding | {"amount": body["fundingAmount"]},
        "disbursement": {"type": body["disbursementType"], "amount": body["amount"]},
        "vendor": {"id": body["vendorId"], "name": body["vendorName"]},
        "billingType": "BDC",
    }


def notification(
    event_type: str, body: Body, *, event_id: str, subscription_id: str, company: str
) -> Body:
    """Return a whole notification."""
    metadata = {
        "eventId": event_id,
        "subscriptionId": subscription_id,
        "organizationId": company,
        "eventType": event_type,
        "version": VERSION,
    }
    return {"metadata": metadata} | entity_of_event(event_type, body)
