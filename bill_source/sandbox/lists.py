"""Answers to list requests: filtered, sorted, cut into pages.

Here belongs: rows in the asked order, cached until the list changes. Not here: HTTP
(server.py), the grammar of filters and sorts (query.py), tokens (paging.py).
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache, total_ordering
from random import Random
from typing import Any

from bill_source.sandbox.answers import RefusalError, encode, not_found
from bill_source.sandbox.catalog import Listing
from bill_source.sandbox.paging import PageTokens, Position, Question, page_size
from bill_source.sandbox.query import (
    Condition,
    SortKey,
    ordering,
    parse_filters,
    parse_sort,
)
from bill_source.sandbox.store import Row, Store
from bill_source.sandbox.switches import Switches

_MOST_ORDERS = 200
_TOKENS = ("page", "nextPage", "prevPage")


@total_ordering
class Descending:
    """A sort key turned round."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Descending) and bool(self.value == other.value)

    def __lt__(self, other: "Descending") -> bool:
        return bool(other.value < self.value)

    def __hash__(self) -> int:
        return hash(self.value)


class Lists:
    """Reads lists of one store the way BILL's list calls do."""

    def __init__(self, store: Store, switches: Switches, seed: int) -> None:
        self._store = store
        self._switches = switches
        self._seed = seed
        self._asked = 0
        self._tokens = PageTokens(switches)
        self._ordered: dict[tuple[Any, ...], Sequence[Row]] = {}

    def page(
        self,
        listing: Listing,
        asked: dict[str, str],
        session_id: str,
        now: datetime,
        parent_id: str = "",
    ) -> bytes:
        """Return the JSON envelope of one page.

        Raises:
            RefusalError: A parameter this list does not document, or a bad value.
        """
        check_parameters(asked, parameters_of(listing, self._switches))
        size = page_size(asked.get("max"), listing.largest)
        token = _token(asked)
        position = self._position(listing, asked, session_id, now, parent_id)
        rows = self._rows(listing, position.question)
        keys = self._keys(listing, rows, position.question)
        page = self._tokens.cut(position, keys, size, token)
        hidden = hidden_fields(listing, asked, self._switches) | {*listing.detail}
        texts = [
            row.text(listing.optional, self._switches, hidden)
            for row in rows[page.start : page.stop]
        ]
        return _envelope(texts, page.next_page, page.previous_page)

    def _position(
        self,
        listing: Listing,
        asked: dict[str, str],
        session_id: str,
        now: datetime,
        parent_id: str,
    ) -> Position:
        """Return where the asked page starts."""
        question = Question(
            listing.name, asked.get("filters", ""), asked.get("sort", ""), parent_id
        )
        token = _token(asked)
        if token is not None:
            return self._tokens.open(token, question, session_id, now)
        return Position(question, session_id, now, offset=0)

    def all_of(self, listing: Listing, parent_id: str) -> Sequence[Row]:
        """Return a list's rows, below one parent where the list has parents.

        Raises:
            RefusalError: BDC_1205, there is no such parent.
        """
        if not listing.parent:
            return self._store.rows(listing.name)
        rows = self._store.children(listing.name, parent_id)
        if rows is None:
            raise not_found()
        return rows

    def _rows(self, listing: Listing, question: Question) -> Sequence[Row]:
        """Return the rows that match, in order."""
        conditions = parse_filters(question.filters, listing, self._switches)
        sort = parse_sort(question.sort, listing)
        conditions += self._default_conditions(conditions)
        if not sort and self._switches.default_order == "random":
            return self._shuffled(self._matching(listing, question, conditions))
        key = (
            listing.name,
            question.parent_id,
            self._store.version(listing.name),
            conditions,
            sort,
            self._switches.default_order,
        )
        if key not in self._ordered:
            self._make_room()
            rows = self._matching(listing, question, conditions)
            self._ordered[key] = self._sorted(rows, sort, listing)
        return self._ordered[key]

    def _make_room(self) -> None:
        """Forget old orders, most of which belong to versions long gone."""
        if len(self._ordered) > _MOST_ORDERS:
            self._ordered.clear()

    def _default_conditions(
        self, asked: tuple[Condition, ...]
    ) -> tuple[Condition, ...]:
        """Leave archived rows out when BILL is said to and nobody asked for them."""
        if self._switches.archived_in_lists == "include":
            return ()
        if any(condition.field in {"archived", "id"} for condition in asked):
            return ()
        return (Condition("archived", "ne", (True,)),)

    def _matching(
        self, listing: Listing, question: Question, conditions: tuple[Condition, ...]
    ) -> list[Row]:
        """Return the rows for which every condition holds, in a fixed odd order."""
        rows = [
            row
            for row in self.all_of(listing, question.parent_id)
            if all(condition.holds(row.body) for condition in conditions)
        ]
        return sorted(rows, key=lambda row: tie_breaker(row.id))

    def _sorted(
        self, rows: list[Row], sort: tuple[SortKey, ...], listing: Listing
    ) -> list[Row]:
        """Sort by the last field first, so that the first field wins."""
        if not sort and self._switches.default_order == "created":
            sort = (SortKey("createdTime", descending=True),)
        elif not sort:
            rows.sort(key=lambda row: row.id)
        for part in reversed(sort):
            place = listing.places(part.field)[0]
            rows.sort(
                key=lambda row, path=place: ordering(row.body, path),  # type: ignore[misc]
                reverse=part.descending,
            )
        return rows

    def _shuffled(self, rows: list[Row]) -> list[Row]:
        """Return the rows in an order of this request only."""
        self._asked += 1
        Random(f"{self._seed}|order|{self._asked}").shuffle(rows)
        return rows

    def _keys(
        self, listing: Listing, rows: Sequence[Row], question: Question
    ) -> Sequence[Any]:
        """Return each row's sort key where tokens need it, else placeholders."""
        sort = parse_sort(question.sort, listing)
        if self._switches.paging == "offset" or not sort:
            return range(len(rows))
        return [_key(row, sort, listing) for row in rows]


