"""The socket: one web server in a thread, on loopback only.

Here belongs: listening, going dark, coming back on the same port, cut connections. Not
here: what is answered (server.py, control.py).
"""

import asyncio
import logging
import socket
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.types import Message, Receive, Scope, Send

from bill_source.sandbox.answers import Answer
from bill_source.sandbox.measurements import Measurements
from bill_source.sandbox.server import Request

HOST = "127.0.0.1"
Handler = Callable[[Request, int], Answer]


class Listener:
    """Serves a handler over HTTP until stopped.

    Calls in flight are counted per lane: an organization or ``spend``; the control
    calls have none.
    """

    def __init__(
        self,
        handler: Handler,
        measurements: Measurements,
        port: int,
        lane_of: Callable[[Request], str],
    ) -> None:
        self._handler = handler
        self._lane_of = lane_of
        self._measurements = measurements
        self._in_flight: Counter[str] = Counter()
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self.port = port

    def start(self) -> None:
        """Listen; the port is taken when this returns.

        Raises:
            OSError: The port is in use.
        """
        listening = socket.create_server((HOST, self.port), backlog=64)
        # Accepted sockets inherit it; without it an answer can wait 40 ms.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port = listening.getsockname()[1]
        config = uvicorn.Config(
            self._app,
            interface="asgi3",
            log_config=None,
            lifespan="off",
            loop="asyncio",
        )
        _quieten()
        self._server = uvicorn.Server(config)
        self._in_flight.clear()
        self._thread = threading.Thread(
            target=self._server.run,
            kwargs={"sockets": [listening]},
            name="sandbox-bill",
            daemon=True,
        )
        self._thread.start()

    def revive(self) -> None:
        """Listen again on the same port if a fault made us stop."""
        if self._server is not None and self._server.should_exit:
            self.stop()
            self.start()

    def stop(self) -> None:
        """Stop listening and drop every connection."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(timeout=5)
        self._server = self._thread = None

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request as an ASGI application."""
        if scope["type"] != "http":
            return
        request = await _read(scope, receive)
        lane = self._lane_of(request)
        self._in_flight[lane] += 1
        if lane:
            self._measurements.note_in_flight(lane, self._in_flight[lane])
        try:
            answer = self._handler(request, self._in_flight[lane])
            if answer.delay:
                await asyncio.sleep(answer.delay)
        finally:
            self._in_flight[lane] -= 1
        await self._send(answer, send)

    async def _send(self, answer: Answer, send: Send) -> None:
        """Write an answer, or the part of it a fault lets through."""
        if answer.hang_up:
            await self._go_dark()
            return
        await send(_head(answer))
        if answer.cut:
            await send(_part(answer.body[: len(answer.body) // 2], more=True))
            return
        await send(_part(answer.body, more=False))

    async def _go_dark(self) -> None:
        """Stop listening and drop every connection, this one without an answer."""
        if self._server is None:
            return
        self._server.should_exit = self._server.force_exit = True
        for listening in self._server.servers:
            listening.close()
        for connection in list(self._server.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        await asyncio.sleep(0)


def _quieten() -> None:
    """Keep uvicorn to real errors: cut answers are what a fault asked for."""
    log = logging.getLogger("uvicorn.error")
    log.setLevel(logging.ERROR)
    log.addFilter(_is_our_mistake)
    logging.getLogger("uvicorn.access").disabled = True


def _is_our_mistake(record: logging.LogRecord) -> bool:
    """Tell whether an error of the web server is more than a deliberate cut."""
    message = record.getMessage()
    return not message.startswith("ASGI callable returned without")


def _head(answer: Answer) -> Message:
    """Return the message that opens a response."""
    headers = {
        "content-type": answer.content_type,
        "content-length": str(len(answer.body)),
    } | answer.headers
    return {
        "type": "http.response.start",
        "status": answer.status,
        "headers": [(name.encode(), text.encode()) for name, text in headers.items()],
    }


def _part(body: bytes, *, more: bool) -> Message:
    """Return a message with a part of the body."""
    return {"type": "http.response.body", "body": body, "more_body": more}


async def _read(scope: Scope, receive: Callable[[], Awaitable[Any]]) -> Request:
    """Read one request completely."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    headers = {
        name.decode("latin-1"): text.decode("latin-1")
        for name, text in scope["headers"]
    }
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=_query(scope["query_string"]),
        headers=headers,
        body=body,
    )


def _query(text: bytes) -> dict[str, str]:
    """Return query parameters; of a repeated one, the last counts."""
    return dict(parse_qsl(text.decode("latin-1"), keep_blank_values=True))
