"""Acts on payments to vendors: make, cancel, advance, bounce, void.

Here belongs: what a person or the bank does with one payment. Not here: how statuses
are written (bank.py) or planned (fates.py).
"""

from datetime import date
from decimal import Decimal
from typing import Any

from bill_source.sandbox.acts.given import (
    Moment,
    day_given,
    found,
    money,
    one_of,
    positive,
    shares,
    taken,
)
from bill_source.sandbox.answers import Body
from bill_source.sandbox.bank import release, send_again, take_step, void
from bill_source.sandbox.bank import request_void as ask_for_void
from bill_source.sandbox.books import Books
from bill_source.sandbox.days import business_day_after
from bill_source.sandbox.derived import ZERO
from bill_source.sandbox.fates import FATES
from bill_source.sandbox.paying import (
    common_body,
    online_body,
    register,
    schedule,
    touch_credits,
)
from bill_source.sandbox.store import Row

METHODS = ("CHECK", "ACH", "VIRTUAL_CARD", "INTERNATIONAL_E_PAYMENT")
VOIDS = ("VOID_ONLY", "VOID_AND_CREDIT", "VOID_AND_REISSUE")
STEPS = (
    *("FUNDING_STARTED", "PROCESSED", "SENT", "DELIVERED", "CLEARED"),
    *("DISBURSEMENT_ON_HOLD", "FUNDS_ESCHEATED"),
)
"""Statuses a payment is advanced to; the others are acts of their own."""
BOUNCES = (
    "DISBURSEMENT_FAILED_ACTION_NEEDED",
    "DISBURSEMENT_FAILED_VENDOR_BANK_REJECTED",
)
_SENT = ("SENT", "DELIVERED", "CLEARED")


def pay_bill(
    books: Books,
    day: Moment,
    *,
    bills: Any,
    online: bool = True,
    method: str = "CHECK",
    process_date: date | str | None = None,
    credits: dict[str, Any] | None = None,  # noqa: A002 - BILL's word
    fate: str = "cleared",
) -> Row:
    """Pay bills of one vendor: an id, several, or ids with amounts.

    ``credits`` are vendor credits with amounts, used on the first bill. An online
    payment goes its way by the clock, to the ending ``fate``; another one is done.
    """
    one_of(method, METHODS, "method")
    one_of(fate, FATES, "fate")
    rows = {one: taken(books, "bills", one) for one in shares(bills, "bill")}
    vendors = {row.body["vendorId"] for row in rows.values()}
    if len(vendors) != 1:
        raise ValueError("a payment is for one or more bills of one vendor")
    vendor = found(books, "vendors", vendors.pop())
    payment_id = books.ids.next("stp")
    parts = _parts(books, payment_id, rows, shares(bills, "bill"), credits or {})
    default = business_day_after(day.today) if online else day.today
    on = day_given(process_date, default)
    if online:
        body = online_body(books, day, vendor, parts, on, method)
        body["id"] = payment_id
        payment = schedule(books, day, body, fate=fate, discounts={})
    else:
        body = common_body(books, vendor, parts, on) | _OFFLINE
        body |= {"id": payment_id, "createdBy": books.plans.coding["users"][0]}
        payment = books.add("payments", body, day.now)
        touch_credits(books, parts, payment)
        register(books, payment, "settle")
    return taken(books, "payments", payment.id)


_OFFLINE: Body = {
    "status": "PAID",
    "disbursementType": "OFFLINE",
    "onlinePayment": False,
}


def _parts(
    books: Books,
    payment_id: str,
    rows: dict[str, Row],
    amounts: dict[str, Decimal | None],
    used: dict[str, Any],
) -> list[Body]:
    """Return a payment's share of each bill; money after the credits used."""
    parts: list[Body] = []
    for bill_id, bill in rows.items():
        credits_used = [] if parts else _use(books, bill, used)
        left = bill.body["dueAmount"] - sum(
            (one["amount"] for one in credits_used), ZERO
        )
        wanted = amounts[bill_id]
        amount = positive(left if wanted is None else wanted, left, bill_id)
        part: Body = {"id": books.ids.next("blp"), "billId": bill_id, "amount": amount}
        parts.append(part | ({"vendorCredits": credits_used} if credits_used else {}))
    for used_credit in parts[0].get("vendorCredits", ()):
        _note_use(books, used_credit, parts[0]["billId"], payment_id)
    return parts


def _use(books: Books, bill: Row, used: dict[str, Any]) -> list[Body]:
    """Check which credits are used on a bill, and how much of each."""
    shown: list[Body] = []
    for credit_id, amount in used.items():
        credit = taken(books, "vendor-credits", credit_id)
        if credit.body["vendorId"] != bill.body["vendorId"]:
            raise ValueError(f"{credit_id} is of another vendor than {bill.id}")
        left = credit.body["amount"] - credit.body["appliedAmount"]
        shown.append(
            {"id": credit_id, "amount": positive(money(amount), left, credit_id)}
        )
    return shown


