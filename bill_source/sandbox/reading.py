"""Answers to reads of lists and records, in the shape BILL gives each.

Here belongs: which rows of which list answer a path, bare arrays, objects. Not here:
who may ask (server.py), envelopes and pages (lists.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bill_source.sandbox.answers import (
    Answer,
    RefusalError,
    encode,
    not_found,
)
from bill_source.sandbox.catalog import PAGED, Listing, filters_of
from bill_source.sandbox.directory import ALL, CURRENT_SPEND_USER, Route
from bill_source.sandbox.lists import (
    Lists,
    check_parameters,
    flags_of,
    hidden_fields,
    parameters_of,
)
from bill_source.sandbox.paging import DEFAULT_MAX, page_size, whole_number
from bill_source.sandbox.query import parse_instant
from bill_source.sandbox.store import Row, Store
from bill_source.sandbox.switches import Switches

Query = dict[str, str]
_FARTHEST = 1_000_000
_RANGE = {"invoiceDateFrom": "gte", "invoiceDateTo": "lte"}


@dataclass(frozen=True)
class Asker:
    """Who asks: the session (a fixed word for Spend & Expense), the user, when."""

    session_id: str
    user_id: str
    now: datetime


class Reader:
    """Answers reads from one store."""

    def __init__(self, store: Store, switches: Switches, seed: int) -> None:
        self._store = store
        self._switches = switches
        self.lists = Lists(store, switches, seed)

    def answer(self, route: Route, query: Query, asker: Asker) -> Answer:
        """Return a page of a list, a whole list or one record.

        Raises:
            RefusalError: No such record or parent, or a question BILL does not take.
        """
        if route.row_id:
            return self._record(route, query)
        listing = route.listing
        if listing.shape == "envelope":
            return self._page(route, listing, query, asker)
        check_parameters(query, parameters_of(listing, self._switches))
        if listing.shape == "cards":
            return self._cards(listing, query)
        if listing.shape == "organizations":
            return self._organizations(query)
        return self._whole(route, listing, query)

    def _record(self, route: Route, query: Query) -> Answer:
        """Return one record by id; some paths serve several lists."""
        for name in route.names:
            listing = ALL[name]
            check_parameters(query, frozenset(flags_of(listing, self._switches)))
            row = self._find(listing, route)
            if row is not None:
                return Answer(200, self._text(listing, row, query))
        raise not_found()

    def _find(self, listing: Listing, route: Route) -> Row | None:
        """Return the record a path names, below its parent where it names one."""
        if listing.name == "spend-users" and route.row_id == CURRENT_SPEND_USER:
            return next(iter(self._store.rows(listing.name)), None)
        row = self._store.find(listing.name, route.row_id)
        if row is None or not route.parent_id:
            return row
        below = self.lists.all_of(listing, route.parent_id)
        return row if any(one.id == row.id for one in below) else None

    def _text(self, listing: Listing, row: Row, query: Query) -> bytes:
        """Return one record's JSON."""
        hidden = hidden_fields(listing, query, self._switches)
        return row.text(listing.optional, self._switches, hidden)

    def _page(
        self, route: Route, listing: Listing, query: Query, asker: Asker
    ) -> Answer:
        """Return one page of an ordinary list."""
        check_parameters(query, parameters_of(listing, self._switches))
        if listing.name == "billing-statements":
            query = _statement_query(query)
            listing = _RANGED if "filters" in query else listing
        if "currentUser" in query:
            rows = self._rows_of_user(listing, query, asker)
            return Answer(200, b'{"results":' + self._array(listing, rows) + b"}")
        text = self.lists.page(
            listing, query, asker.session_id, asker.now, route.parent_id
        )
        return Answer(200, text)

    def _rows_of_user(
        self, listing: Listing, query: Query, asker: Asker
    ) -> Sequence[Row]:
        """Return the rows about the signed-in user, or about anybody."""
        chosen = query["currentUser"]
        if chosen not in {"true", "false"}:
            raise _bad("currentUser", chosen, "must be true or false")
        size = page_size(query.get("max"), listing.largest)
        rows = self._store.rows(listing.name)
        mine = [row for row in rows if row.body.get("userId") == asker.user_id]
        return (mine if chosen == "true" else rows)[:size]

    def _cards(self, listing: Listing, query: Query) -> Answer:
        """Return the card accounts, which have an envelope of their own."""
        asked = query.get("cardUserStatus")
        if asked not in {"VERIFIED", "NOMINATED"}:
            raise RefusalError(
                400, "BDC_1108", "cardUserStatus: must be VERIFIED or NOMINATED"
            )
        nominated = asked == "NOMINATED"
        rows = [
            row
            for row in self._store.rows(listing.name)
            if bool(row.hidden.get("nominated")) == nominated
        ]
        rates = encode(self._store.rates())
        cards = self._array(listing, rows)
        return Answer(200, b'{"rates":' + rates + b',"cards":' + cards + b"}")

    def _organizations(self, query: Query) -> Answer:
        """Return the organizations a session reaches: one, and no console."""
        if "page" in query:
            raise _bad("page", query["page"], "there is one page")
        row = self._store.organization()
        names = ("id", "name")
        own = [] if row is None else [{name: row.body.get(name) for name in names}]
        return Answer(200, encode({"organizations": own, "consoleOrganizations": []}))

    def _whole(self, route: Route, listing: Listing, query: Query) -> Answer:
        """Return a list without an envelope, or the one object there is."""
        rows = self.lists.all_of(listing, route.parent_id)
        if listing.shape == "object":
            if not rows:
                raise not_found()
            return Answer(200, self._text(listing, rows[0], query))
        if listing.name == "vendor-audit-trail":
            rows = self._trail(route, rows, query)
        if listing.name == "document-upload-status":
            rows = _uploads(rows, query)
        text = self._array(listing, rows)
        return Answer(
            200, b'{"bills":' + text + b"}" if listing.shape == "bills" else text
        )

    def _trail(self, route: Route, rows: Sequence[Row], query: Query) -> Sequence[Row]:
        """Cut an audit trail; an archived vendor's must be asked for.

        BILL does not say what ``includeArchived`` includes; this is the reading that
        hides most from a client that leaves it out.
        """
        start = whole_number("start", query.get("start"), range(_FARTHEST), 0)
        size = whole_number("max", query.get("max"), range(1, 101), DEFAULT_MAX)
        archived = query.get("includeArchived", "false")
        if archived not in {"true", "false"}:
            raise _bad("includeArchived", archived, "must be true or false")
        vendor = self._store.find("vendors", route.parent_id)
        if vendor and vendor.body.get("archived") and archived == "false":
            return ()
        return rows[start : start + size]

    def _array(self, listing: Listing, rows: Iterable[Row]) -> bytes:
        """Return rows as a JSON array."""
        return b"[" + b",".join(self._text(listing, row, {}) for row in rows) + b"]"


