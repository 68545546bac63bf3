"""BILL's webhook API under ``/connect-events``: its paths, checks and answers.

Here belongs: HTTP around the subscriptions. Not here: what they do (webhooks.py). The
shape of the list of sent notifications is our guess; all else is documented.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bill_source.sandbox.answers import (
    Answer,
    Body,
    RefusalError,
    encode,
    not_found,
    plain,
    refusal,
    unknown_path,
)
from bill_source.sandbox.clock import Clock
from bill_source.sandbox.measurements import Call, Measurements
from bill_source.sandbox.server import Request
from bill_source.sandbox.sessions import Gate
from bill_source.sandbox.switches import Switches
from bill_source.sandbox.webhook_events import CATALOG, VERSION
from bill_source.sandbox.webhook_forms import (
    FIELDS,
    bad,
    idempotent_key,
    instant,
    json_object,
    page,
    wanted,
)
from bill_source.sandbox.webhooks import (
    MOST_SUBSCRIPTIONS,
    Sent,
    Subscription,
    Webhooks,
)

BASE = "/connect-events"
_ALWAYS = (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))
Handler = Callable[[Request, dict[str, str]], Any]


class WebhookCalls:
    """Answers requests below ``/connect-events``."""

    def __init__(
        self,
        webhooks: Webhooks,
        gate: Gate,
        clock: Clock,
        switches: Switches,
        measurements: Measurements,
    ) -> None:
        self._webhooks = webhooks
        self._gate = gate
        self._clock = clock
        self._switches = switches
        self._measurements = measurements
        self._answered: dict[str, tuple[bytes, Body]] = {}

    def answer(self, request: Request) -> Answer:
        """Answer one request and write it down."""
        try:
            result = self._answer(request)
            body = b"" if result is None else encode(plain(result, self._switches))
            answer = Answer(200, body)
        except RefusalError as error:
            answer = refusal(error, self._clock.now(), self._switches)
        path = request.path.removeprefix(BASE)
        self._measurements.record(
            Call(request.method, path, request.query, answer.status)
        )
        return answer

    def _answer(self, request: Request) -> Any:
        """Find the call, let the session in, do it."""
        path = request.path.removeprefix(BASE)
        for method, pattern, call in self._calls():
            match = re.fullmatch(pattern, path)
            if method == request.method and match:
                self._admit(request)
                return call(request, match.groupdict())
        raise unknown_path(request.method, request.path)

    def _calls(self) -> tuple[tuple[str, str, Handler], ...]:
        """Return every call with its method and path."""
        one = r"/v3/subscriptions/(?P<id>[^/]+)"
        sent = r"/v3/events/subscription/(?P<id>[^/]+)"
        return (
            ("GET", r"/v3/events/catalog", self._catalog),
            ("GET", r"/v3/subscriptions", self._list),
            ("POST", r"/v3/subscriptions", self._create),
            ("GET", one, lambda _, ids: _shown(self._one(ids))),
            ("PUT", one, self._replace),
            ("PATCH", one, self._replace),
            ("DELETE", one, self._delete),
            ("POST", one + "/test", self._test),
            ("POST", one + "/security[-_]key", self._rotate),
            ("GET", sent, self._sent),
            ("POST", sent + r"/event/(?P<event>[^/]+)", self._resend),
        )

    def _admit(self, request: Request) -> None:
        """Let a session in; missing headers are 400 here, wrong ones 401."""
        for header in ("sessionid", "devkey"):
            if not request.headers.get(header):
                raise RefusalError(400, "BDC_1108", f"{header} is missing")
        self._gate.spend("request", self._switches.hourly_requests)
        self._gate.admit(request.headers["sessionid"], request.headers["devkey"])

    def _catalog(self, request: Request, ids: dict[str, str]) -> list[Body]:
        """List every event."""
        del request, ids
        return [{"type": one, "version": VERSION} for one in CATALOG]

    def _list(self, request: Request, ids: dict[str, str]) -> Body:
        """List the subscriptions, a page at a time."""
        del ids
        return page(request, [_shown(one) for one in self._known().values()])

    def _create(self, request: Request, ids: dict[str, str]) -> Body:
        """Subscribe; the same idempotent key again gives the same answer."""
        del ids
        token = idempotent_key(request)
        if token in self._answered:
            before, answer = self._answered[token]
            if before != request.body:
                raise bad("X-Idempotent-Key was used for another request")
            return answer
        asked = wanted(json_object(request), FIELDS)
        self._check_new(asked)
        if len(self._known()) >= MOST_SUBSCRIPTIONS:
            raise bad(f"there are {MOST_SUBSCRIPTIONS} subscriptions already")
        made = self._webhooks.subscribe(**asked)
        answer = _shown(made) | self._owner() | {"securityKey": made.key}
        self._answered[token] = request.body, answer
        return answer

    def _owner(self) -> Body:
        return {"organizationId": self._gate.credentials.organization_id}

    def _check_new(self, asked: Body, itself: Subscription | None = None) -> None:
        """Refuse the events and address of another subscription."""
        for one in self._known().values():
            same = set(one.events) == set(asked["events"]) and one.url == asked["url"]
            if same and one is not itself:
                raise bad("a subscription with these events and this URL exists")

    def _replace(self, request: Request, ids: dict[str, str]) -> Body:
        """Change all fields of a subscription, or with PATCH some."""
        one = self._one(ids)
        body = json_object(request)
        names = FIELDS if request.method == "PUT" else tuple(body)
        now = {"name": one.name, "enabled": one.enabled, "events": one.events}
        asked = now | {"url": one.url} | wanted(body, names)
        self._check_new(asked, one)
        if asked["enabled"] and not one.enabled:
            one.failures = 0
        vars(one).update(asked, updated=self._clock.now())
        return _shown(one)

    def _delete(self, request: Request, ids: dict[str, str]) -> None:
        """Make a subscription vanish."""
        del request
        self._known().pop(self._one(ids).id)

    def _test(self, request: Request, ids: dict[str, str]) -> Body:
        """Send a test notification of the subscription's first event."""
        del request
        one = self._one(ids)
        kind = one.events[0]
        return _sent(self._webhooks.send(one, kind, self._webhooks.sample(kind)))

    def _rotate(self, request: Request, ids: dict[str, str]) -> Body:
        """Issue a new security key, shown once."""
        del request
        one = self._one(ids)
        return {"id": one.id, "securityKey": self._webhooks.rotate(one)}

    def _sent(self, request: Request, ids: dict[str, str]) -> Body:
        """List what a subscription was sent, by time of creation."""
        since = instant(request, "createdTimeFrom", _ALWAYS[0])
        until = instant(request, "createdTimeTo", _ALWAYS[1])
        kept = self._webhooks.history(self._one(ids).id)
        shown = [_sent(one) for one in kept if since <= one.created <= until]
        return page(request, shown)

    def _resend(self, request: Request, ids: dict[str, str]) -> Body:
        """Send a notification once more."""
        del request
        self._one(ids)
        made = self._webhooks.sent.get(ids["event"])
        if made is None or made.subscription_id != ids["id"]:
            raise not_found()
        self._webhooks.resend(made)
        return _sent(made)

    def _known(self) -> dict[str, Subscription]:
        return self._webhooks.subscriptions

    def _one(self, ids: dict[str, str]) -> Subscription:
        """Return the subscription a path names."""
        found = self._known().get(ids["id"])
        if found is None:
            raise not_found()
        return found


def _shown(one: Subscription) -> Body:
    """Return a subscription as BILL shows it, without its key."""
    return {
        "id": one.id,
        "name": one.name,
        "status": {"enabled": one.enabled},
        "events": [{"type": event, "version": VERSION} for event in one.events],
        "notificationUrl": one.url,
        "createdTime": one.created,
        "updatedTime": one.updated,
    }


def _sent(one: Sent) -> Body:
    """Return a notification as the list of sent ones shows it."""
    return {
        "eventId": one.event_id,
        "subscriptionId": one.subscription_id,
        "eventType": one.event_type,
        "status": one.status,
        "createdTime": one.created,
        "payload": one.body.decode(),
    }
