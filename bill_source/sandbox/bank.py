"""What the bank does with payments overnight: funding, sending, clearing, bouncing.

Here belongs: carrying out a payment's next status, voids included. Not here: which
status comes when (fates.py).
"""

from datetime import datetime
from typing import Any

from bill_source.sandbox.answers import Body
from bill_source.sandbox.books import Books
from bill_source.sandbox.days import Day, business_day_after
from bill_source.sandbox.fates import Step
from bill_source.sandbox.store import Row

_COARSE = {
    "SCHEDULED": "SCHEDULED",
    "FUNDING_STARTED": "SCHEDULED",
    "CANCELED": "CANCELLED",
    "VOIDED": "VOID",
    "FUNDING_FAILED_VOIDED": "VOID",
}
_WHY = {"CHECK": "Check lost in the mail", "ACH": "Vendor changed banks"}
_DISBURSED = {"SENT": "DONE", "DISBURSEMENT_ON_HOLD": "HOLD"}
_REASONS = {
    "VOIDED": "void",
    "CANCELED": "void",
    "FUNDING_FAILED_VOIDED": "void",
    "CLEARED": "settle",
}


def move_payments(books: Books, day: Day) -> None:
    """Carry out every status change that is due."""
    still_moving = [
        payment_id
        for payment_id in books.plans.moving
        if move_payment(books, day, books.row("payments", payment_id))
    ]
    books.plans.moving = still_moving + [
        one for one in books.plans.reissued if one not in still_moving
    ]
    books.plans.reissued.clear()


def move_payment(books: Books, day: Day, payment: Row) -> bool:
    """Carry out a payment's steps that are due; tell whether others will come."""
    plan: list[Step] = payment.hidden["plan"]
    while plan and plan[0][0] <= day.today:
        take_step(books, day, payment, plan.pop(0)[1])
    return bool(plan)


def take_step(books: Books, day: Day, payment: Row, step: str) -> None:
    """Carry out one step of a payment's plan."""
    at = day.tick()
    if step == "VOID_PENDING":
        request_void(books, payment, at)
    elif step == "VOID_REJECTED":
        _answer_void(payment, "REJECTED", at)
        set_status(books, payment, payment.hidden.pop("before_void"), at)
    elif step in {"VOIDED", "REISSUED"}:
        void(books, day, payment, reissue=step == "REISSUED", at=at)
    else:
        set_status(books, payment, step, at)
        if step in _REASONS and step != "CLEARED":
            release(books, payment, at)


def set_status(books: Books, payment: Row, status: str, at: datetime) -> None:
    """Write a status in its fine and its coarse spelling."""
    payment.body["singleStatus"] = status
    payment.body["status"] = _COARSE.get(status, "PAID")
    if status in _DISBURSED:
        payment.body["disbursementStatus"] = _DISBURSED[status]
    if status == "SENT":
        _mark_sent(books, payment, at)
    if status.startswith("DISBURSEMENT_FAILED"):
        payment.body["disbursementStatus"] = "FAILED"
    books.touch("payments", payment, at)
    for part in payment.body["billPayments"]:
        books.mark("bills", part["billId"], _REASONS.get(status, ""))
        for used in part.get("vendorCredits", ()):
            books.mark("vendor-credits", used["id"], "credit")
    books.mark("vendors", payment.body["vendorId"])


def _mark_sent(books: Books, payment: Row, at: datetime) -> None:
    """Note when money left, and a check's number."""
    info: dict[str, Any] = payment.body["disbursementInfo"]
    info["isVoidable"] = True
    for key in ("checkDisbursement", "achDisbursement", "internationalDisbursement"):
        if key in info:
            info[key].setdefault("sentDate", at.date().isoformat())
    if "checkDisbursement" in info and "checkNumber" not in info["checkDisbursement"]:
        books.plans.counts["checks"] += 1
        info["checkDisbursement"]["checkNumber"] = 10_400 + books.plans.counts["checks"]