def _uploads(rows: Sequence[Row], query: Query) -> Sequence[Row]:
    """Return the asked uploads; there is no list of all."""
    if not query.get("ids"):
        raise RefusalError(400, "BDC_1108", "ids: must not be null")
    asked = query["ids"].strip('"').split(",")
    found = [row for row in rows if row.id in asked]
    if len(found) < len(set(asked)):
        raise not_found()
    return found


def _statement_query(query: Query) -> Query:
    """Turn a range of dates into filters; a range has no pages."""
    given = {name: query[name] for name in _RANGE if name in query}
    if not given:
        return query
    for name in ("max", "page"):
        if name in query:
            raise _bad(name, query[name], "not together with a range of dates")
    for name, text in given.items():
        if parse_instant(text) is None:
            raise _bad(name, text, "must be a date")
    clauses = (f'invoiceDate:{_RANGE[name]}:"{text}"' for name, text in given.items())
    return {"filters": ",".join(clauses), "max": "100"}


_RANGED = replace(
    ALL["billing-statements"],
    filters=filters_of("invoiceDate:gte,lte"),
    parameters=PAGED,
)


def _bad(name: str, value: str, why: str) -> RefusalError:
    """Return the answer to a parameter's wrong value."""
    return RefusalError(400, "BDC_1129", f"{name}: {why}", parameter=(name, value))
