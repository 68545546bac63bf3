"""One session with BILL: sign in, renew it, list pages, read single records.

Here belongs: what the session and page tokens need. Not here: sending and repeating
(transport.py), which requests a sync makes (sync.py), what answers mean (answers.py).
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from bill_source.answers import (
    MISSING_CODES,
    Page,
    Problem,
    decode,
    error_at_login,
    error_of,
    read_page,
)
from bill_source.entities import Entity, Shape
from bill_source.errors import (
    BillError,
    BillForbiddenError,
    BillOrganizationError,
    BillPageError,
    BillQueryError,
    BillRejectedError,
    BillResponseError,
    BillSessionError,
)
from bill_source.settings import BillCredentials
from bill_source.transport import ATTEMPTS, Transport

PAGE_SIZE = 100
"""BILL's maximum; its default is 20."""
MOST_LOGINS = 10
"""BILL allows 200 an hour per developer key, shared by all its customers."""
MOST_RESTARTS = 5


@dataclass(frozen=True)
class Session:
    """Who we are logged in as; ``number`` counts the logins of this client."""

    id: str = field(repr=False)
    user_id: str
    number: int


class BillClient:
    """Reads BILL with one session, at most three calls in flight, from any thread."""

    def __init__(
        self,
        credentials: BillCredentials,
        *,
        wait: Callable[[float], object] | None = None,
        attempts: int = ATTEMPTS,
    ) -> None:
        self.credentials = credentials
        self.logins = 0
        self._transport = Transport(credentials, wait=wait, attempts=attempts)
        self._login_lock = threading.Lock()
        self._session: Session | None = None

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
        self._transport.close()

    @property
    def calls(self) -> int:
        """Requests sent so far, logins and repetitions included."""
        return self._transport.calls

    @property
    def session(self) -> Session:
        """The session, made on first use."""
        with self._login_lock:
            if self._session is None:
                self._session = self._log_in()
            return self._session

    def pages(
        self, entity: Entity, *, filters: str = "", sort: str = "", size: int = 0
    ) -> Iterator[Page]:
        """Yield the pages of one listing, from its first to its last.

        A refused page token starts the listing again, so that records may come twice.

        Raises:
            BillQueryError: BILL refuses the filter or the sort.
            BillForbiddenError: The list is not for this user.
        """
        parameters = dict(entity.parameters)
        if entity.shape == "envelope":
            parameters["max"] = str(size or PAGE_SIZE)
        if filters:
            parameters["filters"] = filters
        if sort:
            parameters["sort"] = sort
        yield from self._follow(entity, parameters)

    def _follow(self, entity: Entity, parameters: dict[str, str]) -> Iterator[Page]:
        path = entity.path.format(organization_id=self.credentials.organization_id)
        doing = f"read {entity.table}"
        tokens: set[str] = set()
        token, restarts = "", 0
        while True:
            asked = parameters | ({"page": token} if token else {})
            try:
                page = self._read(path, asked, doing, entity.shape)
            except BillPageError:
                restarts += 1
                if restarts > MOST_RESTARTS:
                    raise
                token, tokens = "", set()
                continue
            yield page
            token = page.next_token
            if not token:
                return
            if token in tokens:
                raise BillResponseError(
                    f"Could not {doing}: BILL gave the same page token twice, so the"
                    " list would never end."
                )
            tokens.add(token)

    def record(self, entity: Entity, record_id: str) -> bytes | None:
        """Return one record's JSON by its id, or None where BILL has none."""
        path = entity.path.format(organization_id=self.credentials.organization_id)
        try:
            doing = f"read one of {entity.table}"
            page = self._read(f"{path}/{record_id}", {}, doing, "object")
        except BillForbiddenError as error:
            if error.code in MISSING_CODES or not error.code:
                return None
            raise
        return page.records[0]

    def _read(
        self, path: str, parameters: Mapping[str, str], doing: str, shape: Shape
    ) -> Page:
        """One authorized request; a session that ended is renewed once."""
        session = self.session
        try:
            return read_page(self._get(session, path, parameters, doing), shape)
        except BillSessionError:
            renewed = self._renew(session)
        try:
            return read_page(self._get(renewed, path, parameters, doing), shape)
        except BillSessionError as error:
            self._transport.fatal = error
            raise

    def _get(
        self, session: Session, path: str, parameters: Mapping[str, str], doing: str
    ) -> bytes:
        headers = {"sessionId": session.id, "devKey": self.credentials.dev_key}
        answer = self._transport.request(
            doing, "GET", path, headers=headers, params=dict(parameters)
        )
        if isinstance(answer, bytes):
            return answer
        error = error_of(answer, doing, tuple(parameters), now=datetime.now(UTC))
        raise self._remember(error)

    def _remember(self, error: BillError) -> BillError:
        """Keep an error after which no other thread may call BILL any more."""
        passing = (BillForbiddenError, BillPageError, BillQueryError, BillSessionError)
        if isinstance(error, BillRejectedError) and not isinstance(error, passing):
            self._transport.fatal = error
        return error

    def _renew(self, ended: Session) -> Session:
        with self._login_lock:
            if self._session is None or self._session.number == ended.number:
                if self.logins >= MOST_LOGINS:
                    raise self._remember(
                        BillSessionError(
                            f"BILL ended the session {self.logins} times in one run."
                        )
                    )
                self._session = self._log_in()
            return self._session

    def _log_in(self) -> Session:
        self.logins += 1
        wanted = self.credentials.organization_id
        body = {
            "username": self.credentials.token_name,
            "password": self.credentials.token_password,
            "organizationId": wanted,
            "devKey": self.credentials.dev_key,
        }
        answer = self._transport.request("log in", "POST", "/v3/login", json=body)
        if isinstance(answer, Problem):
            self._transport.fatal = error_at_login(answer, wanted)
            raise self._transport.fatal
        content = decode(answer)
        if not isinstance(content, dict) or not content.get("sessionId"):
            raise BillResponseError("Could not log in: BILL's answer has no session.")
        found = content.get("organizationId")
        if found is not None and found != wanted:
            self._transport.fatal = BillOrganizationError(
                f"The session belongs to organization {found}, the connection to"
                f" {wanted}."
            )
            raise self._transport.fatal
        user = str(content.get("userId") or "")
        self._transport.hidden.add(str(content["sessionId"]))
        return Session(str(content["sessionId"]), user, self.logins)
