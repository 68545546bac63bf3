"""Instants of records: the newest of a page, when rows were made, as filters take them.

Here belongs: what listings and the version log ask about time. Not here: reading one
instant from JSON (values.py).
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from bill_source.answers import decode
from bill_source.values import UnreadableError, read_instant

Times = list[str | None]
"""updatedTime of the records of a page, as they came; None where absent."""


def newest_of(times: Times, latest: datetime) -> datetime | None:
    """Return the newest of these instants that is not beyond the latest.

    Texts of one form are compared as they are; BILL writes all of them in one.
    """
    texts = sorted({text for text in times if text}, reverse=True)
    of_one_form = len({(len(text), text[19:20], text[-6:]) for text in texts}) == 1
    found = (instant for text in texts if (instant := _instant(text)) is not None)
    sane = (instant for instant in found if instant <= latest)
    return next(sane, None) if of_one_form else max(sane, default=None)


def created_times(records: Iterable[bytes]) -> list[datetime | None]:
    """Return the createdTime of each record, None where it has none we can read."""
    found = []
    for text in records:
        record = decode(text)
        is_object = isinstance(record, dict)
        found.append(_instant(record.get("createdTime")) if is_object else None)
    return found


def _instant(value: Any) -> datetime | None:
    try:
        return read_instant(value or "")
    except UnreadableError:
        return None


def as_text(instant: datetime) -> str:
    """Return an instant as BILL's filters take it."""
    text = instant.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
