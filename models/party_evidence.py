"""What besides the name speaks for or against two records being one party.

Here belongs which values are comparable and how: tax ids, e-mail domains, phones, bank
account tails, addresses. How much of it a merge needs does not: see party_links.
"""

import hashlib
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.party_names import fold, listed

KINDS = ("tax_id", "email", "phone", "bank", "address")
STRONG = ("tax_id", "email", "phone")
PHONE_DIGITS = 10
LEAST_PHONE_DIGITS = 7
BANK_DIGITS = 4
ZIP_DIGITS = 5
FILLERS = frozenset(
    filler
    for digits in ("123456789", "987654321", *(digit * 9 for digit in "0123456789"))
    for filler in (
        digits,
        hashlib.md5(digits.encode(), usedforsecurity=False).hexdigest(),
    )
)
"""Tax ids that people type where they have none, plain and as BILL's are stored."""
STREET_WORDS = {
    "street": "st",
    "avenue": "ave",
    "boulevard": "blvd",
    "road": "rd",
    "drive": "dr",
    "lane": "ln",
    "suite": "ste",
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "highway": "hwy",
    "parkway": "pkwy",
}
NOT_IN_WORDS = re.compile(r"[\W_]+")
NOT_A_DIGIT = re.compile(r"\D+")


@dataclass(frozen=True)
class Evidence:
    """Per kind one number per record: equal numbers are equal values, -1 is none."""

    codes: dict[str, np.ndarray]
    strict: dict[str, np.ndarray]

    def equal(self, kind: str, ones: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Tell for each pair whether both have the value and it is the same."""
        values = self.codes[kind]
        equal: np.ndarray = (values[ones] == values[others]) & (values[ones] >= 0)
        return equal

    def different(self, kind: str, ones: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Tell for each pair whether both have a value and it is another."""
        values = self.strict[kind]
        both: np.ndarray = (values[ones] >= 0) & (values[others] >= 0)
        differ: np.ndarray = both & (values[ones] != values[others])
        return differ


def read_evidence(records: pd.DataFrame) -> Evidence:
    """Number the comparable values of each record."""
    read = {
        "tax_id": [_tax_id(value) for value in _texts(records, "tax_id")],
        "email": [_email(value) for value in _texts(records, "email")],
        "phone": [_phone(value) for value in _texts(records, "phone")],
        "bank": [_bank(value) for value in _texts(records, "bank_account")],
        "address": [
            _address(line, code)
            for line, code in zip(
                _texts(records, "address_line"), _texts(records, "zip"), strict=True
            )
        ],
    }
    codes = {kind: _numbered(values) for kind, values in read.items()}
    domains = ["" if "@" in value else value for value in read["email"]]
    return Evidence(codes, {**codes, "email": _numbered(domains)})


def _texts(records: pd.DataFrame, column: str) -> list[str]:
    if column not in records.columns:
        return [""] * len(records)
    return [value if isinstance(value, str) else "" for value in records[column]]


def _numbered(values: list[str]) -> np.ndarray:
    places: dict[str, int] = {"": -1}
    return np.array(
        [places.setdefault(value, len(places)) for value in values], dtype=np.int64
    )


def _tax_id(value: str) -> str:
    plain = "".join(character for character in value.lower() if character.isalnum())
    return "" if plain in FILLERS else plain


def _email(value: str) -> str:
    """Return the domain; of a free-mail address all of it, for its domain says nothing.

    Two free-mail addresses that differ do not speak against anything either.
    """
    address = value.strip().lower()
    _, at, domain = address.rpartition("@")
    if not at or "." not in domain:
        return ""
    return address if domain in listed("free_mail") else domain


def _phone(value: str) -> str:
    digits = NOT_A_DIGIT.sub("", value)[-PHONE_DIGITS:]
    is_filler = len(set(digits)) <= 1
    return "" if len(digits) < LEAST_PHONE_DIGITS or is_filler else digits


def _bank(value: str) -> str:
    digits = NOT_A_DIGIT.sub("", value)[-BANK_DIGITS:]
    return digits if len(digits) == BANK_DIGITS else ""


def _address(line: str, code: str) -> str:
    """Return street and zip in one spelling; nothing where one is missing."""
    words = NOT_IN_WORDS.sub(" ", fold(line)).split()
    zip_code = NOT_IN_WORDS.sub("", fold(code))
    zip_code = zip_code[:ZIP_DIGITS] if zip_code.isdecimal() else zip_code
    if not words or not zip_code:
        return ""
    return " ".join([*(STREET_WORDS.get(word, word) for word in words), zip_code])
