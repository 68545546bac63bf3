"""Paying bills: pay runs, payments recorded from outside, credits and discounts used.

Here belongs: deciding what is paid and making the payment. Not here: what the bank does
with it afterwards (bank.py).
"""

from datetime import date, timedelta
from decimal import Decimal

from bill_source.sandbox.answers import Body
from bill_source.sandbox.bill_changes import open_bills
from bill_source.sandbox.books import Books
from bill_source.sandbox.days import Day, business_day_after, cents
from bill_source.sandbox.derived import ZERO
from bill_source.sandbox.fates import fate_of, plan_of
from bill_source.sandbox.purchasing import rate_on
from bill_source.sandbox.store import Row
from bill_source.sandbox.trades import Trade

PAY_DAYS = (1, 3)
_CARD_EVERY = 30
_MOST_TOGETHER = 8
_LAGS = (-6, -3, -1, 0, 2, 9)
_EAGER = _LAGS[0]
_ARRIVAL = {
    "CHECK": "checkDisbursement",
    "ACH": "achDisbursement",
    "VIRTUAL_CARD": "vcardDisbursement",
    "INTERNATIONAL_E_PAYMENT": "internationalDisbursement",
}


def pay_bills(books: Books, day: Day) -> None:
    """Pay what is due, on pay days only."""
    if not day.is_business_day or day.today.weekday() not in PAY_DAYS:
        return
    by_vendor: dict[str, list[Row]] = {}
    for bill in open_bills(books):
        if is_payable(bill) and _is_time(books, day, bill):
            by_vendor.setdefault(bill.body["vendorId"], []).append(bill)
    for vendor_id, bills in by_vendor.items():
        vendor = books.row("vendors", vendor_id)
        together = vendor.body["additionalInfo"]["combinePayments"]
        size = _MOST_TOGETHER if together else 1
        for start in range(0, len(bills), size):
            pay(books, day, vendor, bills[start : start + size])


def is_payable(bill: Row) -> bool:
    """Tell whether a bill is approved and has something due."""
    return bool(
        bill.body["recordStatus"] == "ACTIVE"
        and bill.body["approvalStatus"] in {"UNASSIGNED", "APPROVED"}
        and bill.body["dueAmount"] > 0
    )


def _is_time(books: Books, day: Day, bill: Row) -> bool:
    """Tell whether a bill is paid in today's run; a few are disputed and never are."""
    if "disputed" not in bill.hidden:
        bill.hidden["disputed"] = day.chance(0.025)
        bill.hidden["lag"] = day.pick(_LAGS)
    if bill.hidden["disputed"]:
        return False
    vendor = books.row("vendors", bill.body["vendorId"])
    trade: Trade = vendor.hidden["trade"]
    if vendor.body["additionalInfo"]["combinePayments"]:
        return _is_big_run(day) and day.today >= _due(bill) - timedelta(days=21)
    early = 22 if trade.discount and bill.hidden["lag"] < 0 else 0
    lead = timedelta(days=early or -bill.hidden["lag"])
    return day.today >= _due(bill) - lead


def _due(bill: Row) -> date:
    """Return the day a bill is due."""
    return date.fromisoformat(bill.body["dueDate"])


def _is_big_run(day: Day) -> bool:
    """Tell whether vendors who combine payments are paid today: every fourth week."""
    return day.today.weekday() == PAY_DAYS[0] and day.today.isocalendar().week % 4 == 0


def pay(books: Books, day: Day, vendor: Row, bills: list[Row]) -> Row:
    """Make one payment for bills of one vendor."""
    trade: Trade = vendor.hidden["trade"]
    if trade.method == "OFFLINE" or day.chance(0.05):
        return _record_offline(books, day, vendor, bills)
    payment_id = books.ids.next("stp")
    discounts = _discounts(day, trade, bills)
    part = Decimal(day.rng.randrange(40, 61)) / 100 if day.chance(0.05) else Decimal(1)
    parts = [
        _share(books, bill, payment_id, discounts.get(bill.id, ZERO), part)
        for bill in bills
    ]
    return _send(books, day, vendor, payment_id, parts, discounts)


def _discounts(day: Day, trade: Trade, bills: list[Row]) -> dict[str, Decimal]:
    """Take two per cent off bills that are paid long before they are due."""
    if not trade.discount:
        return {}
    return {
        bill.id: cents(bill.body["dueAmount"] * 2 / 100)
        for bill in bills
        if day.today <= date.fromisoformat(bill.body["dueDate"]) - timedelta(days=15)
        and bill.body["dueAmount"] == bill.body["amount"]
        and bill.hidden["lag"] == _EAGER
    }


def _share(
    books: Books, bill: Row, payment_id: str, discount: Decimal, part: Decimal
) -> Body:
    """Return a payment's share of one bill: its credits first, money for the rest."""
    left = bill.body["dueAmount"] - discount
    used = _use_credits(books, bill, payment_id, left) if not discount else []
    left -= sum((credit["amount"] for credit in used), ZERO)
    body: Body = {
        "id": books.ids.next("blp"),
        "billId": bill.id,
        "amount": max(cents(left * part), Decimal("0.01")),
    }
    if used:
        body["vendorCredits"] = used
    return body


