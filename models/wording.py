"""Words of vendor names and line texts, in one spelling.

Here belongs how raw text becomes comparable tokens and keys, in any script. What a word
means for an account does not: that is knowledge, see the prior.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache


def listed(words: str) -> frozenset[str]:
    """Return the words of a list parted by blanks."""
    return frozenset(words.split())


LEGAL_FORMS = listed(
    "inc incorporated llc ltd limited corp corporation co company plc gmbh ag sa srl "
    "sarl bv nv ab oy pty lp llp pllc pc the dba kg spa sas kk"
)
MONTHS = listed(
    "january february march april may june july august september october november "
    "december jan feb mar apr jun jul aug sep sept oct nov dec"
)
# Longer texts are cut: what a line is about stands at its beginning, and a pasted
# e-mail thread must not cost seconds.
MAX_CHARACTERS = 2000

_INITIALS = re.compile(r"\b(\w)\.(?=\w\b)")
_INNER_AND = re.compile(r"(?<=\w)&(?=\w)")
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Return the text in lower case, without accents, with initials closed up."""
    decomposed = unicodedata.normalize("NFKD", text[:MAX_CHARACTERS].casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    plain = plain.replace("'", "").replace("\u2019", "").replace("`", "")
    plain = _INNER_AND.sub("", _INITIALS.sub(r"\1", plain))
    return plain.replace("&", " and ")


def singular(word: str) -> str:
    """Return an English plural's singular, roughly; other words unchanged."""
    if len(word) <= len("gas") or not word.endswith("s") or word.endswith(("ss", "us")):
        return word
    if word.endswith("ies") and len(word) > len("ties"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1]


def tokens(text: str) -> list[str]:
    """Return the words of a text, folded and in the singular."""
    return [singular(word) for word in _WORD.findall(fold(text))]


@lru_cache(maxsize=16_384)
def vendor_key(name: str) -> str:
    """Return one key for the spellings of one vendor: no digits, no legal form."""
    words = _WORD.findall(fold(name))
    kept = [w for w in words if w not in LEGAL_FORMS and not has_digit(w)]
    return " ".join(kept or words)


def text_key(text: str) -> str:
    """Return what repeats in a line's text: no digits, no months, eight words."""
    words = (w for w in tokens(text) if not has_digit(w) and w not in MONTHS)
    return " ".join(first(words, 8))


def has_digit(word: str) -> bool:
    """Return whether any character of the word is a digit of any script."""
    return any(character.isdigit() for character in word)


def first(words: Iterable[str], count: int) -> list[str]:
    """Return at most the first words."""
    return [word for word, _ in zip(words, range(count), strict=False)]
