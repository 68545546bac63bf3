"""Names of vendors and customers in the one spelling in which they are compared.

Here belongs what counts as the name: legal forms, trading names, store numbers, turned
person names. Whether two names are one party does not: see party_links.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MAX_CHARACTERS = 300
LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th"}
)
"""Letters that Unicode does not take apart; casefold has made ss of the sharp s."""
APOSTROPHES = re.compile("['`\u2018\u2019\u02bc]")
BRACKETED = re.compile(r"\([^)]*\)|\[[^\]]*\]|\{[^}]*\}")
TRADING_AS = re.compile(
    r"\s*\b(?:d\s*/\s*b\s*/\s*a|d\.b\.a\.?|dba|doing business as|t\s*/\s*a|trading as"
    r"|a\s*/\s*k\s*/\s*a|a\.k\.a\.?|aka)(?!\w)[\s:.,]*"
)
CARE_OF = re.compile(r"\s*\bc\s*/\s*o(?!\w)[\s:.,]*")
INITIALS = re.compile(r"\b(?:\w\.)+\w\b\.?|\b\w\.(?=\w\b)")
NUMBERED = re.compile(
    r"(?:#|\bno\.?|\b(?:store|unit|suite|ste|location|loc|branch|shop)\b)"
    r"[\s#:.-]*(?:no\.?\s*)?\d[\d-]*"
)
NOT_IN_WORDS = re.compile(r"[\W_]+")
GIVEN_NAMES = 2
FAMILY_NAMES = 2


@dataclass(frozen=True)
class Name:
    """How a name is compared: the trading name, and the legal one beside it."""

    normalised: str
    alias: str = ""


@cache
def listed(kind: str) -> frozenset[str]:
    """Return the words of a kind from the shipped list, folded."""
    table = files("models.knowledge").joinpath("parties.csv")
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    return frozenset(fold(row["word"]) for row in rows if row["kind"] == kind)


def fold(text: str) -> str:
    """Return lower-case text without accents; other scripts keep their letters."""
    apart = unicodedata.normalize("NFKD", text[:MAX_CHARACTERS].casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(plain.translate(LETTERS).split())


@cache
def read_name(raw: str) -> Name:
    """Return a name as it is compared.

    Of "X dba Y" the trading name Y counts and X is the alias; of "X c/o Y" only X, for
    one agent may look after many. What nothing is left of stays as it was written, and
    so does "Vendor 12": without its number it would be any vendor.
    """
    text = fold(raw)
    owner = [part for part in CARE_OF.split(text, maxsplit=1) if part.strip()]
    parts = [part for part in TRADING_AS.split(owner[0] if owner else "") if part]
    if not parts:
        return Name(text)
    name = _normalised(parts[-1])
    if not name or set(name.split()) <= listed("placeholder"):
        name = " ".join(NOT_IN_WORDS.sub(" ", parts[-1]).split()) or text
    alias = _normalised(parts[0]) if len(parts) > 1 else ""
    return Name(name, alias if alias != name else "")


def in_order(name: str) -> str:
    """Return a name with its words sorted: a ratio of these is a token-sort ratio."""
    return " ".join(sorted(name.split()))


def _normalised(text: str) -> str:
    text = BRACKETED.sub(" ", APOSTROPHES.sub("", text).replace("&", " and "))
    text = INITIALS.sub(lambda found: found.group().replace(".", ""), _turned(text))
    words = NOT_IN_WORDS.sub(" ", NUMBERED.sub(" ", text)).split()
    return " ".join(_without_article(_without_tail(words)))


def _turned(text: str) -> str:
    """Turn "Last, First" round; "Acme, Inc" and "Smith, Jones and Co" stay."""
    family, comma, given = (part.strip() for part in text.partition(","))
    words = NOT_IN_WORDS.sub(" ", given).split()
    is_person = (
        bool(comma)
        and 0 < len(words) <= GIVEN_NAMES
        and 0 < len(family.split()) <= FAMILY_NAMES
        and not any(character.isdigit() or character in "/#" for character in text)
        and not {*words, " ".join(words)} & (listed("legal_form") | {"and", "the"})
    )
    return f"{given} {family}" if is_person else text


def _without_tail(words: list[str]) -> list[str]:
    """Drop legal forms and digit runs from the end, as often as there are any."""
    left = words
    while left:
        if left[-1].isdecimal() or left[-1] == "and":
            left = left[:-1]
            continue
        forms = (
            size
            for size in (4, 3, 2, 1)
            if len(left) >= size and " ".join(left[-size:]) in listed("legal_form")
        )
        size = next(forms, 0)
        if not size:
            return left
        left = left[:-size]
    return left


def _without_article(words: list[str]) -> list[str]:
    return words[1:] if len(words) > 1 and words[0] == "the" else words
