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
from bill_source.sandbox.catalog import BY_NAME, LISTINGS, Listing
from bill_source.sandbox.clock import Clock
from bill_source.sandbox.faults import Faults
from bill_source.sandbox.files import DataError
from bill_source.sandbox.lists import Lists, check_parameters
from bill_source.sandbox.measurements import Call, Measurements
from bill_source.sandbox.sessions import Gate, Session, locked_out
from bill_source.sandbox.store import Row, Store
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
        """Build the reader of lists."""
        self.lists = Lists(self.store, self.switches, self.seed)

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
        self.measurements.record(call)
        return answer

    def _answer(self, request: Request, entity: str, in_flight: int) -> Answer:
        """Answer or refuse, in BILL's order: path, limits, sign-in, rights, list."""
        if self.faults.strike("down", entity):
            return Answer(503, hang_up=True)
        if entity == "":
            raise unknown_path(request.method, request.path)
        if entity == "health":
            return _json({"appId": "sandbox", "appEnv": "sandbox", "appVersion": "1"})
        self._check_limits(entity, in_flight)
        if entity == "login":
            return self._login(request)
        session = self.gate.admit(
            request.headers.get("sessionid"), request.headers.get("devkey")
        )
        return self._damaged(entity, self._read(request, entity, session))

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
        return self._list_or_row(request, BY_NAME[entity], session)

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

    def _list_or_row(
        self, request: Request, listing: Listing, session: Session
    ) -> Answer:
        """Return a page of a list, or one record of it."""
        match = _match(listing, request.path)
        if match is None:
            raise unknown_path(request.method, request.path)
        if "organizationId" in match.groupdict():
            self._check_organization(match["organizationId"])
        if match["id"] is not None:
            return self._row(listing, match["id"], request)
        if listing.shape == "cards":
            return self._cards(listing, request)
        text = self.lists.page(listing, request.query, session.id, self.clock.now())
        return Answer(200, self._bad_token(request, text))

    def _bad_token(self, request: Request, text: bytes) -> bytes:
        """Let a good page token be refused when a fault says so."""
        if "page" in request.query and self.faults.strike("bad_page_token", "page"):
            raise RefusalError(400, "BDC_1129", "page: not a valid page token")
        return text

    def _row(self, listing: Listing, row_id: str, request: Request) -> Answer:
        """Return one record by id."""
        check_parameters(request.query, frozenset())
        row: Row | None = self.store.find(listing.name, row_id)
        if row is None:
            raise not_found()
        return Answer(200, row.text(listing.optional, self.switches))

    def _cards(self, listing: Listing, request: Request) -> Answer:
        """Return the card accounts, which have an envelope of their own."""
        check_parameters(request.query, frozenset({"cardUserStatus"}))
        if request.query.get("cardUserStatus") not in {"VERIFIED", "NOMINATED"}:
            raise RefusalError(
                400, "BDC_1108", "cardUserStatus: must be VERIFIED or NOMINATED"
            )
        nominated = request.query["cardUserStatus"] == "NOMINATED"
        rows = () if nominated else self.store.rows(listing.name)
        cards = b",".join(row.text(listing.optional, self.switches) for row in rows)
        rates = encode(self.store.rates())
        return Answer(200, b'{"rates":' + rates + b',"cards":[' + cards + b"]}")

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
    for listing in LISTINGS:
        if _match(listing, request.path):
            return listing.name
    return "organization" if re.fullmatch(r"/v3/organizations/[^/]+", path) else ""


_FIXED = {
    ("GET", "/v3/health"): "health",
    ("POST", "/v3/login"): "login",
    ("POST", "/v3/logout"): "logout",
    ("GET", "/v3/login/session"): "session",
}
_PATTERNS = {
    listing.name: re.compile(
        BASE
        + listing.path.replace("{organizationId}", "(?P<organizationId>[^/]+)")
        + r"(?:/(?P<id>[^/]+))?"
    )
    for listing in LISTINGS
}


def _match(listing: Listing, path: str) -> re.Match[str] | None:
    """Match a path against a list's path, with or without an id behind it."""
    return _PATTERNS[listing.name].fullmatch(path)


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
