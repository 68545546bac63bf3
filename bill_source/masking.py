"""Sensitive values, masked before a record is hashed, stored or shown.

Here belongs: which values are sensitive and what stands in their place. Not here:
our own credentials, which never reach a record.
"""

import hashlib
from typing import Any

DROPPED = {"routingNumber", "dateOfBirth"}
HASHED = {"taxId"}
"""Kept as a hash, so that equal tax ids are still seen to be equal."""
BANK_NUMBERS = {"accountNumber", "iban"}
BANK_MARKS = {"routingNumber", "iban", "swiftCode"}
KEPT_DIGITS = 4


def mask(value: Any, *, is_bank: bool = False) -> bool:
    """Mask a decoded record in place; return whether anything was sensitive.

    ``accountNumber`` is a bank's only below ``bankAccount`` or beside a routing
    number; a vendor's or customer's own ``accountNumber`` is a reference of ours.
    """
    if isinstance(value, list):
        masked = [mask(item, is_bank=is_bank) for item in value]
        return any(masked)
    if not isinstance(value, dict):
        return False
    bank = is_bank or not BANK_MARKS.isdisjoint(value)
    found = [_mask_field(value, key, is_bank=bank) for key in list(value)]
    return any(found)


def _mask_field(record: dict[str, Any], key: str, *, is_bank: bool) -> bool:
    value = record[key]
    if key in DROPPED:
        del record[key]
    elif isinstance(value, dict | list):
        return mask(value, is_bank=is_bank or "bankaccount" in key.lower())
    elif value is None:
        return False
    elif key in HASHED:
        record[key] = fingerprint(str(value))
    elif key in BANK_NUMBERS and is_bank:
        record[key] = "****" + last_digits(str(value))
    else:
        return False
    return True


def fingerprint(value: str) -> str:
    """Return the md5 of a sensitive value, its separators left out."""
    plain = "".join(character for character in value if character.isalnum())
    return hashlib.md5(plain.encode(), usedforsecurity=False).hexdigest()


def last_digits(value: str) -> str:
    """Return the last four digits, or nothing where that would be most of them."""
    digits = "".join(character for character in value if character.isalnum())
    return digits[-KEPT_DIGITS:] if len(digits) >= KEPT_DIGITS else ""
