"""Lists of the organization itself: approvals, who may pay, statements, exports.

Here belongs: one writer per list, each a function of the books. Not here: what hangs on
single bills, invoices and partners (paperwork.py).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from bill_source.sandbox.annex import Annex, Entry
from bill_source.sandbox.answers import Body
from bill_source.sandbox.books import Books
from bill_source.sandbox.days import cents
from bill_source.sandbox.paperwork import link, when_changed, when_grown
from bill_source.sandbox.store import Row

_SEAT = Decimal("55.00")
_FEES = {
    "CHECK": ("Checks mailed", Decimal("1.99")),
    "ACH": ("ACH payments", Decimal("0.59")),
    "INTERNATIONAL_E_PAYMENT": ("International payments", Decimal("14.99")),
}
_MASS_PAYMENTS = 4
_WAITING = {"ASSIGNED", "APPROVING"}


def _policies(books: Books) -> Iterator[Entry]:
    """Yield two rules of who approves what."""
    approver, other = books.rows("users")[3], books.rows("users")[1]
    rules = (
        ("Large bills", "BILL_AMOUNT", "gte", "5000", approver),
        ("Rent", "CHART_OF_ACCOUNT_ID", "eq", books.plans.accounts["rent"], other),
    )
    for number, (name, key, operator, value, user) in enumerate(rules, start=1):
        policy_id = f"{books.company.id}-{number}"
        person = {"userId": user.id, "fullName": _full_name(user)}
        rule = {"key": key, "op": operator, "values": [{"value": value}]}
        body = {"id": policy_id, "policyName": name, "status": "ACTIVE"}
        lists = {"rules": [rule], "approvers": {"users": [person], "groups": []}}
        yield Entry(policy_id, body | lists)


def _full_name(user: Row) -> str:
    """Return a user's name in one field."""
    return f"{user.body['firstName']} {user.body['lastName']}"


def _pending(books: Books) -> Iterator[Entry]:
    """Yield bills that wait for the user whom the sandbox lets in."""
    signed_in = books.rows("users")[0].id
    for bill in books.rows("bills"):
        asked = [
            one["userId"]
            for one in bill.body.get("approvers", ())
            if one["status"] == "WAITING"
        ]
        if bill.body.get("approvalStatus") in _WAITING and signed_in in asked:
            shown = {key: bill.body[key] for key in ("vendorId", "amount", "dueDate")}
            yield Entry(bill.id, {"billId": bill.id} | shown)


def _bank_users(books: Books) -> Iterator[Entry]:
    """Yield who may pay from each bank account."""
    for bank in books.rows("bank-accounts"):
        for index, user in enumerate(books.rows("users")[:2]):
            row_id = books.ids.of("xbu", f"{bank.id}|{user.id}")
            body = {"id": row_id, "bankAccountId": bank.id}
            yield Entry(row_id, body | _may_pay(bank, user, nominated=index == 1))


def _card_users(books: Books) -> Iterator[Entry]:
    """Yield who may pay with each card; BILL gives these rows no id."""
    user = books.rows("users")[0]
    for card in books.rows("card-accounts"):
        nominated = bool(card.hidden.get("nominated"))
        who = _may_pay(card, user, nominated=nominated)
        shown = {key: who[key] for key in ("userId", "archived", "verificationStatus")}
        yield Entry(card.id, {"cardAccountId": card.id} | shown)


def _may_pay(account: Row, user: Row, *, nominated: bool) -> Body:
    """Return one user's right to one account."""
    return {
        "userId": user.id,
        "archived": account.body["archived"],
        "verificationStatus": "NOMINATED" if nominated else "VERIFIED",
        "createdTime": account.body["createdTime"],
        "updatedTime": account.body["createdTime"],
    }


def _ap_cards(books: Books) -> Iterator[Entry]:
    """Yield the company's cards for paying bills."""
    made = books.company.body["createdTime"]
    for status, limit in (("ACTIVE", "25000.00"), ("INACTIVE", "5000.00")):
        card_id = books.ids.of("xap", status)
        yield Entry(
            card_id,
            {
                "id": card_id,
                "status": status,
                "nameOnAccount": books.company.body["name"],
                "balance": Decimal("0.00"),
                "limit": Decimal(limit),
                "createdTime": made,
                "updatedTime": made,
            },
        )


