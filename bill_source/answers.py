"""BILL's answers: pages decoded exactly, refusals recognised in all their shapes.

Here belongs: bytes -> pages or problems, and which error a problem is. Not here:
sending, waiting and repeating (client.py), or the meaning of a record (records.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from bill_source.entities import Shape
from bill_source.errors import (
    BillAuthError,
    BillError,
    BillForbiddenError,
    BillLimitError,
    BillLockedError,
    BillOrganizationError,
    BillPageError,
    BillQueryError,
    BillRejectedError,
    BillResponseError,
    BillSessionError,
)

CONCURRENCY_CODE = "BDC_1322"
SESSION_CODE = "BDC_1109"
LIMIT_CODE = "BDC_1144"
LOCK_CODES = {"BDC_1107", "BDC_1110"}
SERVER_CODES = {"BDC_1001", "BDC_1002"}
QUERY_CODES = {"BDC_1130", "BDC_1131"}
OTHER_ENVIRONMENT = (
    "Check the developer key, and that it and the token belong to the same environment"
    " (production or sandbox) as the address."
)
REFUSALS = {
    "BDC_1101": ("token", "Check the token's name and password."),
    "BDC_1102": ("developer key", OTHER_ENVIRONMENT),
    "BDC_1103": ("developer key", "The developer key is inactive: issue another."),
}
"""What a refused login says about the credential, and what to do."""
ORGANIZATION_CODE = "BDC_1123"
MISSING_CODES = {"BDC_1205", "BDC_1120"}
QUERY = {"filters", "sort"}
PAGE = {"page", "nextPage"}
HTTP_OK = 200
HTTP_CREATED = 201
HTTP_BAD_REQUEST = 400
HTTP_UNAUTHORIZED = 401
HTTP_FORBIDDEN = 403
HTTP_NOT_FOUND = 404
HTTP_LOCKED = 423
PASSING_STATUSES = {408, 425, 429}
HTTP_SERVER_ERROR = 500
TEXT_LIMIT = 300


@dataclass(frozen=True)
class Problem:
    """A refusal, whatever its shape was: HTTP status, BILL's code, BILL's words."""

    status: int
    code: str
    text: str

    @property
    def is_passing(self) -> bool:
        """Whether the same request may succeed after a short wait."""
        if self.code:
            return self.code == CONCURRENCY_CODE or self.code in SERVER_CODES
        return self.status in PASSING_STATUSES or self.status >= HTTP_SERVER_ERROR

    @property
    def is_session(self) -> bool:
        """Whether the session is over; a bare 401 comes from BILL's gateway."""
        unnamed = not self.code and self.status == HTTP_UNAUTHORIZED
        return self.code == SESSION_CODE or unnamed

    def __str__(self) -> str:
        named = f"{self.code}, " if self.code else ""
        return f"{named}HTTP {self.status}: {self.text}"


@dataclass(frozen=True)
class Page:
    """One page of a list: each record's own JSON text, and how to go on."""

    records: tuple[bytes, ...]
    next_token: str = ""


class _Envelope(msgspec.Struct):
    results: list[msgspec.Raw] | None
    nextPage: str | None = None  # noqa: N815 - BILL's name


class _Cards(msgspec.Struct, rename={"results": "cards"}):
    results: list[msgspec.Raw] | None
    nextPage: str | None = None  # noqa: N815 - BILL's name


class _Bills(msgspec.Struct, rename={"results": "bills"}):
    results: list[msgspec.Raw] | None
    nextPage: str | None = None  # noqa: N815 - BILL's name


_Listed = list[msgspec.Raw] | _Envelope | _Cards | _Bills
_LISTS: dict[Shape, msgspec.json.Decoder[_Listed]] = {
    "envelope": msgspec.json.Decoder(_Envelope),
    "cards": msgspec.json.Decoder(_Cards),
    "bills": msgspec.json.Decoder(_Bills),
    "array": msgspec.json.Decoder(list[msgspec.Raw]),
}
_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_EXACT = msgspec.json.Decoder(float_hook=Decimal)


def decode(text: bytes) -> Any:
    """Decode JSON with every fraction as an exact Decimal."""
    return _EXACT.decode(text)


