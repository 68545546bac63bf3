"""One session with BILL: sign in, renew it, list pages, read single records.

Here belongs: authorized requests, pages and records. Not here: sending and repeating
(transport.py), sessions (sessions.py), which requests a sync makes (sync.py), what
answers mean (answers.py).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from bill_source.answers import (
    HTTP_NOT_FOUND,
    MISSING_CODES,
    Page,
    error_of,
    read_page,
)
from bill_source.budget import HOURLY_LOGINS, HOURLY_REQUESTS, Clock, utc_now
from bill_source.entities import Entity
from bill_source.errors import (
    BillAuthError,
    BillForbiddenError,
    BillLimitError,
    BillLockedError,
    BillOrganizationError,
    BillPageError,
    BillSessionError,
)
from bill_source.login import Session, spend_headers
from bill_source.paging import Place
from bill_source.sessions import Sessions
from bill_source.settings import BillCredentials
from bill_source.terms import ATTEMPTS, Lane, Terms, Waiting, tell_nobody
from bill_source.transport import Transport
from bill_source.wire import Request

PAGE_SIZE = 100
"""BILL's maximum; its default is 20."""
STOPPING = (
    BillAuthError,
    BillLimitError,
    BillLockedError,
    BillOrganizationError,
)
"""Errors after which no thread may call BILL any more."""
SPEND_ADVICE = (
    "Give the connection a Spend & Expense token that an administrator of Spend &"
    " Expense has made, or leave its lists out."
)


