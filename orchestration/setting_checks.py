"""What a connection's name and settings may be, wherever they come from.

Here belongs: one check a setting, its message with an example. Not here: where
settings are kept (connections.py), what a new connection gets (connecting.py).
"""

import re
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bill_source.entities import GROUPS
from orchestration.failures import UsageError
from orchestration.settings import RESERVED_NAMES

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
CURRENCY = re.compile(r"[A-Z]{3}")
CORE_GROUP, *OPTIONAL_GROUPS = GROUPS
"""Optional groups of lists are read where a connection includes them: they cost calls.
"""


def check_name(name: str) -> str:
    """Return the name if it can name a folder, a partition and a variable.

    Raises:
        UsageError: It cannot.
    """
    if NAME.fullmatch(name) and name not in RESERVED_NAMES:
        return name
    raise UsageError(
        f"{name!r} cannot name a connection: use up to 63 lower-case letters, digits,"
        " '-' and '_', starting with a letter or a digit, and not one of"
        f" {', '.join(sorted(RESERVED_NAMES))}."
    )


def check_timezone(name: str) -> str:
    """Return the name of a known time zone.

    Raises:
        UsageError: No such zone.
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UsageError(
            f"Unknown time zone {name!r}: use a name like America/New_York."
        ) from error
    return name


def check_currency(text: str) -> str:
    """Return a currency's three letters, as ISO 4217 writes them.

    Raises:
        UsageError: They are no three letters.
    """
    currency = text.strip().upper()
    if CURRENCY.fullmatch(currency):
        return currency
    raise UsageError(
        f"{text!r} is no currency: use the three letters of ISO 4217, like USD."
    )


def check_start_date(text: str) -> str:
    """Return a day as yyyy-mm-dd, or nothing for the full history.

    Raises:
        UsageError: It is no day.
    """
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as error:
        raise UsageError(
            f"{text!r} is no day the ledger can start on: use yyyy-mm-dd, or nothing"
            " for the full history."
        ) from error


def check_groups(names: Sequence[str]) -> tuple[str, ...]:
    """Return the optional groups that names ask for, each once; ``core`` adds none.

    Raises:
        UsageError: There is no such group.
    """
    for name in names:
        if name not in (CORE_GROUP, *OPTIONAL_GROUPS):
            raise UsageError(
                f"Unknown group of lists {name!r}. There are:"
                f" {', '.join(OPTIONAL_GROUPS)}; {CORE_GROUP} alone means none of them."
            )
    return tuple(group for group in OPTIONAL_GROUPS if group in names)