def _key(row: Row, sort: tuple[SortKey, ...], listing: Listing) -> tuple[Any, ...]:
    """Return one row's place in a sorted list."""
    places = [(listing.places(part.field)[0], part.descending) for part in sort]
    values = [
        Descending(ordering(row.body, path)) if falling else ordering(row.body, path)
        for path, falling in places
    ]
    tie = tie_breaker(row.id)
    return (*values, Descending(tie) if sort[0].descending else tie)


@lru_cache(maxsize=100_000)
def tie_breaker(row_id: str) -> bytes:
    """Return a stable order among equals that follows neither time nor id."""
    return hashlib.blake2b(row_id.encode(), digest_size=8).digest()


def _token(asked: dict[str, str]) -> str | None:
    """Return the page token of a request, under whichever name it comes."""
    return next((asked[name] for name in _TOKENS if name in asked), None)


def parameters_of(listing: Listing, switches: Switches) -> frozenset[str]:
    """Return the query parameters a list takes."""
    return frozenset(listing.parameters) | flags_of(listing, switches).keys()


def flags_of(listing: Listing, switches: Switches) -> dict[str, str]:
    """Return the parameters that add a field; whether approvers need one is open."""
    if "billApprovals" in listing.on_request and switches.approvers_in_lists != "flag":
        return {}
    return listing.on_request


def hidden_fields(
    listing: Listing, asked: dict[str, str], switches: Switches
) -> frozenset[str]:
    """Return the fields a request has not asked for."""
    hidden = {
        name
        for parameter, name in flags_of(listing, switches).items()
        if asked.get(parameter) != "true"
    }
    if switches.approvers_in_lists is False:
        hidden.add("approvers")
    return frozenset(hidden)


def check_parameters(asked: dict[str, str], known: frozenset[str]) -> None:
    """Refuse query parameters that are not documented.

    Raises:
        RefusalError: BDC_1129 naming the parameter.
    """
    for name, value in asked.items():
        if name not in known:
            raise RefusalError(
                400,
                "BDC_1129",
                f"{name}: not a parameter of this request",
                parameter=(name, value),
            )


def _envelope(
    texts: Sequence[bytes], next_page: str | None, previous_page: str | None
) -> bytes:
    """Return BILL's list envelope; tokens are absent where there is no page."""
    body = b'{"results":[' + b",".join(texts) + b"]"
    if next_page is not None:
        body += b',"nextPage":' + encode(next_page)
    if previous_page is not None:
        body += b',"prevPage":' + encode(previous_page)
    return body + b"}"