def read_page(body: bytes, shape: Shape) -> Page:
    """Split one list body into its records.

    Raises:
        BillResponseError: The body is JSON of another shape than documented.
    """
    if shape == "object":
        return Page((body.strip(),))
    try:
        listed = _LISTS[shape].decode(body)
    except msgspec.ValidationError as error:
        raise BillResponseError(f"BILL's list has another shape: {error}.") from error
    if isinstance(listed, list):
        return Page(tuple(bytes(record) for record in listed))
    found = tuple(bytes(record) for record in listed.results or ())
    return Page(found, listed.nextPage or "")


def find_problem(status: int, body: bytes) -> Problem | None:
    """Return what BILL refused, or None for a success.

    Raises:
        msgspec.DecodeError: A success whose body is not JSON.
    """
    if status in {HTTP_OK, HTTP_CREATED}:
        return _envelope_problem(status, body)
    try:
        content = decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Problem(status, "", "a page instead of data")
    return _content_problem(status, content)


def _envelope_problem(status: int, body: bytes) -> Problem | None:
    """BILL's older gateway reports failures inside HTTP 200."""
    try:
        fields = _FIELDS.decode(body)
    except msgspec.ValidationError:
        return None
    if decode(fields.get("response_status", b"0")) == 0:
        return None
    return _content_problem(status, decode(body))


def _content_problem(status: int, content: Any) -> Problem:
    items = content if isinstance(content, list) else [content]
    parts = [item for item in items if isinstance(item, dict)]
    if not parts:
        return Problem(status, "", _short(content))
    if "response_data" in parts[0] and isinstance(parts[0]["response_data"], dict):
        data = parts[0]["response_data"]
        parts = [{"code": data.get("error_code"), "message": data.get("error_message")}]
    codes = [str(part["code"]) for part in parts if part.get("code")]
    texts = [_short(part.get("message")) for part in parts if part.get("message")]
    return Problem(status, codes[0] if codes else "", "; ".join(dict.fromkeys(texts)))


def _short(value: Any) -> str:
    return " ".join(str(value or "no reason given").split())[:TEXT_LIMIT]


def error_at_login(problem: Problem, organization_id: str) -> BillError:
    """Return the error that a refused login is."""
    said = f"BILL refused the login ({problem})."
    if problem.code in REFUSALS:
        part, advice = REFUSALS[problem.code]
        return BillAuthError(said, part=part, code=problem.code, advice=advice)
    if problem.code == ORGANIZATION_CODE:
        return BillOrganizationError(
            f"BILL does not know organization {organization_id} for this token"
            f" ({problem}).",
            code=problem.code,
            status=problem.status,
        )
    if not problem.code and problem.status == HTTP_UNAUTHORIZED:
        return BillAuthError(said, part="token or developer key", code="")
    return error_of(problem, "log in", (), now=datetime.now(UTC))


def error_of(
    problem: Problem, doing: str, asked: Sequence[str], *, now: datetime
) -> BillError:
    """Return the error that a refused request is.

    Args:
        problem: What came back.
        doing: What we were doing, such as ``read bills``.
        asked: Names of the query parameters that were sent.
        now: The clock, to tell when an hourly limit ends.
    """
    said = f"Could not {doing} ({problem})."
    code, status = problem.code, problem.status
    if code == LIMIT_CODE:
        hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        return BillLimitError(said, until=hour, code=code, status=status)
    if code in REFUSALS:
        part, advice = REFUSALS[code]
        return BillAuthError(said, part=part, code=code, advice=advice)
    return _kind(problem, asked)(said, code=code, status=status)


def _kind(problem: Problem, asked: Sequence[str]) -> type[BillRejectedError]:
    """The first kind that fits; order matters."""
    code, status = problem.code, problem.status
    refused = HTTP_BAD_REQUEST <= status < HTTP_SERVER_ERROR
    kinds: tuple[tuple[type[BillRejectedError], bool], ...] = (
        (BillLockedError, code in LOCK_CODES or status == HTTP_LOCKED),
        (BillSessionError, problem.is_session),
        (BillQueryError, code in QUERY_CODES),
        (BillPageError, bool(PAGE & set(asked)) and refused),
        (BillForbiddenError, status in {HTTP_FORBIDDEN, HTTP_NOT_FOUND}),
        (BillQueryError, status == HTTP_BAD_REQUEST and bool(QUERY & set(asked))),
    )
    return next((kind for kind, fits in kinds if fits), BillRejectedError)
