"""One day of the company's life: its date, its dice, its hours, its money words.

Here belongs: business days, rounding, drawing amounts. Not here: what anybody does with
them (purchasing.py, paying.py, selling.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import TypeVar

T = TypeVar("T")

CENT = Decimal("0.01")
FRIDAY = 4
_ROUND_PRICES = 0.25
_LARGE = 50_000


@dataclass
class Day:
    """A day while it is lived; ``tick`` gives the instant of the next act."""

    today: date
    rng: Random
    now: datetime
    lively: bool = False

    @classmethod
    def begin(cls, seed: int, today: date, *, lively: bool) -> "Day":
        """Start a day; its dice depend on the seed and the date only."""
        start = datetime.combine(today, time(), UTC)
        return cls(today, Random(f"{seed}|{today.isoformat()}"), start, lively)

    @property
    def is_business_day(self) -> bool:
        """Tell whether banks and offices work."""
        return is_business_day(self.today)

    def at(self, hour: int) -> None:
        """Go on at an hour, UTC, unless it is later already."""
        start = datetime.combine(self.today, time(hour), UTC)
        self.now = max(self.now, start)

    def tick(self) -> datetime:
        """Return the instant of the next act; at times two share one."""
        step = timedelta(milliseconds=self.rng.choice((0, 1, 1)) * self._pause())
        last = datetime.combine(self.today, time(23, 59, 59, 999000), UTC)
        self.now = min(self.now + step, last)
        return self.now

    def _pause(self) -> int:
        """Return milliseconds until the next act: seconds to a few minutes."""
        return self.rng.randrange(4_000, 180_000)

    def chance(self, probability: float) -> bool:
        """Throw a coin."""
        return self.rng.random() < probability

    def pick(self, options: Sequence[T]) -> T:
        """Draw one of several."""
        return options[self.rng.randrange(len(options))]

    def amount(self, low: int, high: int) -> Decimal:
        """Draw an amount between two numbers of dollars, often a round one."""
        cents = self.rng.randrange(low * 100, high * 100 + 1)
        roll = self.rng.random()
        if roll < _ROUND_PRICES:
            cents -= cents % (500 if cents > _LARGE else 100)
        return Decimal(cents or 1) / 100


def cents(amount: Decimal) -> Decimal:
    """Round half away from zero to two decimals."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def is_business_day(day: date) -> bool:
    """Tell whether a day is Monday to Friday and no fixed US bank holiday."""
    return day.weekday() <= FRIDAY and (day.month, day.day) not in _HOLIDAYS


_HOLIDAYS = {(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)}


def business_day_after(day: date, count: int = 1) -> date:
    """Return the business day so many business days later."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_business_day(day)
    return day


def months_before(day: date, months: int) -> date:
    """Return the same day of an earlier month, the 28th at the latest."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, min(day.day, 28))
