"""Pages of a list and the tokens between them.

Here belongs: ``max``, ``page``, offset and keyset positions. Not here: which rows a
list holds and in which order (lists.py).
"""

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bill_source.sandbox.answers import RefusalError
from bill_source.sandbox.switches import Switches

DEFAULT_MAX = 20
_DIGITS = 10


@dataclass(frozen=True)
class Question:
    """What a list request asks, apart from the page."""

    listing: str
    filters: str
    sort: str
    parent_id: str = ""


@dataclass(frozen=True)
class Position:
    """Where a page starts: after so many rows, or after a sort key."""

    question: Question
    session_id: str
    issued_at: datetime
    offset: int
    after: Any = None


@dataclass(frozen=True)
class Page:
    """Which rows to show and the tokens to the neighbouring pages."""

    start: int
    stop: int
    next_page: str | None
    previous_page: str | None


class PageTokens:
    """Issues tokens and remembers what they stand for."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._positions: dict[str, Position] = {}

    def issue(self, position: Position) -> str:
        """Return a token for a position; opaque, and different each time."""
        text = f"{len(self._positions)}|{position.question}|{position.offset}"
        token = hashlib.sha256(text.encode()).hexdigest()[:40]
        self._positions[token] = position
        return token

    def open(
        self, token: str, asked: Question, session_id: str, now: datetime
    ) -> Position:
        """Return what a token stands for.

        Raises:
            RefusalError: The token is unknown, too old, of another session or list.
        """
        position = self._positions.get(token)
        if position is None or self._is_dead(position, session_id, now):
            raise bad_token()
        kept = position.question
        if (asked.listing, asked.parent_id) != (kept.listing, kept.parent_id):
            raise bad_token()
        if not self._switches.token_carries_query:
            return replace(position, question=asked, issued_at=now)
        if asked.filters not in {"", kept.filters} or asked.sort not in {"", kept.sort}:
            raise bad_token()
        return replace(position, issued_at=now)

    def _is_dead(self, position: Position, session_id: str, now: datetime) -> bool:
        """Tell whether a token has outlived what it was made for."""
        lifetime = self._switches.page_life
        if lifetime == "none":
            return False
        if lifetime == "session":
            return position.session_id != session_id
        return now - position.issued_at > timedelta(seconds=float(lifetime))

    def cut(
        self, position: Position, keys: Sequence[Any], size: int, used: str | None
    ) -> Page:
        """Cut one page out of a list whose rows have these sort keys, in order."""
        start = _start(position, keys)
        stop = min(start + size, len(keys))
        following = self._at(position, keys, stop) if stop < len(keys) else None
        if following is not None and used is not None and self._switches.repeated_token:
            following = used
        before = self._at(position, keys, max(0, start - size)) if start else None
        if start and self._switches.duplicate_row_across_pages:
            start -= 1
        return Page(start, stop, following, before)

    def _at(self, position: Position, keys: Sequence[Any], offset: int) -> str:
        """Issue the token of the page that starts at an offset."""
        by_key = self._switches.paging == "keyset" and offset
        after = keys[offset - 1] if by_key else None
        return self.issue(replace(position, offset=offset, after=after))


def _start(position: Position, keys: Sequence[Any]) -> int:
    """Return the index a page starts at: by count, or behind the remembered key."""
    if position.after is None:
        return min(position.offset, len(keys))
    return bisect_right(keys, position.after)


def page_size(text: str | None, largest: int) -> int:
    """Read ``max``.

    Raises:
        RefusalError: Not a whole number from 1 to the list's largest page.
    """
    return whole_number("max", text, range(1, largest + 1), DEFAULT_MAX)


def whole_number(name: str, text: str | None, allowed: range, default: int) -> int:
    """Read a whole number of a query; nothing is clamped.

    Raises:
        RefusalError: Not a number, or out of range.
    """
    if text is None:
        return default
    digits = text if text.isascii() and text.isdigit() and len(text) < _DIGITS else ""
    if not digits or int(digits) not in allowed:
        why = f"must be between {allowed.start} and {allowed.stop - 1}"
        raise RefusalError(400, "BDC_1129", f"{name}: {why}", parameter=(name, text))
    return int(digits)


def bad_token() -> RefusalError:
    """Return the answer to a page token that leads nowhere."""
    return RefusalError(400, "BDC_1129", "page: not a valid page token")
