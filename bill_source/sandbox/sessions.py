"""Who may ask: sign-in, sessions, and the limits BILL puts on a developer key.

Here belongs: credentials, idle expiry, hourly quotas, lock-out. Not here: what a
session may read (server.py).
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from bill_source.sandbox.answers import Body, RefusalError
from bill_source.sandbox.clock import Clock
from bill_source.sandbox.switches import Switches

LOCK_OUT = timedelta(minutes=10)
_LOGIN_FIELDS = ("username", "password", "organizationId", "devKey")


@dataclass(frozen=True)
class Credentials:
    """Everything this sandbox lets in; a person's password and a sync token."""

    organization_id: str
    user_id: str
    username: str
    password: str = field(repr=False)
    token_name: str
    token_password: str = field(repr=False)
    dev_key: str = field(repr=False)
    spend_token: str = field(repr=False)


@dataclass
class Session:
    """One signed-in session; ``kind`` decides how long it may idle."""

    id: str = field(repr=False)
    kind: Literal["user", "token"]
    last_used: datetime
    calls: int = 0


class Gate:
    """Lets requests in, or refuses them as BILL does."""

    def __init__(
        self, credentials: Credentials, clock: Clock, switches: Switches
    ) -> None:
        self.credentials = credentials
        self._clock = clock
        self._switches = switches
        self._sessions: dict[str, Session] = {}
        self._spent: Counter[tuple[str, datetime]] = Counter()
        self._issued = 0
        self._failed_logins = 0
        self._locked_until: datetime | None = None
        self._blocked_hour: datetime | None = None

    def sign_in(self, request: Any) -> Session:
        """Open a session for a correct login body.

        Raises:
            RefusalError: Missing fields, wrong key, organization or password.
        """
        body = _login_body(request)
        self._check_key(body["devKey"])
        self._check_lock()
        self.spend("login", self._switches.hourly_logins)
        kind = self._kind_of(body)
        if kind is None:
            raise self._failed_login()
        if body["organizationId"] != self.credentials.organization_id:
            raise RefusalError(400, "BDC_1123", "Organization id is not valid.")
        self._failed_logins = 0
        return self._open(kind)

    def _open(self, kind: Literal["user", "token"]) -> Session:
        """Issue a new session id, the same ones in every run of the same calls."""
        self._issued += 1
        text = f"{self.credentials.organization_id}|{self._issued}|{kind}"
        session_id = hashlib.sha256(text.encode()).hexdigest()[:48]
        session = Session(session_id, kind, self._clock.now())
        self._sessions[session_id] = session
        return session

    def _kind_of(self, body: Body) -> Literal["user", "token"] | None:
        """Tell which credential matches, if any."""
        given = (body["username"], body["password"])
        known = self.credentials
        if given == (known.token_name, known.token_password):
            return "token"
        if given == (known.username, known.password):
            return "user"
        return None

    def _failed_login(self) -> RefusalError:
        """Count a wrong password; too many lock the organization for minutes."""
        self._failed_logins += 1
        allowed = self._switches.failed_logins_before_lock
        if allowed is not None and self._failed_logins >= allowed:
            self._locked_until = self._clock.now() + LOCK_OUT
            self._failed_logins = 0
        return RefusalError(
            self._switches.login_refusal_status,
            "BDC_1101",
            "The user name or password is wrong.",
            category="DOWNSTREAM",
        )

    def _check_lock(self) -> None:
        """Refuse while the organization is locked out."""
        if self._locked_until is not None and self._clock.now() < self._locked_until:
            raise locked_out()

    def _check_key(self, dev_key: str | None) -> None:
        """Refuse a developer key that is not ours."""
        if dev_key != self.credentials.dev_key:
            raise RefusalError(
                self._switches.login_refusal_status,
                "BDC_1102",
                "Developer key is not valid.",
                category="DOWNSTREAM",
            )

    def admit(self, session_id: str | None, dev_key: str | None) -> Session:
        """Return the live session of a request and note that it was used.

        Raises:
            RefusalError: BDC_1102 for the key, BDC_1109 for the session.
        """
        self._check_key(dev_key)
        self._check_lock()
        session = self._sessions.get(session_id or "")
        if session is None or self._is_idle(session) or self._is_used_up(session):
            self._sessions.pop(session_id or "", None)
            raise RefusalError(
                401,
                "BDC_1109",
                "Session is invalid. Please log in.",
                category="DOWNSTREAM",
            )
        session.last_used = self._clock.now()
        session.calls += 1
        return session

    def _is_used_up(self, session: Session) -> bool:
        """Tell whether a session has made as many calls as it may."""
        allowed = self._switches.session_calls
        return allowed is not None and session.calls >= allowed

    def _is_idle(self, session: Session) -> bool:
        """Tell whether a session has been silent for too long."""
        minutes = self._switches.user_session_minutes
        if session.kind == "token":
            hours = self._switches.token_session_hours
            minutes = None if hours is None else hours * 60
        if minutes is None:
            return False
        return self._clock.now() - session.last_used >= timedelta(minutes=minutes)

    def sign_out(self, session: Session) -> None:
        """End one session at once."""
        self._sessions.pop(session.id, None)

    def end_all(self) -> None:
        """End every session, as a fault does."""
        self._sessions.clear()

    def block_this_hour(self) -> None:
        """Act as if other programs had used up the key's hour."""
        self._blocked_hour = self._hour()

    def spend(self, what: str, allowed: int | None) -> None:
        """Count one call of the clock's hour against a quota.

        Raises:
            RefusalError: BDC_1144 when the hour's quota is used up.
        """
        hour = self._hour()
        self._spent[what, hour] += 1
        over = allowed is not None and self._spent[what, hour] > allowed
        if over or self._blocked_hour == hour:
            raise RefusalError(
                self._switches.limit_status,
                "BDC_1144",
                f"Max number of allowed requests per hour reached: {allowed}.",
                category="DOWNSTREAM",
            )

    def _hour(self) -> datetime:
        """Return the start of the clock's hour."""
        return self._clock.now().replace(minute=0, second=0, microsecond=0)


def locked_out() -> RefusalError:
    """Return BILL's answer while an organization is locked."""
    return RefusalError(
        423, "BDC_1107", "The organization is locked out.", category="DOWNSTREAM"
    )


def _login_body(request: Any) -> dict[str, str]:
    """Return a login body whose fields are all there, as text."""
    if not isinstance(request, dict):
        raise RefusalError(400, "BDC_1122", "The request body is not a JSON object.")
    for name in _LOGIN_FIELDS:
        if not isinstance(request.get(name), str) or not request[name]:
            raise RefusalError(
                400,
                "BDC_1108",
                f"{name}: must not be null",
                parameter=(name, ""),
            )
    return {name: request[name] for name in _LOGIN_FIELDS}
