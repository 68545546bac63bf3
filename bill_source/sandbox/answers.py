"""What goes back over the wire: rows, refusals and the shapes BILL gives them.

Here belongs: JSON text with exact amounts, timestamps as switched, error bodies.
Not here: which rows or which error (server.py and the modules it asks).
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from bill_source.sandbox.switches import Switches

Body = dict[str, Any]

_ENCODER = msgspec.json.Encoder(decimal_format="number")


class RefusalError(Exception):
    """The sandbox says no, with BILL's code and HTTP status."""

    def __init__(
        self,
        status: int,
        code: str | None,
        message: str,
        *,
        category: str = "REQUEST",
        parameter: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.category = category
        self.parameter = parameter


@dataclass
class Answer:
    """One HTTP response; ``cut`` ends the connection after half of the body."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    cut: bool = False
    hang_up: bool = False
    delay: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)


def encode(value: Any) -> bytes:
    """Return JSON text; decimals are written digit by digit."""
    return _ENCODER.encode(value)


def timestamp(moment: datetime, switches: Switches) -> str:
    """Return an instant as BILL would write it, under the current switches."""
    text = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    if switches.timestamp_precision == "ms":
        text += f".{moment.microsecond // 1000:03d}"
    return text + switches.timestamp_zone


def plain(value: Any, switches: Switches) -> Any:
    """Return a value with every instant as text, ready for JSON."""
    if isinstance(value, dict):
        return {key: plain(inner, switches) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner, switches) for inner in value]
    if isinstance(value, datetime):
        return timestamp(value, switches)
    return value


def row_text(
    body: Body,
    optional: tuple[str, ...],
    switches: Switches,
    hidden: frozenset[str] = frozenset(),
) -> bytes:
    """Return one record as JSON, with empty fields left out or null."""
    shown = {key: value for key, value in body.items() if key not in hidden}
    shown = plain(shown, switches)
    if switches.empty_fields == "null":
        shown = dict.fromkeys(optional) | shown
    if switches.payment_amounts == "gross" and "billPayments" in shown:
        shown["billPayments"] = [_gross(part) for part in shown["billPayments"]]
    if switches.unknown_values and shown.get("singleStatus") == "CLEARED":
        shown["singleStatus"] = "SETTLED_BY_CARRIER_PIGEON"
    return encode(shown)


def _gross(part: Body) -> Body:
    """Return a payment's share of a bill with the credits used on top."""
    credits_used = sum(
        (credit["amount"] for credit in part.get("vendorCredits", [])), Decimal(0)
    )
    return part | {"amount": part["amount"] + credits_used}


def refusal(error: RefusalError, now: datetime, switches: Switches) -> Answer:
    """Return an error in BILL's shape: an array with one element."""
    if switches.error_shape == "html":
        page = f"<html><body><h1>{error.status}</h1></body></html>"
        return Answer(error.status, page.encode(), "text/html")
    if switches.error_shape == "object":
        return Answer(error.status, encode({"message": error.message}))
    problem: Body = {"timestamp": timestamp(now, switches)}
    if error.code is not None:
        problem["code"] = error.code
    problem |= {"severity": "ERROR", "category": error.category}
    problem["message"] = error.message
    if error.parameter is not None:
        name, value = error.parameter
        problem["params"] = [{"name": name, "value": value, "additional": {}}]
    return Answer(error.status, encode([problem]))


def unknown_path(method: str, path: str) -> RefusalError:
    """Return the answer to a path or method we do not serve."""
    return RefusalError(404, "BDC_1121", f"{method} {path}: API not supported.")


def not_found() -> RefusalError:
    """Return the answer to an id nobody has."""
    return RefusalError(
        404,
        "BDC_1205",
        "No data found for object with given ID",
        category="DOWNSTREAM",
    )


def unauthorized() -> RefusalError:
    """Return the answer to a Spend & Expense call without a good token."""
    return RefusalError(401, None, "Unauthorized", category="DOWNSTREAM")


def forbidden() -> RefusalError:
    """Return the answer to a session that may not read something."""
    return RefusalError(
        403,
        None,
        "You do not have permission to perform this operation.",
        category="DOWNSTREAM",
    )
