"""What is known about a line before anybody corrected one: vendors, trades, hints.

Here belongs turning known phrases in a line into probabilities with their reasons. The
phrases themselves are data (models/knowledge and the chart's hints); what an
organization's own history says does not belong here.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from models.chart import Chart
from models.features import clean
from models.knowledge import Phrase, shipped_vendors, shipped_words
from models.phrases import Match, Phrases
from models.wording import LEGAL_FORMS, has_digit, listed, tokens

# Log-odds of one piece of evidence. Against UNKNOWN, the weight of "something else",
# they alone give 0.94, 0.90, 0.77, 0.60, 0.55 and 0.40.
WEIGHTS = {
    "main": 4.7,
    "strong": 4.2,
    "usual": 3.2,
    "hint": 2.4,
    "mixed": 2.2,
    "weak": 1.6,
}
UNKNOWN = 2.0
# A one-word vendor at the head of a longer name ("Shell Beach Diner") hardly counts.
NAMESAKE = 0.9
# The trade stands last in a name ("Dental Plumbing"), the thing bought first in a text.
HEAD_BONUS = 0.5
# Each further word makes a phrase say more: "travel expense" by a consultant is travel.
SPECIFIC_BONUS = 0.4
# "Printing for the trade show" is about printing.
PURPOSE_DISCOUNT = 1.5
PURPOSE_WORDS = frozenset({"for", "during", "at", "after", "re", "regarding", "per"})
FILLERS = LEGAL_FORMS | listed(
    "usa us america american north global international intl worldwide group service "
    "online com net store shop payment system technology technologie platform billing "
    "autopay customer account bill invoice purchase order cloud labs holding na and "
    "of subscription media communication solution product software business"
)
# A credit memo says what it is; its lines repeat the words of what is credited.
CREDIT_MEMO = 7.5
PLAIN_TEXT_ROWS = 12.0


class Line(NamedTuple):
    """What the prior looks at in one line."""

    vendor_name: str
    description: str
    item_name: str
    direction: str
    source_entity: str
    amount: float
    coded_as: str = ""


@dataclass(frozen=True)
class Evidence:
    """One phrase found in a line: where, and how much it says for its account."""

    account: str
    phrase: str
    place: str
    strength: str
    weight: float


class Prior:
    """Shipped knowledge and a chart's hints, applied to lines."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.classes = np.array(chart.numbers, dtype=object)
        self._phrases = Phrases(_known_phrases(chart))
        self._column = {number: i for i, number in enumerate(chart.numbers)}
        # The same lines are asked about several times in a row.
        self.evidence = lru_cache(maxsize=65_536)(self._evidence)

    def predict_proba(self, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Return the accounts and, per row, a probability for each of them."""
        return self.classes, self.weigh(frame)[0]

    def known(self, frame: pd.DataFrame) -> tuple[list[str], list[str]]:
        """Return per row the account that is plainest, and the words that say so.

        Each is "" where nothing is known: what the account in BILL is called like does
        not count, nor that a vendor sells all sorts. A known vendor's name is no word
        that others share.
        """
        found = [
            [e for e in evidence if e.place != "coding" and e.strength != "mixed"]
            for evidence in self._found(clean(frame))
        ]
        accounts = [next((e.account for e in some), "") for some in found]
        shared = [
            next((e.phrase for e in some if e.strength != "main"), "") for some in found
        ]
        return accounts, shared

    def weigh(self, frame: pd.DataFrame) -> tuple[np.ndarray, list[list[Evidence]]]:
        """Return per row the probabilities and the evidence they come from."""
        rows = clean(frame)
        found = self._found(rows)
        matrix = [
            self._probabilities(evidence, mask)
            for evidence, mask in zip(found, self.allowed(rows), strict=True)
        ]
        shape = (len(rows), len(self.classes))
        return np.array(matrix, dtype=float).reshape(shape), found

    def allowed(self, frame: pd.DataFrame) -> np.ndarray:
        """Return per row and account 1 where the account may be chosen, else 0."""
        directions = clean(frame)["direction"].tolist()
        masks = {
            side: np.array([self.chart.allows(n, side) for n in self.chart.numbers])
            for side in set(directions)
        }
        shape = (len(directions), len(self.classes))
        matrix = np.array([masks[side] for side in directions], dtype=float)
        return np.asarray(matrix.reshape(shape))

    def worth(self, frame: pd.DataFrame) -> np.ndarray:
        """Return per row how many rows of the vendor's history this belief is worth.

        What a line plainly says it is for stands against the history of a vendor that
        sells all sorts, and of a customer, whom all sorts are sold; nothing else that
        is known beforehand stands against history.
        """
        rows = clean(frame)
        plain = [
            _is_plain(found) and (side == "ar" or _is_mixed(found))
            for found, side in zip(self._found(rows), rows["direction"], strict=True)
        ]
        return np.asarray(np.where(plain, PLAIN_TEXT_ROWS, 1.0))

    def _found(self, rows: pd.DataFrame) -> list[list[Evidence]]:
        """Return the evidence in each cleaned row."""
        columns = [rows[name].tolist() for name in Line._fields]
        return [self.evidence(Line(*values)) for values in zip(*columns, strict=True)]

    def _evidence(self, line: Line) -> list[Evidence]:
        """Return everything that speaks for an account, the strongest first."""
        side = line.direction or "ap"
        words = tokens(f"{line.item_name} {line.description}")
        found = self._in_text(words, side, line.amount) + _of_document(line)
        found += self._in_coding(tokens(line.coded_as), side, line.amount)
        if side == "ap":
            # What a customer is called says nothing about what was sold to it.
            found += self._in_name(tokens(line.vendor_name), side, line.amount)
        allowed = [e for e in found if self.chart.allows(e.account, line.direction)]
        return sorted(allowed, key=lambda e: (-e.weight, e.account, e.phrase))

    def _in_name(self, words: list[str], side: str, amount: float) -> list[Evidence]:
        matches = self._phrases.found(words, "name", side, amount)
        last = max((match.end for match in matches), default=0)
        return [
            _evidence(match, _name_weight(match, words, is_head=match.end == last))
            for match in matches
        ]

    def _in_text(self, words: list[str], side: str, amount: float) -> list[Evidence]:
        matches = self._phrases.found(words, "text", side, amount)
        start = min((match.start for match in matches), default=0)
        purpose = next(
            (i for i, word in enumerate(words) if i and word in PURPOSE_WORDS),
            len(words),
        )
        return [
            _evidence(
                match,
                WEIGHTS[match.phrase.strength]
                + HEAD_BONUS * (match.start == start)
                + SPECIFIC_BONUS * (min(match.end - match.start, 3) - 1)
                - PURPOSE_DISCOUNT * (match.start > purpose),
            )
            for match in matches
        ]

    def _in_coding(self, words: list[str], side: str, amount: float) -> list[Evidence]:
        """Return what the account in BILL is called like: weak, once per account."""
        matches = [
            match
            for place in ("text", "account")
            for match in self._phrases.found(words, place, side, amount)
        ]
        phrase = " ".join(words)
        return [
            Evidence(account, phrase, "coding", "coding", WEIGHTS["weak"])
            for account in dict.fromkeys(match.phrase.account for match in matches)
        ]

    def _probabilities(self, found: list[Evidence], mask: np.ndarray) -> np.ndarray:
        scores = _scores(found)
        masses = {account: math.exp(score) for account, score in scores.items()}
        unknown = math.exp(UNKNOWN)
        total = unknown + sum(masses.values())
        row: np.ndarray = mask * (unknown / total / max(mask.sum(), 1.0))
        for account, mass in masses.items():
            row[self._column[account]] += mass / total
        return row


def _is_plain(found: list[Evidence]) -> bool:
    return any(e.place == "text" and e.weight >= WEIGHTS["strong"] for e in found)


def _is_mixed(found: list[Evidence]) -> bool:
    return any(e.strength == "mixed" for e in found)


def _scores(found: Iterable[Evidence]) -> dict[str, float]:
    """Add up evidence per account; each further piece counts half of the last."""
    scores: dict[str, float] = defaultdict(float)
    pieces: dict[str, int] = defaultdict(int)
    for evidence in found:
        scores[evidence.account] += evidence.weight * 0.5 ** pieces[evidence.account]
        pieces[evidence.account] += 1
    return scores


def _of_document(line: Line) -> list[Evidence]:
    """Return what the kind of document says: contra revenue has accounts of its own."""
    if line.source_entity == "credit_memo":
        return [Evidence("4900", "credit memo", "document", "strong", CREDIT_MEMO)]
    if line.source_entity == "invoice" and line.amount < 0:
        return [Evidence("4910", "negative line", "document", "usual", 3.2)]
    return []


def _name_weight(match: Match, words: list[str], *, is_head: bool) -> float:
    strength = match.phrase.strength
    if strength not in {"main", "mixed"}:
        return WEIGHTS[strength] + HEAD_BONUS * is_head
    rest = words[: match.start] + words[match.end :]
    is_whole = all(word in FILLERS or has_digit(word) for word in rest)
    if is_whole and match.start <= 1:
        return WEIGHTS[strength]
    if match.end - match.start > 1:
        return WEIGHTS["usual"] if strength == "main" else WEIGHTS["weak"]
    return NAMESAKE


def _evidence(match: Match, weight: float) -> Evidence:
    phrase = match.phrase
    words = " ".join(phrase.words)
    return Evidence(phrase.account, words, phrase.place, phrase.strength, weight)


def _known_phrases(chart: Chart) -> list[Phrase]:
    shipped = shipped_vendors() + shipped_words()
    known = {(phrase.direction, phrase.words) for phrase in shipped}
    hints = [
        Phrase(tuple(tokens(hint)), "text", direction, account.number, "hint")
        for account in chart.accounts
        for hint in account.hints
        for direction in sorted(account.directions)
    ]
    names = [
        Phrase(
            tuple(tokens(account.name)), "account", direction, account.number, "weak"
        )
        for account in chart.accounts
        for direction in sorted(account.directions)
    ]
    return shipped + names + [h for h in hints if (h.direction, h.words) not in known]
