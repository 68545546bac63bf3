"""What people's decisions say about one line: where, how often, and in which document.

Here belongs finding the decided lines that speak for an account, for people to read.
How much they weigh in the choice is memory's business, wording is explanations'.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from models.features import clean, with_keys
from models.metrics import lower_end
from models.prior import Prior

# What narrows a vendor's lines down, from the widest to the narrowest.
NARROWER = {
    "bucket": "vendor and size",
    "text": "vendor and text",
    "cents": "vendor and amount",
}
# Where the vendor says nothing.
OTHERS = {
    "coding": "account in BILL",
    "text": "text",
    "phrase": "same words",
    "known": "same trade",
}
FEWEST_FOR_RANGE = 3
# Half as little and twice as much as was ever decided is usual still (in log2).
MARGIN = 1.0


@dataclass(frozen=True)
class Precedent:
    """Of `lines` decided lines that are alike by `level`, `hits` went to the account.

    `is_usual_amount` is None where too few of the vendor's lines went there; `document`
    is the decided document whose amount is nearest.
    """

    level: str
    hits: int
    lines: int
    is_usual_amount: bool | None
    document: str


class Line(NamedTuple):
    """What a line may share with others; what is blank is shared with none."""

    vendor: str
    text: str
    coding: str
    phrase: str
    known: str
    bucket: str
    cents: str
    size: float


class Precedents:
    """Every decision that counts, found again by what lines have in common."""

    def __init__(self, known: pd.DataFrame, prior: Prior) -> None:
        self._lines = as_lines(known, prior) if len(known) else []
        self._labels = known["label"].tolist()
        self._documents = known["document_id"].tolist() if len(known) else []
        self._alike: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, line in enumerate(self._lines):
            for name in ("vendor", *OTHERS):
                self._alike[name, getattr(line, name)].append(place)

    def counts(self, line: Line) -> dict[str, int]:
        """Return how many of the vendor's decided lines went to each account."""
        found: dict[str, int] = defaultdict(int)
        for place in self._alike.get(("vendor", line.vendor), ()):
            found[self._labels[place]] += 1
        return dict(found)

    def of(self, line: Line, account: str) -> Precedent | None:
        """Return what speaks most plainly for the account; None: nothing does."""
        mine = self._alike.get(("vendor", line.vendor), [])
        there = self._of_account(mine, account)
        if not there:
            return self._of_others(line, account)
        level, hits, total = "vendor", there, len(mine)
        for name, narrower in NARROWER.items():
            alike = self._sharing(line, name, mine)
            among = self._of_account(alike, account)
            if lower_end(len(among), len(alike)) > lower_end(len(hits), total):
                level, hits, total = narrower, among, len(alike)
        usual = self._is_usual(line, there)
        return Precedent(level, len(hits), total, usual, self._nearest(line, hits))

    def _of_others(self, line: Line, account: str) -> Precedent | None:
        found = []
        for name, level in OTHERS.items():
            key = getattr(line, name)
            alike = self._alike.get((name, key), []) if key else []
            hits = self._of_account(alike, account)
            if hits:
                nearest = self._nearest(line, hits)
                found.append(Precedent(level, len(hits), len(alike), None, nearest))
        return max(found, key=lambda p: lower_end(p.hits, p.lines), default=None)

    def _of_account(self, places: list[int], account: str) -> list[int]:
        return [place for place in places if self._labels[place] == account]

    def _sharing(self, line: Line, name: str, places: list[int]) -> list[int]:
        key = getattr(line, name)
        if not key:
            return []
        return [p for p in places if getattr(self._lines[p], name) == key]

    def _is_usual(self, line: Line, places: list[int]) -> bool | None:
        sizes = [self._lines[p].size for p in places if self._lines[p].cents]
        if len(sizes) < FEWEST_FOR_RANGE or not line.cents:
            return None
        return min(sizes) - MARGIN <= line.size <= max(sizes) + MARGIN

    def _nearest(self, line: Line, places: list[int]) -> str:
        """Return the document nearest in amount, the newest of equally near ones."""
        nearest = min(
            reversed(places), key=lambda p: abs(self._lines[p].size - line.size)
        )
        return str(self._documents[nearest])


def as_lines(rows: pd.DataFrame, prior: Prior) -> list[Line]:
    """Return rows as what they may share with others."""
    accounts, phrases = prior.known(rows)
    keyed = with_keys(clean(rows)).assign(known=accounts, phrase=phrases)
    amounts = keyed["amount"].to_numpy()
    known = np.isfinite(amounts)
    size = keyed["size"].to_numpy()
    columns = {
        "vendor": keyed["vendor"].tolist(),
        "text": _sided(keyed, "text"),
        "coding": _sided(keyed, "coded_as"),
        "phrase": _sided(keyed, "phrase"),
        "known": _sided(keyed, "known"),
        "bucket": _written(np.round(size * 2), known),
        "cents": _written(np.round(np.where(known, amounts, 0.0) * 100), known),
        "size": size.tolist(),
    }
    return [Line(*values) for values in zip(*columns.values(), strict=True)]


def _sided(rows: pd.DataFrame, name: str) -> list[str]:
    pairs = zip(rows["direction"], rows[name], strict=True)
    return [f"{side}:{value}" if value else "" for side, value in pairs]


def _written(numbers: np.ndarray, known: np.ndarray) -> list[str]:
    written = numbers.astype(np.int64).astype(str).tolist()
    return [
        text if is_said else "" for text, is_said in zip(written, known, strict=True)
    ]
