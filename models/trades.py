"""Which kinds of trade a name or a text speaks of, in any chart of accounts.

What is shipped about vendors and words says which of them are of one kind, whatever an
organization calls its account for that kind: who learned from one solicitor knows
something about the next. Here belongs naming the kinds. Where a kind goes is learned
(text_model); where it goes before anything is learned is the prior's.
"""

from functools import cache, lru_cache

from models.knowledge import shipped_vendors, shipped_words
from models.phrases import Phrases
from models.wording import tokens

# A name says what a vendor sells; a text what was bought or sold, or from whom.
READ_AS = {
    "vendor_name": (("name", "ap"),),
    "description": (("text", "ap"), ("text", "ar"), ("name", "ap")),
}


def of_name(name: str) -> str:
    """Return the kinds that a vendor's name speaks of, one word each."""
    return " ".join(phrases("vendor_name", name))


def of_text(text: str) -> str:
    """Return the kinds that a line's text speaks of, one word each."""
    return " ".join(phrases("description", text))


@lru_cache(maxsize=65_536)
def phrases(column: str, text: str) -> dict[str, str]:
    """Return the kinds that a text of this column speaks of, and by which phrase.

    Phrases that count for certain amounts only are left out.
    """
    words = tokens(text)
    return {
        direction + match.phrase.account: " ".join(match.phrase.words)
        for place, direction in READ_AS[column]
        for match in _shipped().found(words, place, direction)
    }


@cache
def _shipped() -> Phrases:
    return Phrases(shipped_vendors() + shipped_words())