def _use_credits(books: Books, bill: Row, payment_id: str, due: Decimal) -> list[Body]:
    """Use a vendor's open credits on a bill, leaving something to pay."""
    used: list[Body] = []
    for credit_id in list(books.plans.open_credits):
        credit = books.row("vendor-credits", credit_id)
        left = credit.body["amount"] - credit.body["appliedAmount"]
        same = credit.body["vendorId"] == bill.body["vendorId"]
        keeps = credit.hidden["keeps"]
        if keeps or not same or not 0 < left < due or used:
            continue
        use = {"billId": bill.id, "paymentId": payment_id, "amount": left}
        credit.body["usage"].append(use)
        used.append({"id": credit_id, "amount": left})
        books.link("credits", bill.id, credit_id)
        books.plans.open_credits.pop(credit_id)
    return used


def _send(
    books: Books,
    day: Day,
    vendor: Row,
    payment_id: str,
    parts: list[Body],
    discounts: dict[str, Decimal],
) -> Row:
    """Schedule an online payment and plan what becomes of it."""
    method = vendor.hidden["trade"].method
    if method == "OFFLINE":
        method = "CHECK"
    process = business_day_after(day.today, day.pick((1, 1, 2, 3, 9)))
    number = books.plans.counts[method] = books.plans.counts[method] + 1
    body = online_body(books, day, vendor, parts, process, method)
    return schedule(
        books,
        day,
        {"id": payment_id} | body,
        fate=fate_of(method, number),
        discounts=discounts,
    )


def schedule(
    books: Books, day: Day, body: Body, *, fate: str, discounts: dict[str, Decimal]
) -> Row:
    """Enter a payment BILL will make; its fate says what becomes of it."""
    payment = books.add("payments", body, day.tick())
    process = date.fromisoformat(body["processDate"])
    method = body["disbursementType"]
    payment.hidden |= {
        "plan": plan_of(method, fate, day.today, process, day),
        "discounts": discounts,
    }
    books.plans.moving.append(payment.id)
    touch_credits(books, body["billPayments"], payment)
    register(books, payment, "schedule")
    return payment


def online_body(
    books: Books,
    day: Day,
    vendor: Row,
    parts: list[Body],
    process: date,
    method: str,
) -> Body:
    """Return the record of a payment BILL will make."""
    body = common_body(books, vendor, parts, process)
    arrives = business_day_after(process, 5 if method == "CHECK" else 2).isoformat()
    number = books.plans.counts["payments"]
    return body | {
        "fundingAccount": _funding(books, number),
        "transactionNumber": f"P{process:%y}P{100000 + number}",
        "confirmationNumber": f"JSS{process:%y%m%d}-{number:05d}",
        "status": "SCHEDULED",
        "singleStatus": "SCHEDULED",
        "disbursementType": method,
        "onlinePayment": True,
        "createdBy": day.pick(books.plans.coding["users"][:2]),
        "cancelRequestSubmitted": False,
        "processingOptions": {"requestPayFaster": False, "createBill": False},
        "disbursementInfo": {
            "isVoidable": False,
            _ARRIVAL[method]: {"arrivesByDate": arrives},
        },
    }


def _funding(books: Books, number: int) -> Body:
    """Return the account money is taken from; one in thirty is the card."""
    if number % _CARD_EVERY == 0:
        return {"type": "CARD_ACCOUNT", "id": books.plans.accounts["funding card"]}
    return {"type": "BANK_ACCOUNT", "id": books.plans.accounts["bank checking"]}


def common_body(books: Books, vendor: Row, parts: list[Body], process: date) -> Body:
    """Return what every payment shows."""
    books.plans.counts["payments"] += 1
    amount = sum((part["amount"] for part in parts), ZERO)
    currency = vendor.body["billCurrency"]
    rate = Decimal(1) if currency == "USD" else rate_on(currency, process)
    body: Body = {
        "vendorId": vendor.id,
        "vendorName": vendor.body["name"],
        "billPayments": parts,
        "amount": amount,
        "fundingAmount": cents(amount / rate),
        "exchangeRate": rate,
        "processDate": process.isoformat(),
    }
    if len(parts) == 1:
        body["billId"] = parts[0]["billId"]
    return body


def _record_offline(books: Books, day: Day, vendor: Row, bills: list[Row]) -> Row:
    """Record a payment made outside BILL, such as a direct debit."""
    parts = [
        {
            "id": books.ids.next("blp"),
            "billId": bill.id,
            "amount": bill.body["dueAmount"],
        }
        for bill in bills
    ]
    body = common_body(books, vendor, parts, day.today) | {
        "status": "PAID",
        "disbursementType": "OFFLINE",
        "onlinePayment": False,
        "createdBy": books.plans.coding["users"][1],
        "description": day.pick(("Direct debit", "Paid at the counter", "Wire")),
    }
    if day.chance(0.6):
        account = books.plans.accounts[day.pick(("checking", "checking", "card"))]
        body["classifications"] = {"chartOfAccountId": account}
    payment = books.add("payments", body, day.tick())
    register(books, payment, "settle")
    return payment


def touch_credits(books: Books, parts: list[Body], payment: Row) -> None:
    """Let credits used by a payment show it."""
    for part in parts:
        for used in part.get("vendorCredits", ()):
            credit = books.row("vendor-credits", used["id"])
            books.touch("vendor-credits", credit, payment.body["createdTime"])
            books.mark("vendor-credits", credit.id, "credit")


def register(books: Books, payment: Row, reason: str) -> None:
    """Let bills know of a new payment."""
    for part in payment.body["billPayments"]:
        books.link("payments", part["billId"], payment.id)
        books.mark("bills", part["billId"], reason)
    books.mark("vendors", payment.body["vendorId"])


def close_paid_bills(books: Books) -> None:
    """Stop looking at bills nobody has to work on any more."""
    for bill in open_bills(books):
        if bill.body["paymentStatus"] == "PAID" or not bill.body["amount"]:
            books.plans.open_bills.pop(bill.id)
