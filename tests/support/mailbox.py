"""A mail server that keeps what is sent to it, for tests of alerts."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message

END = b".\r\n"


class _Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as a sender without extensions speaks."""

    def handle(self) -> None:
        self._say(b"220 here")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self._say(b"354 go on")
                self.server.messages.append(self._body())  # type: ignore[attr-defined]
            self._say(b"221 bye" if word == b"QUIT" else b"250 ok")

    def _body(self) -> Message:
        lines = iter(self.rfile.readline, END)
        return message_from_bytes(b"".join(lines))

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


@contextmanager
def open_mailbox() -> Iterator[tuple[str, list[Message]]]:
    """Listen on loopback; yield the address and what arrives."""
    messages: list[Message] = []
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mail) as server:
        server.messages = messages  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"smtp://127.0.0.1:{server.server_address[1]}", messages
        server.shutdown()
