"""BILL's HTTP surface: paths, headers, sign-in, refusals.

Here belongs: which request gets which answer, and in which order refusals come. Not
here: sockets (listener.py), moving the sandbox about (control.py), list contents
(lists.py).
"""

import re
from dataclasses import dataclass, field
from typing import Any

import msgspec

from bill_source.sandbox.answers import (
    Answer,
    RefusalError,
    encode,
    forbidden,
    not_found,
    refusal,
    unknown_path,
)
from bill_source.sandbox.clock import Clock
from bill_source.sandbox.directory import ALL, route
from bill_source.sandbox.faults import Faults
from bill_source.sandbox.files import DataError
from bill_source.sandbox.lists import check_parameters
from bill_source.sandbox.measurements import Call, Measurements
from bill_source.sandbox.reading import Asker, Reader
from bill_source.sandbox.sessions import Gate, Session, locked_out
from bill_source.sandbox.spend_door import SpendDoor
from bill_source.sandbox.store import Store
from bill_source.sandbox.switches import Switches

BASE = "/connect"


@dataclass(frozen=True)
class Request:
    """One HTTP request, read completely."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass
class Surface:
    """Answers requests below ``/connect`` from a store."""

    store: Store
    gate: Gate
    clock: Clock
    switches: Switches
    faults: Faults
    measurements: Measurements
    seed: int = 1

    def __post_init__(self) -> None:
        """Build the reader of lists and the door of Spend & Expense."""
        self.reader = Reader(self.store, self.switches, self.seed)
        token = self.gate.credentials.spend_token
        self.spend_door = SpendDoor(token, self.clock, self.switches)

    def answer(self, request: Request, in_flight: int = 1) -> Answer:
        """Answer one request and write it down."""
        entity = entity_of(request)
        try:
            answer = self._answer(request, entity, in_flight)
        except RefusalError as error:
            answer = refusal(error, self.clock.now(), self.switches)
        except DataError as error:
            broken = RefusalError(500, "BDC_1001", str(error), category="SERVER")
            answer = refusal(broken, self.clock.now(), self.switches)
        slow = self.faults.strike("slow", entity)
        answer.delay = self.switches.latency_seconds + (slow.seconds if slow else 0)
        path = request.path.removeprefix(BASE)
        call = Call(request.method, path, request.query, answer.status)
        self.measurements.record(call, self.clock.now())
        return answer

    def _answer(self, request: Request, entity: str, in_flight: int) -> Answer:
        """Answer or refuse, in BILL's order: path, limits, sign-in, rights, list."""
        if self.faults.strike("down", entity):
            return Answer(503, hang_up=True)
        if entity == "":
            raise unknown_path(request.method, request.path)
        if entity == "health":
            return _json({"appId": "sandbox", "appEnv": "sandbox", "appVersion": "1"})
        if entity in ALL and ALL[entity].is_spend:
            return self._damaged(entity, self._spend(request, entity))
        self._check_limits(entity, in_flight)
        if entity == "login":
            return self._login(request)
        session = self.gate.admit(
            request.headers.get("sessionid"), request.headers.get("devkey")
        )
        return self._damaged(entity, self._read(request, entity, session))

    def _spend(self, request: Request, entity: str) -> Answer:
        """Answer a request of Spend & Expense, which knows no session."""
        self.spend_door.admit(request.headers.get("apitoken"))
        if self.faults.strike("forbidden", entity):
            raise forbidden()
        return self._list_or_row(request, "spend", "")

    def _check_limits(self, entity: str, in_flight: int) -> None:
        """Apply quotas, lock-out and the faults that imitate them."""
        if self.faults.strike("locked", entity):
            raise locked_out()
        if self.faults.strike("hourly_limit", entity):
            self.gate.block_this_hour()
        self.gate.spend("request", self.switches.hourly_requests)
        allowed = self.switches.concurrent_requests
        crowded = allowed is not None and in_flight > allowed
        if crowded or self.faults.strike("concurrency", entity):
            raise RefusalError(
                self.switches.limit_status,
                "BDC_1322",
                "Max number of concurrent requests per organization reached.",
                category="DOWNSTREAM",
            )
        if entity != "login" and self.faults.strike("expire_session", entity):
            self.gate.end_all()

    def _login(self, request: Request) -> Answer:
        """Open a session."""
        broken = self.faults.strike("server_error", "login")
        if broken:
            return _broken(broken.status, html=broken.html)
        try:
            body = msgspec.json.decode(request.body)
        except msgspec.DecodeError:
            raise RefusalError(
                400, "BDC_1122", "The request body is not JSON."
            ) from None
        session = self.gate.sign_in(body)
        known = self.gate.credentials
        return _json(
            {
                "sessionId": session.id,
                "organizationId": known.organization_id,
                "userId": known.user_id,
                "trusted": False,
            }
        )

    def _read(self, request: Request, entity: str, session: Session) -> Answer:
        """Answer a request of a signed-in session."""
        if entity == "logout":
            self.gate.sign_out(session)
            return Answer(200)
        if self.faults.strike("forbidden", entity):
            raise forbidden()
        if entity == "session":
            return self._session()
        if entity == "organization":
            return self._organization(request, session)
        user = self.gate.credentials.user_id
        return self._list_or_row(request, session.id, user)

    def _list_or_row(self, request: Request, session_id: str, user_id: str) -> Answer:
        """Return a page of a list, or one record of it."""
        found = route(request.path.removeprefix(BASE))
        if found is None:
            raise unknown_path(request.method, request.path)
        if found.organization_id:
            self._check_organization(found.organization_id)
        asker = Asker(session_id, user_id, self.clock.now())
        return self._bad_token(request, self.reader.answer(found, request.query, asker))

    def _session(self) -> Answer:
        """Tell who is signed in."""
        known = self.gate.credentials
        return _json(
            {
                "organizationId": known.organization_id,
                "userId": known.user_id,
                "mfaStatus": "DISABLED",
                "mfaBypass": False,
            }
        )

    def _organization(self, request: Request, session: Session) -> Answer:
        """Return the organization's record to an administrator."""
        check_parameters(request.query, frozenset())
        self._check_organization(request.path.rsplit("/", 1)[-1])
        row = self.store.organization()
        served = row is not None and row.raw is not None
        if session.kind == "token" and not (
            served or self.switches.organization_by_token
        ):
            raise forbidden()
        if row is None:
            raise not_found()
        return Answer(200, row.text((), self.switches))

    def _check_organization(self, organization_id: str) -> None:
        """Refuse another organization's id in a path."""
        if organization_id != self.gate.credentials.organization_id:
            raise RefusalError(400, "BDC_1123", "Organization id is not valid.")

    def _bad_token(self, request: Request, answer: Answer) -> Answer:
        """Let a good page token be refused when a fault says so."""
        paged = not _TOKENS.isdisjoint(request.query)
        if paged and self.faults.strike("bad_page_token", "page"):
            raise RefusalError(400, "BDC_1129", "page: not a valid page token")
        return answer

    def _damaged(self, entity: str, answer: Answer) -> Answer:
        """Damage a good answer when a fault says so."""
        broken = self.faults.strike("server_error", entity)
        if broken:
            return _broken(broken.status, html=broken.html)
        if self.faults.strike("invalid_json", entity):
            answer.body = answer.body[: len(answer.body) // 2]
        elif self.faults.strike("cut_off", entity):
            answer.cut = True
        return answer


def entity_of(request: Request) -> str:
    """Return what a request is about: a list's name, ``login``...; empty if unknown."""
    path = request.path.removeprefix(BASE)
    if not request.path.startswith(BASE):
        return ""
    fixed = _FIXED.get((request.method, path))
    if fixed is not None:
        return fixed
    if request.method != "GET":
        return ""
    found = route(path)
    if found is not None:
        return found.names[0]
    return "organization" if re.fullmatch(r"/v3/organizations/[^/]+", path) else ""


_TOKENS = {"page", "nextPage", "prevPage"}
_FIXED = {
    ("GET", "/v3/health"): "health",
    ("POST", "/v3/login"): "login",
    ("POST", "/v3/logout"): "logout",
    ("GET", "/v3/login/session"): "session",
}


def _json(value: Any) -> Answer:
    """Return a good answer with a small JSON body."""
    return Answer(200, encode(value))


def _broken(status: int, *, html: bool) -> Answer:
    """Return a server error, in BILL's shape or as a gateway's page."""
    if html:
        page = f"<html><body><h1>{status} Bad Gateway</h1></body></html>"
        return Answer(status, page.encode(), "text/html")
    problem = {"code": "BDC_1001", "severity": "ERROR", "category": "SERVER"}
    return Answer(status, encode([problem | {"message": "System error"}]))
