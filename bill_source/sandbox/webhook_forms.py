"""What requests of the webhook API say: fields of a subscription, pages, instants.

Here belongs: reading and refusing them. Not here: what is done then (webhook_calls.py).
"""

import base64
import binascii
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from bill_source.sandbox.answers import Body, RefusalError
from bill_source.sandbox.deliveries import LOOPBACK
from bill_source.sandbox.query import parse_instant
from bill_source.sandbox.server import Request
from bill_source.sandbox.webhook_events import CATALOG, VERSION

FIELDS = ("name", "status", "events", "notificationUrl")
_LARGEST_PAGE = 100


def bad(why: str) -> RefusalError:
    """Return the answer to a request that is not as it must be."""
    return RefusalError(400, "BDC_1129", why)


def json_object(request: Request) -> Body:
    """Return a request's JSON object."""
    try:
        body = msgspec.json.decode(request.body)
    except msgspec.DecodeError:
        raise RefusalError(400, "BDC_1122", "The request body is not JSON.") from None
    if not isinstance(body, dict):
        raise RefusalError(400, "BDC_1122", "The request body is not a JSON object.")
    return body


def idempotent_key(request: Request) -> str:
    """Return the key that makes a repeated request harmless."""
    text = request.headers.get("x-idempotent-key", "")
    try:
        key = uuid.UUID(text)
    except ValueError:
        key = uuid.UUID(int=0)
    if str(key) != text.lower() or key.version != 4:  # noqa: PLR2004 - UUID4
        raise bad("X-Idempotent-Key is missing or no UUID4")
    return text.lower()


def wanted(body: Body, names: tuple[str, ...]) -> Body:
    """Return the named fields of a subscription, checked."""
    for name in (*names, *body):
        if name not in _READ or name not in body:
            raise bad(f"{name}: is missing or unknown")
    return dict(_READ[name](body[name]) for name in names)


def _name(value: Any) -> tuple[str, str]:
    if not isinstance(value, str) or not value:
        raise bad("name: must not be empty")
    return "name", value


def _enabled(value: Any) -> tuple[str, bool]:
    if not isinstance(value, dict) or not isinstance(value.get("enabled"), bool):
        raise bad("status: must hold enabled, true or false")
    return "enabled", value["enabled"]


def _events(value: Any) -> tuple[str, tuple[str, ...]]:
    given = value if isinstance(value, list) else []
    types = [str(one.get("type")) for one in given if isinstance(one, dict)]
    versions = {one.get("version") for one in given if isinstance(one, dict)}
    if not types or versions != {VERSION} or not set(types) <= set(CATALOG):
        raise bad("events: must be types of the catalog, each with version 1")
    return "events", tuple(dict.fromkeys(types))


def _url(value: Any) -> tuple[str, str]:
    parts = urlsplit(value if isinstance(value, str) else "")
    loopback = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or loopback):
        raise bad("notificationUrl: must be https")
    return "url", value


_READ: dict[str, Callable[[Any], tuple[str, Any]]] = dict(
    zip(FIELDS, (_name, _enabled, _events, _url), strict=True)
)


def instant(request: Request, name: str, default: datetime) -> datetime:
    """Return an instant of a query parameter."""
    if name not in request.query:
        return default
    moment = parse_instant(request.query[name])
    if moment is None:
        raise bad(f"{name}: not a date-time")
    return moment


def page(request: Request, rows: list[Body]) -> Body:
    """Return one page; these lists only go forward."""
    size = request.query.get("max", "20")
    if not size.isdigit() or not 1 <= int(size) <= _LARGEST_PAGE:
        raise bad(f"max: must be 1 to {_LARGEST_PAGE}")
    try:
        start = int(base64.urlsafe_b64decode(request.query.get("page", "MA==")))
    except (ValueError, binascii.Error):
        raise bad("page: not a valid page token") from None
    end = start + int(size)
    body: Body = {"results": rows[start:end]}
    if end < len(rows):
        body["nextPage"] = base64.urlsafe_b64encode(str(end).encode()).decode()
    return body
