"""Webhook subscriptions and the notifications they were sent.

Here belongs: who is subscribed to what, hearing changes of the books, keeping what was
sent. Not here: HTTP (webhook_calls.py), payloads (webhook_events.py), sending
(deliveries.py).
"""

import base64
import hashlib
import json
import threading
import uuid
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bill_source.sandbox.answers import Body, encode, plain
from bill_source.sandbox.books import Books, Watcher
from bill_source.sandbox.clock import Clock
from bill_source.sandbox.deliveries import Deliverer
from bill_source.sandbox.store import Row
from bill_source.sandbox.switches import Switches
from bill_source.sandbox.webhook_events import KINDS, events_of, notification

MOST_SUBSCRIPTIONS = 10
HISTORY = timedelta(days=180)
FAILURES_BEFORE_DISABLED = 3


@dataclass
class Subscription:
    """Where notifications of some events go."""

    id: str
    name: str
    enabled: bool
    events: tuple[str, ...]
    url: str
    key: str = field(repr=False)
    created: datetime
    updated: datetime
    failures: int = 0


@dataclass
class Sent:
    """One notification and what became of it."""

    event_id: str
    subscription_id: str
    event_type: str
    created: datetime
    body: bytes = field(repr=False)
    status: str = "PENDING"


@dataclass
class _Heard:
    """A change that will become notifications when the act is over.

    A payment is told as it was at each step; other records once, as they are then.
    """

    event_type: str
    row: Row
    body: Body | None


class Webhooks:
    """The subscriptions of one organization."""

    def __init__(self, seed: int, switches: Switches) -> None:
        self._seed = seed
        self._switches = switches
        self.deliverer = Deliverer()
        self.escaped = False
        self.subscriptions: dict[str, Subscription] = {}
        self.sent: dict[str, Sent] = {}
        self._lock = threading.RLock()
        self._issued = 0
        self._heard: dict[tuple[str, str, int], _Heard] = {}
        self._archived: dict[str, bool] = {}
        self._other_watcher: Watcher | None = None

    def attach(self, books: Books, clock: Clock) -> None:
        """Begin anew, hearing these books; others who watch them still do."""
        self.clear()
        self._clock, self._books = clock, books
        if books.watcher != self._watch:
            self._other_watcher, books.watcher = books.watcher, self._watch

    def _watch(self, name: str, row: Row, at: datetime | None) -> None:
        """Hear a change, after whom else it concerns."""
        if self._other_watcher is not None:
            self._other_watcher(name, row, at)
        self._hear(name, row, at)

    def clear(self) -> None:
        """Forget everything and stop sending."""
        self.deliverer.clear()
        with self._lock:
            self.subscriptions.clear()
            self.sent.clear()
            self._heard.clear()
            self._issued, self.escaped = 0, False

    def subscribe(
        self, *, name: str, enabled: bool, events: tuple[str, ...], url: str
    ) -> Subscription:
        """Add a subscription with a key of its own."""
        now = self._clock.now()
        with self._lock:
            made = Subscription(
                *(self._uuid(), name, enabled, events, url, self._key(), now, now)
            )
            if not self.subscriptions:
                self._look_around()
            self.subscriptions[made.id] = made
            return made

    def rotate(self, subscription: Subscription) -> str:
        """Give a subscription a new key; the old one signs nothing any more."""
        subscription.key = self._key()
        return subscription.key

    def _look_around(self) -> None:
        """Remember what is archived, so that a change of it is noticed."""
        self._archived = {
            row.id: bool(row.body.get("archived"))
            for name in KINDS
            for row in self._books.rows(name)
        }

    def _hear(self, name: str, row: Row, at: datetime | None) -> None:
        """Note what a change of the books will be told as."""
        if not self.subscriptions or name not in KINDS:
            return
        types = events_of(
            name,
            row.body,
            is_new=row.id not in self._archived,
            was_archived=self._archived.get(row.id, False),
            moved=at is not None,
        )
        self._archived[row.id] = bool(row.body.get("archived"))
        body = deepcopy(row.body) if name == "payments" else None
        for one in types:
            step = len(self._heard) if body is not None else 0
            self._heard.setdefault((one, row.id, step), _Heard(one, row, body))

    def tell(self) -> None:
        """Send what was heard; a document is shown as it is now, complete."""
        with self._lock:
            heard, self._heard = self._heard, {}
            for one in heard.values():
                for subscription in list(self.subscriptions.values()):
                    if subscription.enabled and one.event_type in subscription.events:
                        self.send(
                            subscription, one.event_type, one.body or one.row.body
                        )

    def send(self, subscription: Subscription, event_type: str, body: Body) -> Sent:
        """Make a notification and send it."""
        event_id = self._uuid()
        shown = notification(
            event_type,
            body,
            event_id=event_id,
            subscription_id=subscription.id,
            company=self._books.company.id,
        )
        text = encode(plain(shown, self._switches))
        if self.escaped:
            text = json.dumps(text.decode()).encode()
        now = self._clock.now()
        made = Sent(event_id, subscription.id, event_type, now, text)
        self.sent[event_id] = made
        self.resend(made)
        return made

    def resend(self, made: Sent) -> None:
        """Send a notification, perhaps once more, under its own event id."""
        subscription = self.subscriptions[made.subscription_id]
        made.status = "PENDING"
        self.deliverer.submit(
            subscription.url,
            made.body,
            self._key_of(subscription.id),
            lambda arrived: self._note(made, arrived=arrived),
        )

    def _key_of(self, subscription_id: str) -> Callable[[], str | None]:
        """Return what gives the key at the moment of sending; None once it is off."""

        def key() -> str | None:
            found = self.subscriptions.get(subscription_id)
            return found.key if found is not None and found.enabled else None

        return key

    def _note(self, made: Sent, *, arrived: bool) -> None:
        """Keep how a delivery ended; who fails persistently is switched off."""
        with self._lock:
            made.status = "SENT" if arrived else "FAILED"
            subscription = self.subscriptions.get(made.subscription_id)
            if subscription is None:
                return
            subscription.failures = 0 if arrived else subscription.failures + 1
            if subscription.failures >= FAILURES_BEFORE_DISABLED:
                subscription.enabled = False

    def history(self, subscription_id: str) -> list[Sent]:
        """Return the notifications of a subscription that BILL still keeps."""
        oldest = self._clock.now() - HISTORY
        return [
            one
            for one in self.sent.values()
            if one.subscription_id == subscription_id and one.created >= oldest
        ]

    def sample(self, event_type: str) -> Body:
        """Return a record a test notification may show; empty where there is none."""
        kind = event_type.split(".", maxsplit=1)[0]
        names = [name for name, one in KINDS.items() if one == kind]
        rows = self._books.rows(names[0]) if names else ()
        return rows[-1].body if rows else {}

    def _uuid(self) -> str:
        """Return the next identifier, the same ones for the same seed."""
        return str(uuid.UUID(bytes=self._digest()[:16], version=4))

    def _key(self) -> str:
        """Return the next security key."""
        return base64.b64encode(self._digest()).decode()

    def _digest(self) -> bytes:
        self._issued += 1
        text = f"{self._seed}|webhooks|{self._issued}"
        return hashlib.sha256(text.encode()).digest()
