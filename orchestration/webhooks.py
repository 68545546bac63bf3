"""The receiver of BILL's notifications: a small web server on this machine.

Here belongs: who is let in, what is refused, noting a nudge. BILL reaches it through
an https address of the user's own, a tunnel or a proxy. Not here: what follows from a
nudge (automation.py), where the signing key is kept (connections.py).
"""

import base64
import hashlib
import hmac
import json
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from typing import Any

from orchestration.connections import Registry
from orchestration.failures import StoreError, UsageError
from orchestration.nudges import Nudges
from orchestration.serving import check_free
from orchestration.settings import Home, credential_variable

SIGNATURE = "x-bill-sha-signature"
LARGEST_BODY = 1024 * 1024
LARGEST_DRAINED = 8 * LARGEST_BODY
"""How much of a refused body is still read, so that the sender sees the answer."""
LONGEST_EVENT_ID = 200
IDLE_SECONDS = 10
EVENTS = "bill.*, payment.*, vendor.*, invoice.*"


class RefusedError(Exception):
    """A request that is no notification for us; nothing of it is repeated."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


@dataclass(frozen=True)
class Notification:
    """What we read of a notification whose signature is right."""

    event_id: str
    event_type: str
    organization_id: str


class Receiver(ThreadingHTTPServer):
    """Listens for the notifications of some connections, each on a path of its own.

    Args:
        home: Where connections, keys and nudges are.
        names: The connections; their paths are ``/<name>``.
        host: The address to listen at.
        port: 0 picks a free one.
        told: Hears one line per notification, free of secrets and of foreign text.
        now: The clock.
    """

    daemon_threads = True

    def __init__(
        self,
        home: Home,
        names: Sequence[str],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        told: Callable[[str], None] = lambda _: None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._home = home
        self._registry = Registry(home)
        self._organizations = {
            name: self._registry.get(name).organization_id for name in names
        }
        self.told = told
        self._now = now
        super().__init__((host, port), _Handler)

    def address(self, name: str) -> str:
        """Return where a connection's notifications are received."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}/{name}"

    def receive(self, path: str, headers: Message, body: BufferedIOBase) -> HTTPStatus:
        """Take one request and return its answer, which has no body."""
        name = path.removeprefix("/")
        if name not in self._organizations:
            raise RefusedError(HTTPStatus.NOT_FOUND)
        raw = _read(headers, body)
        self._check_signature(name, raw, headers.get(SIGNATURE, ""))
        notification = read_notification(raw)
        if notification.organization_id != self._organizations[name]:
            raise RefusedError(HTTPStatus.FORBIDDEN)
        self._note(name, notification)
        return HTTPStatus.OK

    def _check_signature(self, name: str, raw: bytes, given: str) -> None:
        """Refuse what was not signed with the key stored now, in constant time."""
        key = self._registry.webhook_key(name)
        if not key:
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE)
        expected = base64.b64encode(hmac.digest(key.encode(), raw, hashlib.sha256))
        if not hmac.compare_digest(expected, given.encode("latin-1", "replace")):
            raise RefusedError(HTTPStatus.UNAUTHORIZED)

    def _note(self, name: str, notification: Notification) -> None:
        nudges = Nudges(self._home.connection(name).store)
        try:
            is_new = nudges.note(
                notification.event_id, notification.event_type, self._now()
            )
        except StoreError:
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE) from None
        self.told(
            f"{name}: {'a notification' if is_new else 'a repeated notification'}"
        )


class _Handler(BaseHTTPRequestHandler):
    """One connection from BILL; it gets a status and nothing else."""

    server: Receiver
    timeout = IDLE_SECONDS

    def do_POST(self) -> None:
        """Take a notification."""
        try:
            status = self.server.receive(self.path, self.headers, self.rfile)
        except RefusedError as error:
            status = error.status
            self.server.told(f"refused a request: {int(status)} {status.phrase}")
        self._answer(status)

    def do_GET(self) -> None:
        """Refuse: there is nothing to see."""
        self._answer(HTTPStatus.METHOD_NOT_ALLOWED)

    do_HEAD = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET  # noqa: N815 - http.server's names

    def send_error(
        self, code: int, message: str | None = None, explain: str | None = None
    ) -> None:
        """Refuse what is no HTTP, where http.server would repeat the request."""
        del message, explain
        self._answer(code)

    def _answer(self, status: int) -> None:
        """Answer with a status alone."""
        self.send_response_only(status)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Log nothing: the request line is foreign text."""


def _read(headers: Message, body: BufferedIOBase) -> bytes:
    """Return a body of a stated and bearable length."""
    stated = headers.get("content-length", "")
    if not (stated.isascii() and stated.isdigit()):
        raise RefusedError(HTTPStatus.LENGTH_REQUIRED)
    length = int(stated)
    if length > LARGEST_BODY:
        left = min(length, LARGEST_DRAINED)
        while left > 0 and (part := body.read(min(left, LARGEST_BODY))):
            left -= len(part)
        raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    raw = body.read(length)
    if len(raw) < length:
        raise RefusedError(HTTPStatus.BAD_REQUEST)
    return raw


def read_notification(raw: bytes) -> Notification:
    """Read what a notification says of itself.

    BILL's guides show an object and speak of JSON escaped into text; both are read.

    Raises:
        RefusedError: It is neither, or lacks an id.
    """
    try:
        document = json.loads(raw)
        if isinstance(document, str):
            document = json.loads(document)
    except (ValueError, RecursionError):
        raise RefusedError(HTTPStatus.BAD_REQUEST) from None
    metadata = document.get("metadata") if isinstance(document, dict) else None
    values = [
        metadata.get(part) if isinstance(metadata, dict) else None
        for part in ("eventId", "eventType", "organizationId")
    ]
    texts = [value for value in values if isinstance(value, str) and value]
    if len(texts) < len(values) or max(map(len, texts)) > LONGEST_EVENT_ID:
        raise RefusedError(HTTPStatus.BAD_REQUEST)
    return Notification(*texts)


def serve(
    home: Home,
    name: str | None,
    *,
    host: str,
    port: int,
    say: Callable[[str], None],
    told: Callable[[str], None],
) -> None:
    """Receive notifications until interrupted or terminated.

    Args:
        home: The home folder.
        name: A connection; every one that has a key when left out.
        host: The address to listen at.
        port: 0 picks a free one.
        say: Hears where we listen, a line per connection.
        told: Hears a line per notification.

    Raises:
        UsageError: No such connection, or none has a key.
        LedgerError: The port is taken.
    """
    names = with_keys(Registry(home), name)
    check_free(host, port)
    with Receiver(home, names, host=host, port=port, told=told) as receiver:
        for one in names:
            say(
                f"{one}: listening at {receiver.address(one)}. In BILL, subscribe"
                f" {EVENTS} with the https address that leads here."
            )
        _serve_until_signal(receiver)


def _serve_until_signal(receiver: Receiver) -> None:
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    ended.wait()
    receiver.shutdown()


def with_keys(registry: Registry, name: str | None) -> list[str]:
    """Return the connections to listen for.

    Raises:
        UsageError: No such connection, none has a key, or its settings cannot be
            read; those of another one stop nobody.
    """
    asked = registry.readable() if name is None else [registry.get(name)]
    ready = [one.name for one in asked if registry.webhook_key(one.name)]
    if not ready:
        which = name or "NAME"
        raise UsageError(
            "There is no security key to check signatures with. BILL shows it once"
            " when a subscription is made; enter it with: bill-ledger webhook"
            f" {which} --set-key (or set {credential_variable(which, 'webhook_key')})."
        )
    return ready
