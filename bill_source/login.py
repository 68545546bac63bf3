"""Signing in: a credential becomes a session, and a session the headers of a request.

Here belongs: the ways in, and what BILL's refusal says about the credential. Not here:
keeping and renewing sessions (sessions.py), or sending (transport.py).

A way in is anything with the methods of `Login`; the client knows no other difference.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

from bill_source.answers import (
    HTTP_BAD_REQUEST,
    HTTP_FORBIDDEN,
    HTTP_UNAUTHORIZED,
    Problem,
    decode,
    error_at_login,
)
from bill_source.errors import (
    BillAccessError,
    BillAuthError,
    BillError,
    BillOrganizationError,
    BillResponseError,
)
from bill_source.settings import BillCredentials
from bill_source.transport import Transport
from bill_source.wire import Request

IDLE_LIFE = {"token": timedelta(hours=48), "user": timedelta(minutes=35)}
"""How long BILL keeps a session that is not used."""
AUTHX_PATH = "/authx/token"
MARGIN = timedelta(minutes=1)
"""So long before its end a token counts as ended, for clocks differ."""
EITHER_WRONG = "BDC_1101"
SAME_ANSWER = (
    "Check the token's name and password, for BILL does not tell which is wrong: first"
    " that the name is the token's own and not a person's, then paste the token's value"
    " again, or make a new token."
)
NO_ACCESS = {
    "BDC_1104": "An administrator has to accept BILL's terms of service first.",
    "BDC_1105": "BILL has to switch on API access for this organization first.",
    "BDC_1106": "The developer key belongs to another partner than the organization.",
    "BDC_1111": "The user behind the token is not active: activate it, or make a token"
    " for another.",
}
"""What stands in the way of a credential that may well be right."""


@dataclass(frozen=True)
class Session:
    """Who we are logged in as.

    Attributes:
        id: BILL's session id, or a bearer token: a secret.
        user_id: The user BILL sees, where it tells one.
        number: Counts the sessions of one client, from 1.
        expires_at: When it ends however much it is used; empty if it does not.
        is_kept: Whether it comes from an earlier run, and so may have ended.
    """

    id: str = field(repr=False)
    user_id: str
    number: int = 0
    expires_at: datetime | None = None
    is_kept: bool = False


class Login(Protocol):
    """A way in."""

    @property
    def idle_life(self) -> timedelta | None:
        """How long a session lives unused; nothing if that does not end it."""

    def log_in(self, transport: Transport, now: datetime) -> Session:
        """Ask BILL for a session, once.

        Raises:
            BillAuthError: BILL refuses the credential.
            BillOrganizationError: The session is for another organization.
        """

    def headers(self, session: Session) -> dict[str, str]:
        """Return what authorizes a request."""


class TokenLogin:
    """The login of a sync token, and of a user: the same call, another life."""

    def __init__(self, credentials: BillCredentials) -> None:
        self._credentials = credentials

    @property
    def idle_life(self) -> timedelta | None:
        """How long a session lives unused."""
        return IDLE_LIFE[self._credentials.kind]

    def log_in(self, transport: Transport, now: datetime) -> Session:
        """Ask BILL for a session."""
        del now  # BILL's sessions end by idling only
        wanted = self._credentials.organization_id
        body = {
            "username": self._credentials.token_name,
            "password": self._credentials.token_password,
            "organizationId": wanted,
            "devKey": self._credentials.dev_key,
        }
        request = Request("log in", "POST", "/v3/login", json=body)
        answer = transport.request(request, "logins")
        if isinstance(answer, Problem):
            raise refusal(answer, wanted)
        content = _fields(answer)
        if not content.get("sessionId"):
            raise BillResponseError("Could not log in: BILL's answer has no session.")
        found = content.get("organizationId")
        if found is not None and found != wanted:
            raise BillOrganizationError(
                f"The session belongs to organization {found}, the connection to"
                f" {wanted}."
            )
        return Session(str(content["sessionId"]), str(content.get("userId") or ""))

    def headers(self, session: Session) -> dict[str, str]:
        """Return what authorizes a request."""
        return {"sessionId": session.id, "devKey": self._credentials.dev_key}


class ClientCredentialsLogin:
    """OAuth client credentials: a bearer token instead of session and key.

    BILL documents the call, not its host nor how long a token lives: the address is a
    setting, and a token is renewed when its announced end or a refusal comes.
    """

    def __init__(self, credentials: BillCredentials) -> None:
        self._credentials = credentials
        parts = urlsplit(credentials.api_url)
        origin = f"{parts.scheme}://{parts.netloc}"
        self._url = credentials.authx_url or origin + AUTHX_PATH

    @property
    def idle_life(self) -> timedelta | None:
        """A token does not end by idling."""
        return None

    def log_in(self, transport: Transport, now: datetime) -> Session:
        """Ask BILL for a bearer token."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self._credentials.token_name,
            "client_secret": self._credentials.token_password,
        }
        request = Request("get a token", "POST", self._url, form=form)
        answer = transport.request(request, "logins")
        if isinstance(answer, Problem):
            raise _client_refusal(answer)
        content = _fields(answer)
        token, seconds = content.get("access_token"), content.get("expires_in")
        if not token:
            raise BillResponseError("Could not get a token: BILL's answer has none.")
        life = timedelta(seconds=int(seconds)) if seconds else None
        return Session(str(token), "", expires_at=now + life - MARGIN if life else None)

    def headers(self, session: Session) -> dict[str, str]:
        """Return what authorizes a request."""
        return {"Authorization": f"Bearer {session.id}"}


def login_of(credentials: BillCredentials) -> Login:
    """Return the way in that a credential is for."""
    if credentials.kind == "client":
        return ClientCredentialsLogin(credentials)
    return TokenLogin(credentials)


def spend_headers(credentials: BillCredentials) -> dict[str, str]:
    """Return what authorizes a request to Spend & Expense: its own token, no login."""
    return {"apiToken": credentials.spend_token}


def refusal(problem: Problem, organization_id: str) -> BillError:
    """Return the error that a refused login is."""
    said = f"BILL refused the login ({problem})."
    if problem.code == EITHER_WRONG:
        return BillAuthError(said, part="token", code=problem.code, advice=SAME_ANSWER)
    if problem.code in NO_ACCESS:
        return BillAccessError(
            said,
            code=problem.code,
            status=problem.status,
            advice=NO_ACCESS[problem.code],
        )
    return error_at_login(problem, organization_id)


def _client_refusal(problem: Problem) -> BillError:
    if problem.status in {HTTP_BAD_REQUEST, HTTP_UNAUTHORIZED, HTTP_FORBIDDEN}:
        return BillAuthError(
            f"BILL gave no token ({problem}).",
            part="client id or secret",
            code=problem.code,
            advice="Check the client's id and secret, and that its app is active.",
        )
    return error_at_login(problem, "")


def _fields(answer: bytes) -> Mapping[str, Any]:
    content = decode(answer)
    return content if isinstance(content, dict) else {}
