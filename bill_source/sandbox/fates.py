"""What will become of a payment: its statuses and the days they come.

Here belongs: the life cycle as data, and the rare fates every company sees. Not here:
carrying a status out (bank.py), making payments (paying.py).
"""

from datetime import date, timedelta

from bill_source.sandbox.days import Day, business_day_after

Step = tuple[date, str]

_CHECK_FATES = {
    4: "voided",
    11: "cancelled",
    17: "reissued",
    23: "void rejected",
    29: "voided",
    33: "escheated",
    36: "void unanswered",
}
_ACH_FATES = {
    5: "cancelled",
    12: "returned",
    19: "funding failed",
    26: "on hold",
    33: "owed to BILL",
    40: "funding failed",
    47: "returned for good",
    54: "held for good",
    61: "rejected",
}
FATES = ("cleared", *sorted({*_CHECK_FATES.values(), *_ACH_FATES.values()}))
"""Every ending a payment may have."""
_CYCLES = {"CHECK": (38, _CHECK_FATES), "ACH": (64, _ACH_FATES)}


def fate_of(method: str, number: int) -> str:
    """Return what becomes of the n-th payment of a method; mostly ``cleared``.

    Counting instead of throwing dice makes sure that every company sees them all.
    """
    cycle, fates = _CYCLES.get(method, (90, {13: "cancelled"}))
    return fates.get(number % cycle, "cleared")


def plan_of(
    method: str, fate: str, scheduled: date, process: date, day: Day
) -> list[Step]:
    """Return the statuses a payment will go through, with their days."""
    if fate == "cancelled":
        return [(scheduled + timedelta(days=1), "CANCELED")]
    started = (process, "FUNDING_STARTED")
    if fate == "funding failed":
        return [started, (business_day_after(process, 2), "FUNDING_FAILED_VOIDED")]
    sent = business_day_after(process)
    steps = [started, (sent, "PROCESSED")]
    if fate == "held for good":
        return [*steps, (sent, "DISBURSEMENT_ON_HOLD")]
    if fate == "on hold":
        steps.append((sent, "DISBURSEMENT_ON_HOLD"))
        sent = business_day_after(sent, 6)
    steps.append((business_day_after(sent), "SENT"))
    return steps + _ending(method, fate, business_day_after(sent), day)


def _ending(method: str, fate: str, sent: date, day: Day) -> list[Step]:
    """Return the statuses after the money left BILL."""
    cashed = sent + timedelta(days=_days_to_clear(method, day))
    cleared = (cashed, "CLEARED")
    later = business_day_after(cashed, 4)
    endings: dict[str, list[Step]] = {
        "voided": [(later, "VOID_PENDING"), (business_day_after(later, 2), "VOIDED")],
        "reissued": [
            (later, "VOID_PENDING"),
            (business_day_after(later, 2), "REISSUED"),
        ],
        "void rejected": [
            (sent + timedelta(days=2), "VOID_PENDING"),
            (sent + timedelta(days=4), "VOID_REJECTED"),
            (business_day_after(cashed, 3), "CLEARED"),
        ],
        "escheated": [(sent + timedelta(days=180), "FUNDS_ESCHEATED")],
        "returned": [
            cleared,
            (later, "DISBURSEMENT_FAILED_ACTION_NEEDED"),
            (business_day_after(later, 5), "VOIDED"),
        ],
        "void unanswered": [(later, "VOID_PENDING")],
        "returned for good": [cleared, (later, "DISBURSEMENT_FAILED_ACTION_NEEDED")],
        "rejected": [(later, "DISBURSEMENT_FAILED_VENDOR_BANK_REJECTED")],
        "owed to BILL": [cleared, (later, "FUNDING_FAILED_ACTION_NEEDED")],
    }
    delivered = (
        [(sent + timedelta(days=2), "DELIVERED")] if method == "VIRTUAL_CARD" else []
    )
    return endings.get(fate, [*delivered, cleared])


def _days_to_clear(method: str, day: Day) -> int:
    """Return how long the bank takes after sending."""
    if method == "CHECK":
        return day.rng.randrange(4, 13)
    return {"ACH": 1, "VIRTUAL_CARD": 3}.get(method, 2)
