"""Known phrases found in the words of a line.

Here belongs finding them: as whole words, a longer phrase before the shorter ones
inside it. What a phrase is worth for an account does not belong here: see the prior.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from models.knowledge import Phrase

LONGEST_PHRASE = 6


@dataclass(frozen=True)
class Match:
    """Where in a line's words a phrase stands: from word `start` to before `end`."""

    start: int
    end: int
    phrase: Phrase


class Phrases:
    """Phrases by the place and direction they count in, to be found in words."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._known: dict[tuple[str, str, tuple[str, ...]], list[Phrase]] = defaultdict(
            list
        )
        for phrase in phrases:
            if phrase.words:
                self._known[phrase.place, phrase.direction, phrase.words].append(phrase)

    def found(
        self, words: list[str], place: str, direction: str, amount: float = math.nan
    ) -> list[Match]:
        """Return the phrases among these words (see wording.tokens), first one first.

        Args:
            words: of a name or a text.
            place: name, text or account: where the words are from.
            direction: ap or ar.
            amount: phrases for other amounts are left out; NaN counts as 0.
        """
        spans = [
            Match(start, start + length, phrase)
            for start in range(len(words))
            for length in range(1, min(LONGEST_PHRASE, len(words) - start) + 1)
            for phrase in self._known.get(
                (place, direction, tuple(words[start : start + length])), ()
            )
            if phrase.fits(amount)
        ]
        return [span for span in spans if not _is_inside_another(span, spans)]


def _is_inside_another(span: Match, spans: list[Match]) -> bool:
    return any(
        other.start <= span.start
        and span.end <= other.end
        and other.end - other.start > span.end - span.start
        for other in spans
    )