def _note_use(books: Books, used: Body, bill_id: str, payment_id: str) -> None:
    """Let a credit show the bill and the payment it is used with."""
    credit = books.row("vendor-credits", used["id"])
    use = {"billId": bill_id, "paymentId": payment_id, "amount": used["amount"]}
    credit.body["usage"] = [*credit.body["usage"], use]
    books.link("credits", bill_id, credit.id)


def cancel_payment(books: Books, day: Moment, *, payment: str) -> Row:
    """Cancel a payment that is only scheduled."""
    row = _in_status(books, payment, ("SCHEDULED",))
    row.hidden["plan"].clear()
    row.body["cancelRequestSubmitted"] = True
    take_step(books, day, row, "CANCELED")
    return row


def advance_payment(
    books: Books, day: Moment, *, payment: str, status: str | None = None
) -> Row:
    """Carry out a payment's next planned step at once, or bring it to a status."""
    row = taken(books, "payments", payment)
    plan = row.hidden.get("plan", [])
    if status is None:
        if not plan:
            raise ValueError(f"{payment} has no step to come")
        take_step(books, day, row, plan.pop(0)[1])
        return row
    one_of(status, STEPS, "status")
    _in_status(books, payment, ("SCHEDULED", *STEPS))
    planned = [step for _, step in plan]
    if status in planned:
        del plan[: planned.index(status) + 1]
    elif status in {"CLEARED", "FUNDS_ESCHEATED"}:
        plan.clear()
    take_step(books, day, row, status)
    return row


def bounce_payment(
    books: Books, day: Moment, *, payment: str, status: str = BOUNCES[0]
) -> Row:
    """Let a payment that was sent, or even cleared, come back."""
    row = _in_status(books, payment, _SENT)
    row.hidden["plan"].clear()
    take_step(books, day, row, one_of(status, BOUNCES, "status"))
    return row


def fail_funding(books: Books, day: Moment, *, payment: str) -> Row:
    """Let the payer's bank refuse: unsent it is void, sent it is owed to BILL."""
    unsent = ("SCHEDULED", "FUNDING_STARTED", "PROCESSED")
    row = _in_status(books, payment, (*unsent, *_SENT))
    is_unsent = row.body["singleStatus"] in unsent
    row.hidden["plan"].clear()
    status = "FUNDING_FAILED_VOIDED" if is_unsent else "FUNDING_FAILED_ACTION_NEEDED"
    take_step(books, day, row, status)
    return row


def request_void(
    books: Books, day: Moment, *, payment: str, kind: str = "VOID_ONLY"
) -> Row:
    """Ask for a void, which stays undecided until it is answered."""
    one_of(kind, VOIDS, "kind")
    row = _in_status(books, payment, (*_SENT, *BOUNCES, "DISBURSEMENT_ON_HOLD"))
    abroad = row.body["disbursementType"] == "INTERNATIONAL_E_PAYMENT"
    if abroad and kind == "VOID_AND_REISSUE":
        raise ValueError(f"{payment} is international: BILL does not reissue those")
    row.hidden |= {"held_plan": list(row.hidden["plan"])}
    row.hidden["plan"].clear()
    ask_for_void(books, row, day.now, kind)
    return row


def answer_void(
    books: Books,
    day: Moment,
    *,
    payment: str,
    accepted: bool = True,
    same_payment: bool = False,
) -> Row:
    """Answer the request: rejected, the payment goes on; else it is void or reissued.

    A reissue is a new payment, or the ``same_payment`` on its way once more: BILL does
    not say which.
    """
    row = _in_status(books, payment, ("VOID_PENDING",))
    reissue = row.body["voidInfo"][-1]["type"] == "VOID_AND_REISSUE"
    held = row.hidden.pop("held_plan", [])
    if not accepted:
        row.hidden["plan"] = held
        take_step(books, day, row, "VOID_REJECTED")
        if held and row.id not in books.plans.moving:
            books.plans.moving.append(row.id)
    elif reissue and same_payment:
        send_again(books, day, row)
    else:
        void(books, day, row, reissue=reissue, at=day.now)
    return row


def void_payment(
    books: Books,
    day: Moment,
    *,
    payment: str,
    kind: str = "VOID_ONLY",
    same_payment: bool = False,
) -> Row:
    """Void a payment, asked and accepted at once; an offline one is simply void."""
    row = found(books, "payments", payment)
    if not row.body["onlinePayment"]:
        return _void_offline(books, day, taken(books, "payments", payment))
    request_void(books, day, payment=payment, kind=kind)
    return answer_void(books, day, payment=payment, same_payment=same_payment)


def _void_offline(books: Books, day: Moment, payment: Row) -> Row:
    """Void a payment recorded from outside, which has a coarse status only."""
    if payment.body["status"] != "PAID":
        raise ValueError(f"{payment.id} is {payment.body['status']} already")
    payment.body["status"] = "VOID"
    books.touch("payments", payment, day.now)
    release(books, payment, day.now)
    register(books, payment, "void")
    return payment


def _in_status(books: Books, payment: str, allowed: tuple[str, ...]) -> Row:
    """Return a payment whose status lets an act happen."""
    row = taken(books, "payments", payment)
    status = row.body.get("singleStatus") or "offline"
    if status not in allowed:
        raise ValueError(f"{payment} is {status}; this takes {', '.join(allowed)}")
    return row
