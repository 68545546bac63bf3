"""Sending notifications: one thread that signs, posts, repeats and gives up.

Here belongs: the queue, the waits between attempts, and what goes wrong on request:
twice, out of order, never, wrongly signed. Not here: what is sent (webhooks.py).
"""

import base64
import hashlib
import hmac
import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from urllib.parse import urlsplit

SIGNATURE = "x-bill-sha-signature"
FAULTS = ("duplicate", "drop", "corrupt_signature", "reorder")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
DONE = 200


@dataclass(order=True)
class Delivery:
    """One notification on its way.

    ``key`` gives the signing key when it is sent, None when nobody is subscribed now.
    """

    due: float
    number: int
    url: str = field(compare=False)
    body: bytes = field(compare=False, repr=False)
    key: Callable[[], str | None] = field(compare=False, repr=False)
    done: Callable[[bool], None] = field(compare=False, repr=False)
    attempts: int = field(default=0, compare=False)


class Deliverer:
    """Sends deliveries in the background, to this machine only."""

    def __init__(self) -> None:
        self.retry_seconds = 1.0
        self.attempts = 5
        self.timeout_seconds = 5.0
        self._armed: Counter[str] = Counter()
        self._changed = threading.Condition()
        self._queue: list[Delivery] = []
        self._held: list[Delivery] = []
        self._number = 0
        self._busy = False
        self._thread: threading.Thread | None = None
        self._ending = False

    def arm(self, fault: str, times: int = 1) -> None:
        """Let the next deliveries go wrong; ``reorder`` turns so many around.

        Raises:
            ValueError: An unknown fault.
        """
        if fault not in FAULTS:
            raise ValueError(f"unknown fault {fault}: one of {', '.join(FAULTS)}")
        with self._changed:
            self._armed[fault] += times

    def submit(
        self,
        url: str,
        body: bytes,
        key: Callable[[], str | None],
        done: Callable[[bool], None],
    ) -> None:
        """Send a notification soon; ``done`` hears whether it arrived in the end."""
        with self._changed:
            self._number += 1
            delivery = Delivery(time.monotonic(), self._number, url, body, key, done)
            for one in self._in_order(delivery):
                heappush(self._queue, one)
            self._begin()
            self._changed.notify_all()

    def _in_order(self, delivery: Delivery) -> list[Delivery]:
        """Return what may go out now: held back deliveries go last one first."""
        if self._spend("drop"):
            return []
        if self._spend("duplicate"):
            self._number += 1
            twin = Delivery(**vars(delivery) | {"number": self._number})
            return [delivery, twin]
        if not self._spend("reorder"):
            return [delivery]
        self._held.append(delivery)
        if self._armed["reorder"]:
            return []
        turned, self._held = self._held[::-1], []
        for number, one in enumerate(turned):
            one.due, one.number = delivery.due, delivery.number + number
        self._number += len(turned)
        return turned

    def _spend(self, fault: str) -> bool:
        """Tell whether this delivery meets a fault, which then is used up."""
        if not self._armed[fault]:
            return False
        self._armed[fault] -= 1
        return True

    def _begin(self) -> None:
        """Start the thread with the first delivery."""
        if self._thread is None:
            self._ending = False
            self._thread = threading.Thread(
                target=self._run, name="sandbox-webhooks", daemon=True
            )
            self._thread.start()

    def settled(self, timeout: float = 5.0) -> bool:
        """Wait until nothing is on its way; tell whether that came in time."""
        with self._changed:
            return self._changed.wait_for(
                lambda: not self._queue and not self._busy, timeout
            )

    def clear(self) -> None:
        """Forget deliveries, faults and settings; end the thread."""
        with self._changed:
            self._queue.clear()
            self._held.clear()
            self._armed.clear()
            self._ending = True
            self._changed.notify_all()
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(timeout=self.timeout_seconds)
        self.retry_seconds, self.attempts = 1.0, 5

    def _run(self) -> None:
        """Send what is due until told to end."""
        while (delivery := self._next()) is not None:
            key = delivery.key()
            arrived = key is not None and self._send(delivery, key)
            with self._changed:
                self._busy = False
                over = arrived or delivery.attempts >= self.attempts
                if key is not None and not over and not self._ending:
                    wait = self.retry_seconds * 2 ** (delivery.attempts - 1)
                    delivery.due = time.monotonic() + wait
                    heappush(self._queue, delivery)
                self._changed.notify_all()
            if over:
                delivery.done(arrived)

    def _next(self) -> Delivery | None:
        """Wait for the next due delivery; None when it is time to end."""
        with self._changed:
            while not self._ending:
                now = time.monotonic()
                if self._queue and self._queue[0].due <= now:
                    self._busy = True
                    return heappop(self._queue)
                wait = self._queue[0].due - now if self._queue else None
                self._changed.wait(wait)
            return None

    def _send(self, delivery: Delivery, key: str) -> bool:
        """Make one attempt; tell whether it arrived."""
        delivery.attempts += 1
        with self._changed:
            wrong = self._spend("corrupt_signature")
        signature = sign(delivery.body, key + "x" if wrong else key)
        return post(delivery.url, delivery.body, signature, self.timeout_seconds)


def sign(body: bytes, key: str) -> str:
    """Return the signature of a raw body."""
    digest = hmac.new(key.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def post(url: str, body: bytes, signature: str, timeout: float) -> bool:
    """Post a notification; tell whether it was answered with 200."""
    parts = urlsplit(url)
    if parts.hostname not in LOOPBACK:
        return False
    kind = (
        http.client.HTTPSConnection
        if parts.scheme == "https"
        else http.client.HTTPConnection
    )
    connection = kind(parts.hostname, parts.port, timeout=timeout)
    headers = {"content-type": "application/json", SIGNATURE: signature}
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    try:
        connection.request("POST", path, body, headers)
        return connection.getresponse().status == DONE
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