def _permissions(_: Books) -> Iterator[Entry]:
    """Yield what the organization and the signed-in user may fund with."""
    card = {"payByCard": True, "fundingEnabled": True, "amexAllowed": False}
    organization = {"card": card, "wallet": {"fundingEnabled": False}}
    yield Entry("", {"organization": organization, "user": {"payOnline": False}})


def _statements(books: Books) -> Iterator[Entry]:
    """Yield what BILL charged for each month that has ended."""
    start = books.company.body["createdTime"].date().replace(day=1)
    last = books.lived_until or start
    while (following := _next_month(start)) <= last:
        yield _statement(books, start, following, last)
        start = following


def _next_month(day: date) -> date:
    """Return the first day of the next month."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _statement(books: Books, start: date, issued: date, today: date) -> Entry:
    """Return the statement of one month, issued on the first of the next."""
    details = _charges(books, start.isoformat()[:7])
    row_id = books.ids.of("xbs", start.isoformat())
    paid = issued + timedelta(days=4)
    is_paid = paid <= today
    body: Body = {
        "id": row_id,
        "invoiceNumber": f"BILL-{start:%Y-%m}",
        "invoiceDate": issued.isoformat(),
        "billingPeriod": {
            "startDate": start.isoformat(),
            "endDate": (issued - timedelta(days=1)).isoformat(),
        },
        "description": f"BILL subscription and transaction fees, {start:%B %Y}",
        "amount": sum((one["amount"] for one in details), Decimal("0.00")),
        "paymentStatus": "PAID" if is_paid else "UNPAID",
    }
    if is_paid:
        body["paymentDate"] = paid.isoformat()
    links = {"csv": link(f"{row_id}.csv"), "pdf": link(f"{row_id}.pdf")}
    return Entry(row_id, body | {"downloadLink": links, "statementDetails": details})


def _charges(books: Books, month: str) -> list[Body]:
    """Return the lines of one month's statement: seats, then fees by kind."""
    seats = sum(not user.body["archived"] for user in books.rows("users"))
    charges = [_charge(seats, "Essentials seats", "SUBSCRIPTION", _SEAT)]
    kinds = [
        payment.body.get("disbursementType")
        for payment in books.rows("payments")
        if payment.body["processDate"].startswith(month)
        and payment.body["onlinePayment"]
    ]
    for kind, (text, fee) in _FEES.items():
        if kind in kinds:
            charges.append(_charge(kinds.count(kind), text, "TRANSACTION", fee))
    return charges


def _charge(quantity: int, text: str, kind: str, fee: Decimal) -> Body:
    """Return one line of a statement."""
    amount = cents(quantity * fee)
    return {"quantity": quantity, "description": text, "type": kind, "amount": amount}


def _exports(books: Books) -> Iterator[Entry]:
    """Yield scheduled exports; BILL documents no field of them but the id."""
    for statement in books.rows("billing-statements"):
        export_id = books.ids.of("xex", statement.id)
        yield Entry(export_id, {"exportId": export_id})


def _batches(books: Books) -> Iterator[Entry]:
    """Yield the one mass payment the company ever made, long completed."""
    made = [
        payment for payment in books.rows("payments") if payment.body["onlinePayment"]
    ]
    if len(made) >= _MASS_PAYMENTS:
        batch_id = books.ids.of("bbq", "first")
        count = {"scheduled": 0, "completed": _MASS_PAYMENTS, "failed": 0}
        body = {"paymentBatchId": batch_id, "batchStatus": "COMPLETED"}
        count["total"] = _MASS_PAYMENTS
        at = made[_MASS_PAYMENTS - 1].body["createdTime"]
        yield Entry(batch_id, body | {"count": count, "updatedTime": at})


def office() -> dict[str, Annex[Books]]:
    """Return the lists of this module, not yet written."""
    return {
        "bill-approval-policies": Annex(when_grown("users"), _policies),
        "bills-pending-approval": Annex(when_changed("bills"), _pending),
        "bank-account-users": Annex(when_changed("bank-accounts"), _bank_users),
        "card-account-users": Annex(when_changed("card-accounts"), _card_users),
        "ap-cards": Annex(lambda _: "always the same", _ap_cards),
        "funding-permissions": Annex(lambda _: "always the same", _permissions),
        "billing-statements": Annex(when_grown("payments"), _statements),
        "exports": Annex(when_grown("billing-statements"), _exports),
        "mass-payment-batches": Annex(lambda _: "always the same", _batches),
    }
