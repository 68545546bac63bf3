"""Sensitive values, masked before a record is hashed, stored or shown.

Here belongs: which values are sensitive and what stands in their place. Not here:
our own credentials, which never reach a record.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from bill_source.answers import decode
from bill_source.entities import Children, Column, Entity
from bill_source.records import encode

DROPPED = {"routingNumber", "dateOfBirth", "downloadLink"}
"""Links go too: whoever holds one may need nothing else, and each reading has new."""
RECEIPTS = "receipts"
EDIT = "field"
LINK = "url"
HASHED = {"taxId"}
"""Kept as a hash, so that equal tax ids are still seen to be equal."""
BANK_NUMBERS = {"accountNumber", "iban"}
BANK_MARKS = {"routingNumber", "iban", "swiftCode"}
EDITED_DROPPED = ("routing", "birth")
EDITED_HASHED = ("taxid", "taxpayer", "ssn")
EDITED_NUMBERS = ("accountnumber", "bankaccount", "iban")
"""Parts of a field's name, in letters only, that make its edited values sensitive. The
trail does not say whose an account number is, so each counts as a bank's."""
KEPT_DIGITS = 4
FINGERPRINT = re.compile(r"[0-9a-f]{32}")
SENSITIVE = DROPPED | HASHED | BANK_NUMBERS | {RECEIPTS, EDIT}
"""A record without a field of these names has nothing to be masked."""


def may_hold_sensitive(entity: Entity) -> bool:
    """Whether a list's documentation has sensitive fields; others show when they come.

    Records of the other lists are masked only where such a field turns up.
    """
    words = " ".join(_words(entity.columns, entity.children))
    names = {*words.split(), *(part for p in entity.untyped for part in p.split("."))}
    return entity.is_bank or not SENSITIVE.isdisjoint(
        name.removesuffix("[]") for name in names
    )


def _words(columns: Iterable[Column], children: Iterable[Children]) -> Iterator[str]:
    yield from (key for column in columns for key in column.path)
    for child in children:
        yield from child.keys
        yield from _words(child.columns, child.children)


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


def masked_text(raw: bytes, *, is_bank: bool = False) -> str:
    """Return a record's JSON as it may be stored.

    Of a text that is no JSON we cannot mask a part; nothing of it is kept where it
    names a sensitive field.
    """
    try:
        record = decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        text = raw.decode("utf-8", "replace")
        return "" if any(name in text for name in SENSITIVE) else text
    is_masked = mask(record, is_bank=is_bank)
    return encode(record) if is_masked else raw.decode()


def _mask_field(record: dict[str, Any], key: str, *, is_bank: bool) -> bool:
    value = record[key]
    if key in DROPPED:
        del record[key]
    elif isinstance(value, dict | list):
        return _mask_inside(key, value, is_bank=is_bank)
    elif value is None:
        return False
    elif key in HASHED:
        record[key] = fingerprint(str(value))
    elif key in BANK_NUMBERS and is_bank:
        record[key] = "****" + last_digits(str(value))
    else:
        return False
    return True


def _mask_inside(key: str, value: Any, *, is_bank: bool) -> bool:
    """Mask what is below a field, by the name of the field too."""
    bank = is_bank or "bankaccount" in key.lower()
    links = _drop_links(value) if key == RECEIPTS else False
    edited = _mask_edit(value) if key == EDIT else False
    return mask(value, is_bank=bank) or links or edited


def _drop_links(receipts: Any) -> bool:
    items = receipts if isinstance(receipts, list) else [receipts]
    linked = [item for item in items if isinstance(item, dict) and LINK in item]
    for item in linked:
        del item[LINK]
    return bool(linked)


def _mask_edit(field: Any) -> bool:
    """Mask both values of an edit that the audit trail tells of."""
    values = field.get("value") if isinstance(field, dict) else None
    if not isinstance(values, dict):
        return False
    name = "".join(letter for letter in str(field.get("name")) if letter.isalpha())
    stand_in = _stand_in(name.lower())
    if stand_in is None:
        return False
    for key in [key for key, value in values.items() if value is not None]:
        values[key] = stand_in(str(values[key]))
    return True


def _stand_in(name: str) -> Callable[[str], str] | None:
    """Return what stands in for the values of a field, None where they may stay."""
    if any(part in name for part in EDITED_DROPPED):
        return lambda _: "****"
    if any(part in name for part in EDITED_HASHED) or name == "ein":
        return fingerprint
    if any(part in name for part in EDITED_NUMBERS):
        return lambda value: "****" + last_digits(value)
    return None


def fingerprint(value: str) -> str:
    """Return the md5 of a sensitive value, its separators left out.

    A fingerprint stays what it is: a record may be masked more than once.
    """
    if FINGERPRINT.fullmatch(value):
        return value
    plain = "".join(character for character in value if character.isalnum())
    return hashlib.md5(plain.encode(), usedforsecurity=False).hexdigest()


def last_digits(value: str) -> str:
    """Return the last four digits, or nothing where that would be most of them."""
    digits = "".join(character for character in value if character.isalnum())
    return digits[-KEPT_DIGITS:] if len(digits) >= KEPT_DIGITS else ""
