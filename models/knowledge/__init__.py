"""What is shipped about vendors and trade words, and how its two tables are read.

vendors.csv and words.csv hold facts only: a name or phrase and the account it points
to. Here belongs reading them into phrases. How evidence is weighed does not: see the
prior.
"""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from models.wording import tokens


@dataclass(frozen=True)
class Phrase:
    """Words that point to an account when they stand in a place of a line.

    `place` is name or text; `strength` is main or mixed (a vendor that sells one thing,
    or all sorts), else strong, usual, weak, or hint (from the chart of accounts).
    """

    words: tuple[str, ...]
    place: str
    direction: str
    account: str
    strength: str
    low: float = -math.inf
    high: float = math.inf

    def fits(self, amount: float) -> bool:
        """Return whether the amount is in range; an unknown amount counts as 0."""
        size = 0.0 if math.isnan(amount) else abs(amount)
        return self.low <= size <= self.high


def shipped_vendors() -> list[Phrase]:
    """Return the well-known vendors, each with the account its bills usually go to."""
    return [
        Phrase(tuple(tokens(vendor)), "name", "ap", account, use)
        for vendor, account, use in _rows("vendors.csv")
    ]


def shipped_words() -> list[Phrase]:
    """Return the trade words, each with its place, direction and account."""
    return [
        Phrase(
            tuple(tokens(phrase)),
            place,
            direction,
            account,
            strength,
            float(low or "-inf"),
            float(high or "inf"),
        )
        for phrase, place, direction, account, strength, low, high in _rows("words.csv")
    ]


def _rows(name: str) -> Iterator[list[str]]:
    table = files("models.knowledge").joinpath(name).read_text(encoding="utf-8")
    rows = csv.reader(table.splitlines())
    next(rows)
    return rows