class BillClient:
    """Reads BILL with one session, at most three calls in flight, from any thread.

    Args:
        credentials: The organization, and what opens it.
        shared: Folder of what all clients of this machine share: sessions, counts of
            requests, places in flight. Nothing is kept when left out.
        fresh: Log in even where a kept session may still live.
        wait_for_hour: At the hourly limit wait for the next hour instead of failing.
        heed_lock: Log in nowhere that BILL locked less than 15 minutes ago.
        waiting: Told until when and why, once for each such wait.
        hourly_requests: How many requests an hour all clients of the key may make.
        hourly_logins: How many logins.
        attempts: How often one request is tried.
        clock: What time it is.
        wait: Waits so many seconds; an interruptible wait when left out.
    """

    def __init__(
        self,
        credentials: BillCredentials,
        *,
        shared: Path | None = None,
        fresh: bool = False,
        wait_for_hour: bool = True,
        heed_lock: bool = True,
        waiting: Waiting = tell_nobody,
        hourly_requests: int = HOURLY_REQUESTS,
        hourly_logins: int = HOURLY_LOGINS,
        attempts: int = ATTEMPTS,
        clock: Clock = utc_now,
        wait: Callable[[float], object] | None = None,
    ) -> None:
        self.credentials = credentials
        self._terms = Terms(
            shared=shared,
            hourly_requests=hourly_requests,
            hourly_logins=hourly_logins,
            wait_for_hour=wait_for_hour,
            heed_lock=heed_lock,
            waiting=waiting,
            attempts=attempts,
            clock=clock,
            wait=wait,
        )
        self._transport = Transport(credentials, self._terms)
        self._sessions = Sessions(
            credentials, self._transport, self._terms, fresh=fresh
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop waiting requests and close the connections."""
        self._sessions.close()
        self._transport.close()

    @property
    def calls(self) -> int:
        """Requests sent so far, logins and repetitions included."""
        return self._transport.calls

    @property
    def calls_left(self) -> int:
        """Requests that the developer key has left this hour."""
        return self._transport.left()

    @property
    def logins(self) -> int:
        """Logins so far."""
        return self._sessions.logins

    @property
    def session(self) -> Session:
        """The session, kept from an earlier run or made on first use."""
        return self._sessions.current()

    def pages(
        self,
        entity: Entity,
        *,
        filters: str = "",
        sort: str = "",
        size: int = 0,
        parent_id: str = "",
    ) -> Iterator[Page]:
        """Yield the pages of one listing, from its first to its last.

        A refused page token starts the listing again, so that records may come twice.

        Args:
            entity: Which list.
            filters: Conditions in BILL's words.
            sort: An order in BILL's words.
            size: Rows a page, at most and by default as many as BILL gives at once.
            parent_id: Of which parent, for a list that is asked for per parent.

        Raises:
            BillQueryError: BILL refuses the filter or the sort.
            BillForbiddenError: The list is not for this user.
        """
        path = entity.list_path(self.credentials.organization_id, parent_id)
        place = Place(entity, min(size or entity.page_size, entity.page_size))
        parameters = dict(entity.parameters)
        if entity.is_paged:
            parameters["max"] = str(place.size)
        if filters:
            parameters["filters"] = filters
        if sort:
            parameters["sort"] = sort
        yield from self._follow(path, parameters, place)

    def _follow(
        self, path: str, parameters: dict[str, str], place: Place
    ) -> Iterator[Page]:
        doing = f"read {place.entity.table}"
        while True:
            try:
                page = self._read(path, parameters | place.asked, doing, place.entity)
            except BillPageError:
                if not place.restart():
                    raise
                continue
            yield page
            if not place.move_on(page):
                return

    def record(self, entity: Entity, record_id: str) -> bytes | None:
        """Return one record's JSON by its id, or None where BILL has none.

        None is also what a list gives whose records cannot be read singly.

        Raises:
            BillForbiddenError: BILL keeps the record back: it may well exist.
        """
        path = entity.record_path(self.credentials.organization_id, record_id)
        if not path:
            return None
        single = replace(entity, shape="object")
        try:
            page = self._read(path, {}, f"read one of {entity.table}", single)
        except BillForbiddenError as error:
            unnamed = not error.code and error.status == HTTP_NOT_FOUND
            if error.code in MISSING_CODES or unnamed:
                return None
            raise
        return page.records[0]

    def fetch(self, path: str, doing: str) -> bytes:
        """Return the body of one authorized GET that is neither list nor record."""
        return self._fetch(path, {}, doing)

    def _read(
        self, path: str, parameters: Mapping[str, str], doing: str, entity: Entity
    ) -> Page:
        if entity.group == "spend":
            return read_page(self._fetch_spend(path, parameters, doing), entity.shape)
        return read_page(self._fetch(path, parameters, doing), entity.shape)

    def _fetch(self, path: str, parameters: Mapping[str, str], doing: str) -> bytes:
        """One authorized request; a session that ended is renewed once.

        A session that another process kept for us does not count as renewed.
        """
        session = self._sessions.current()
        is_renewed = False
        while True:
            request = Request(
                doing, "GET", path, parameters, self._sessions.login.headers(session)
            )
            try:
                return self._answer(request, "requests")
            except BillSessionError as error:
                if is_renewed:
                    self._transport.fatal = error
                    raise
            session = self._sessions.renew(session)
            is_renewed = not session.is_kept

    def _fetch_spend(
        self, path: str, parameters: Mapping[str, str], doing: str
    ) -> bytes:
        """One request with the token of Spend & Expense; it has no session."""
        if not self.credentials.spend_token:
            raise BillForbiddenError(
                f"Could not {doing}: the connection has no Spend & Expense token.",
                advice=SPEND_ADVICE,
            )
        headers = spend_headers(self.credentials)
        request = Request(doing, "GET", path, parameters, headers)
        try:
            return self._answer(request, "spend")
        except BillSessionError as error:
            raise BillForbiddenError(
                error.message,
                code=error.code,
                status=error.status,
                advice=SPEND_ADVICE,
            ) from error

    def _answer(self, request: Request, lane: Lane) -> bytes:
        answer = self._transport.request(request, lane)
        if isinstance(answer, bytes):
            return answer
        now = self._terms.clock()
        error = error_of(answer, request.doing, tuple(request.query), now=now)
        if isinstance(error, STOPPING):
            self._transport.fatal = error
        raise error
