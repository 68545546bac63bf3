"""What an act is given: its instant, amounts, dates, records.

Here belongs: reading and refusing arguments; a refusal is a ValueError that is a
sentence. Not here: what the acts do with them.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Any, Self

from bill_source.sandbox.books import Books
from bill_source.sandbox.days import Day, cents
from bill_source.sandbox.store import Row

_WORKED_ON = {
    "bills": "open_bills",
    "vendor-credits": "open_credits",
    "invoices": "open_invoices",
    "credit-memos": "open_memos",
    "receivable-payments": "unapplied",
}


class Moment(Day):
    """The instant of an act: everything it does happens then."""

    @classmethod
    def of(cls, books: Books, now: datetime) -> Self:
        """Make the moment of the next act; its dice depend on the seed and its number.

        It counts as lively, which a day of the company after the opening is too.
        """
        books.plans.counts["acts"] += 1
        rng = Random(f"{books.seed}|act|{books.plans.counts['acts']}")
        return cls(now.date(), rng, now, lively=True)

    def tick(self) -> datetime:
        """Return the instant itself."""
        return self.now


def money(value: object, what: str = "amount") -> Decimal:
    """Return an amount given as number or text.

    Raises:
        ValueError: It is no amount, or not in whole cents.
    """
    try:
        amount = Decimal(str(value))
        exact = cents(amount)
    except InvalidOperation:
        raise ValueError(f"{what} {value!r} is no amount of money") from None
    if amount != exact:
        raise ValueError(f"{what} {value!r} is not in whole cents")
    return exact


def day_given(value: date | str | None, default: date) -> date:
    """Return a date given as such or as ISO text."""
    if value is None:
        return default
    return value if isinstance(value, date) else date.fromisoformat(value)


def one_of(value: str, choices: Iterable[str], what: str) -> str:
    """Return a word that is one of some."""
    known = tuple(choices)
    if value not in known:
        raise ValueError(f"{what} {value!r} is none of {', '.join(known)}")
    return value


def found(books: Books, name: str, row_id: str) -> Row:
    """Return a record by list and id."""
    row = books.find(name, row_id)
    if row is None:
        raise ValueError(f"there is no {row_id!r} in {name}")
    return row


def taken(books: Books, name: str, row_id: str) -> Row:
    """Return a record and take it in hand: the company leaves it alone from now on."""
    row = found(books, name, row_id)
    row.hidden["by_hand"] = True
    plans = books.plans
    if name in _WORKED_ON:
        getattr(plans, _WORKED_ON[name]).pop(row_id, None)
    for waiting in (plans.drafts, plans.shelved):
        if row_id in waiting:
            waiting.remove(row_id)
    return row


def shares(given: Any, what: str) -> dict[str, Decimal | None]:
    """Return amounts by id from one id, several, or ids with amounts."""
    if isinstance(given, str):
        return {given: None}
    if isinstance(given, Mapping):
        return {
            one: None if amount is None else money(amount, f"{what} {one}")
            for one, amount in given.items()
        }
    return dict.fromkeys(given)


def positive(amount: Decimal, most: Decimal, what: str) -> Decimal:
    """Return an amount above zero that is not more than is left."""
    if amount <= 0:
        raise ValueError(f"{what}: {amount} is not above zero")
    if amount > most:
        raise ValueError(f"{what}: {amount} is more than the {most} that is left")
    return amount


def next_number(books: Books, kind: str) -> str:
    """Return the next number for a document made by hand."""
    books.plans.counts[f"by hand {kind}"] += 1
    return f"HAND-{books.plans.counts[f'by hand {kind}']:04d}"
