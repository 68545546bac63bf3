"""A web server that keeps what is posted to it, for tests of notifications."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Inbox:
    """What arrived, and with which status the next ones are answered."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)

    @property
    def types(self) -> list[str]:
        """The event types in order of arrival."""
        return [json.loads(body)["metadata"]["eventType"] for body in self.bodies]

    @property
    def event_ids(self) -> list[str]:
        """The event ids in order of arrival."""
        return [json.loads(body)["metadata"]["eventId"] for body in self.bodies]

    def is_signed_with(self, key: str, number: int = -1) -> bool:
        """Tell whether a body's signature was made with a key."""
        digest = hmac.new(key.encode(), self.bodies[number], hashlib.sha256).digest()
        return base64.b64encode(digest).decode() == self.signatures[number]


@contextmanager
def open_inbox() -> Iterator[Inbox]:
    """Listen on loopback until the block ends."""
    inbox = Inbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            inbox.bodies.append(self.rfile.read(length))
            inbox.signatures.append(self.headers["x-bill-sha-signature"])
            self.send_response(inbox.statuses.pop(0) if inbox.statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        inbox.url = f"http://127.0.0.1:{server.server_address[1]}/inbox"
        yield inbox
        server.shutdown()
