"""JSON values -> typed values, exactly or not at all.

Here belongs: one reader per kind of column. Not here: which column is of which kind
(entities.py), or what happens to a record with an unreadable value (versions.py).
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

import msgspec

from bill_source.entities import Kind

MONEY_LIMIT = Decimal(10) ** 16
RATE_LIMIT = Decimal(10) ** 20
CENTS = Decimal("0.01")
RATE_STEP = Decimal("0.00000001")
LARGEST_INTEGER = 2**63 - 1
DIGITS_READ = 60
"""A number of more digits than this is refused before it is computed with."""
PLAIN_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
PLAIN_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})T00:00(:00(\.0+)?)?(Z|[+-]00:?00)?")

_TEXT = msgspec.json.Encoder(decimal_format="number")


class UnreadableError(ValueError):
    """A value that cannot be read exactly as its column's kind."""


def _number(value: Any) -> Decimal:
    """Read a JSON number; BILL also accepts and may return plain numbers as text."""
    is_text = isinstance(value, str) and PLAIN_NUMBER.fullmatch(value)
    if isinstance(value, bool) or not (is_text or isinstance(value, int | Decimal)):
        raise UnreadableError(f"expected a number, found {_shown(value)}")
    number = Decimal(value)
    if abs(number.adjusted()) > DIGITS_READ:
        raise UnreadableError(f"the number {_shown(value)} is too large or too small")
    return number


def read_money(value: Any) -> Decimal:
    """Read an amount of at most two decimals."""
    number = _number(value)
    if abs(number) >= MONEY_LIMIT:
        raise UnreadableError(f"the amount {_shown(value)} is too large")
    cents = number.quantize(CENTS)
    if cents != number:
        raise UnreadableError(f"the amount {_shown(value)} has more than two decimals")
    return cents


def read_rate(value: Any) -> Decimal:
    """Read a rate, price or quantity; beyond eight decimals it is rounded."""
    number = _number(value)
    if abs(number) >= RATE_LIMIT:
        raise UnreadableError(f"the number {_shown(value)} is too large")
    return number.quantize(RATE_STEP, rounding=ROUND_HALF_EVEN)


def read_integer(value: Any) -> int:
    """Read a whole number."""
    number = _number(value)
    if number != number.to_integral_value() or abs(number) > LARGEST_INTEGER:
        raise UnreadableError(f"expected a whole number, found {_shown(value)}")
    return int(number)


def read_boolean(value: Any) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise UnreadableError(f"expected true or false, found {_shown(value)}")
    return value


def read_date(value: Any) -> date | None:
    """Read ``yyyy-MM-dd``; of a midnight in UTC BILL means the date part."""
    if value == "":
        return None
    text = value if isinstance(value, str) else ""
    midnight = MIDNIGHT.fullmatch(text)
    text = midnight.group(1) if midnight else text
    if PLAIN_DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise UnreadableError(f"expected a date, found {_shown(value)}")


def read_instant(value: Any) -> datetime | None:
    """Read an ISO 8601 instant; without an offset it counts as UTC."""
    if value == "":
        return None
    if isinstance(value, str):
        try:
            instant = datetime.fromisoformat(value)
            zoned = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
            return zoned.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise UnreadableError(f"expected a date and time, found {_shown(value)}")


def read_text(value: Any) -> str:
    """Read text; anything else is kept as its JSON text."""
    return value if isinstance(value, str) else _TEXT.encode(value).decode()


READERS: dict[Kind, Callable[[Any], Any]] = {
    "text": read_text,
    "money": read_money,
    "rate": read_rate,
    "integer": read_integer,
    "boolean": read_boolean,
    "date": read_date,
    "instant": read_instant,
    "hash": read_text,
}
"""``hash`` values have been hashed by masking.py before they are read."""


def read_value(kind: Kind, path: tuple[str, ...], value: Any) -> Any:
    """Read one value, naming its place when it cannot be read.

    Raises:
        UnreadableError: Says which field, and what was found there.
    """
    try:
        return READERS[kind](value)
    except UnreadableError as error:
        raise UnreadableError(f"{'.'.join(path)}: {error}") from error
    except InvalidOperation as error:
        raise UnreadableError(f"{'.'.join(path)}: not an exact number") from error


def _shown(value: Any) -> str:
    return _TEXT.encode(value).decode()[:60]