def request_void(
    books: Books, payment: Row, at: datetime, kind: str | None = None
) -> None:
    """Ask BILL to void a payment; it will take days to answer."""
    reissue = any(step == "REISSUED" for _, step in payment.hidden["plan"])
    request: Body = {
        "id": books.ids.next("xvo"),
        "requestedBy": books.plans.coding["users"][0],
        "type": kind or ("VOID_AND_REISSUE" if reissue else "VOID_AND_CREDIT"),
        "status": "TO_BE_PROCESSED",
        "reason": _WHY.get(payment.body["disbursementType"], "Wrong amount"),
        "createdTime": at,
        "updatedTime": at,
    }
    payment.body.setdefault("voidInfo", []).append(request)
    payment.hidden["before_void"] = payment.body["singleStatus"]
    set_status(books, payment, "VOID_PENDING", at)


def _answer_void(payment: Row, status: str, at: datetime) -> None:
    """Accept or reject the newest void request, if there is one."""
    if payment.body.get("voidInfo"):
        payment.body["voidInfo"][-1] |= {"status": status, "updatedTime": at}


def void(
    books: Books, day: Day, payment: Row, *, reissue: bool = False, at: datetime
) -> None:
    """Void a payment; its bills are open again unless it is sent anew."""
    if not payment.body.get("voidInfo"):
        request_void(books, payment, at)
    _answer_void(payment, "ACCEPTED", at)
    payment.body["disbursementInfo"]["isVoidable"] = False
    set_status(books, payment, "VOIDED", at)
    if reissue:
        _reissue(books, day, payment, at)
    else:
        release(books, payment, at)


def send_again(books: Books, day: Day, payment: Row) -> None:
    """Reissue within the same payment: it is on its way once more."""
    _answer_void(payment, "ACCEPTED", day.now)
    payment.body["disbursementInfo"].get("checkDisbursement", {}).pop(
        "checkNumber", None
    )
    payment.hidden["plan"] = [(business_day_after(day.today, 6), "CLEARED")]
    set_status(books, payment, "SENT", day.now)
    if payment.id not in books.plans.moving:
        books.plans.moving.append(payment.id)


def release(books: Books, payment: Row, at: datetime) -> None:
    """Give bills and credits back that a payment had taken."""
    for part in payment.body["billPayments"]:
        if not books.row("bills", part["billId"]).hidden.get("by_hand"):
            books.plans.open_bills[part["billId"]] = None
        for used in part.get("vendorCredits", ()):
            credit = books.row("vendor-credits", used["id"])
            credit.body["usage"] = [
                use
                for use in credit.body["usage"]
                if use.get("paymentId") != payment.id
            ]
            if not credit.hidden.get("by_hand"):
                books.plans.open_credits[credit.id] = None
            books.touch("vendor-credits", credit, at)
            books.mark("vendor-credits", credit.id, "credit")


def _reissue(books: Books, day: Day, payment: Row, at: datetime) -> None:
    """Send the same money again as a new payment."""
    again = {
        key: value
        for key, value in payment.body.items()
        if key not in {"id", "voidInfo", "createdTime", "updatedTime"}
    }
    again["billPayments"] = [
        part | {"id": books.ids.next("blp")} for part in payment.body["billPayments"]
    ]
    again["processDate"] = day.today.isoformat()
    again["confirmationNumber"] = f"{payment.body['confirmationNumber']}R"
    arrives = {"arrivesByDate": business_day_after(day.today, 5).isoformat()}
    means = [key for key in payment.body["disbursementInfo"] if key != "isVoidable"]
    again["disbursementInfo"] = {"isVoidable": True} | dict.fromkeys(means, arrives)
    new = books.add("payments", again, at)
    new.hidden |= payment.hidden | {
        "plan": [(business_day_after(day.today, 6), "CLEARED")],
        "reissue_of": payment.id,
    }
    for part in again["billPayments"]:
        books.link("payments", part["billId"], new.id)
    _move_credits(books, payment, new)
    set_status(books, new, "SENT", at)
    books.plans.reissued.append(new.id)


def _move_credits(books: Books, old: Row, new: Row) -> None:
    """Let credits show the payment that carries them now."""
    for part in old.body["billPayments"]:
        for used in part.get("vendorCredits", ()):
            for use in books.row("vendor-credits", used["id"]).body["usage"]:
                if use.get("paymentId") == old.id:
                    use["paymentId"] = new.id
