"""What people paid themselves and want back: reimbursements, step by step.

Here belongs: claims as functions of seed and days lived. Not here: card purchases
(spend_days.py).
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from bill_source.sandbox.annex import Annex, Entry
from bill_source.sandbox.answers import Body
from bill_source.sandbox.books import Books
from bill_source.sandbox.days import cents, is_business_day
from bill_source.sandbox.spend_team import budget_ids, reference, two_ids, user_ids

_EVERY = 5
_WITHDRAWN = 9
_MILE = Decimal("0.70")
_STEPS = (
    (0, 2, "SUBMITTER", "AWAITING_TIER2_APPROVAL"),
    (1, 0, "MANAGER", "APPROVED"),
    (2, 0, "BUDGET_OWNER", "READY_TO_PAY"),
    (4, 0, "BUDGET_OWNER", "PAID"),
)
"""Days after submission, who acts (a position among users), as what, the status."""


def _claims(books: Books) -> Iterator[Entry]:
    """Yield every claim that still stands; one in nine is withdrawn and vanishes."""
    last = books.lived_until
    day = books.company.body["createdTime"].date()
    while last is not None and day <= last:
        number = day.toordinal() // _EVERY
        withdrawn = number % _WITHDRAWN == 0 and last - day > timedelta(days=3)
        if day.toordinal() % _EVERY == 0 and is_business_day(day) and not withdrawn:
            body = _claim(books, day, last)
            yield Entry(body["uuid"], body)
        day += timedelta(days=1)


def _claim(books: Books, day: date, last: date) -> Body:
    """Return one claim as it stands on the last day."""
    rng = Random(f"{books.seed}|claim|{day.isoformat()}")
    history = _history(day, last)
    drives = rng.random() < 0.5  # noqa: PLR2004 - a coin
    amount = cents(rng.randrange(8, 220) * _MILE)
    if not drives:
        amount = Decimal(rng.randrange(400, 18_000)) / 100
    return two_ids("Claim", "rmb", day.isoformat()) | {
        "amount": amount,
        "type": "MILEAGE" if drives else "PURCHASE",
        "status": history[-1]["status"],
        "fulfillmentType": "ACH",
        "merchantName": "Mileage to a client" if drives else "Inkwell Stationers",
        "submittedTime": history[0]["occurredTime"],
        "occurredDate": (day - timedelta(days=1)).isoformat(),
        "retired": False,
        "statusHistory": history,
        **reference("budget", budget_ids(0)),
        **reference("user", user_ids(2)),
        "receipts": [],
        "customFields": [],
    }


def _history(day: date, last: date) -> list[Body]:
    """Return the steps taken by the last day."""
    return [
        {
            "actorId": user_ids(actor)["id"],
            "actorRole": role,
            "occurredTime": datetime.combine(
                day + timedelta(days=after), time(17), UTC
            ),
            "status": status,
        }
        for after, actor, role, status in _STEPS
        if day + timedelta(days=after) <= last
    ]


def spend_claims() -> dict[str, Annex[Books]]:
    """Return the list of this module, not yet written."""
    return {"spend-reimbursements": Annex(lambda books: books.lived_until, _claims)}
