"""The sandbox's webhooks: subscriptions, signed notifications, what goes wrong."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from inbox import Inbox, open_inbox

from bill_source.sandbox import SandboxServer, Switches

TODAY = datetime(2026, 6, 16, 10, 30, tzinfo=UTC)
CATALOG = {
    *("vendor.created", "vendor.updated", "vendor.archived", "vendor.restored"),
    *("bill.created", "bill.updated", "bill.archived", "bill.restored"),
    *("invoice.created", "invoice.updated", "invoice.archived", "invoice.restored"),
    *("payment.updated", "payment.failed", "mass-payment.updated", "autopay.failed"),
    *("bank-account.created", "bank-account.updated"),
    *("card-account.created", "card-account.updated"),
    *("risk-verification.updated", "spend.transaction.updated"),
    *("spend.reimbursement.created", "spend.reimbursement.updated"),
    *("spend.reimbursement.deleted", "spend.three-ds-challenge.created"),
}
BILLS = ("bill.created", "bill.updated", "bill.archived", "bill.restored")


class Subscriber:
    """Calls the webhook API of one sandbox in a session of its own."""

    def __init__(self, server: SandboxServer) -> None:
        self.server = server
        body = {
            "username": server.token_name,
            "password": server.token_password,
            "organizationId": server.organization_id,
            "devKey": server.dev_key,
        }
        answer = requests.post(f"{server.api_url}/v3/login", json=body, timeout=9)
        session = answer.json()["sessionId"]
        self.headers = {"sessionId": session, "devKey": server.dev_key}

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        """Make one call below ``/v3``."""
        headers = self.headers | more.pop("headers", {})
        url = f"{self.server.webhook_url}/v3/{path}"
        return requests.request(method, url, headers=headers, timeout=9, **more)

    def subscribe(
        self, url: str, *events: str, key: str = "", **other: Any
    ) -> requests.Response:
        """Subscribe events, the bills' when none are named."""
        body = {
            "name": "ledger",
            "status": {"enabled": True},
            "events": [{"type": one, "version": "1"} for one in events or BILLS],
            "notificationUrl": url,
        } | other
        headers = {"X-Idempotent-Key": key or str(uuid.uuid4())}
        return self.call("POST", "subscriptions", json=body, headers=headers)

    def subscribed(self, url: str, *events: str) -> dict[str, Any]:
        """Subscribe and return the subscription, its key included."""
        answer = self.subscribe(url, *events)
        assert answer.status_code == 200, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def act(self, name: str, /, **arguments: Any) -> dict[str, Any]:
        """Do something in the company and wait until BILL has told of it."""
        done = self.server.act(name, **arguments)
        assert self.server.webhooks.deliverer.settled()
        return done


@pytest.fixture(scope="module")
def running() -> Iterator[SandboxServer]:
    """A small company for the module."""
    switches = Switches(latency_seconds=0.0)
    with SandboxServer(months=1, today=TODAY, switches=switches) as server:
        yield server


@pytest.fixture
def bill(running: SandboxServer) -> Subscriber:
    """The company on its first day, which nobody has subscribed to."""
    running.reset()
    running.webhooks.deliverer.retry_seconds = 0.01
    return Subscriber(running)


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """Somewhere to be notified."""
    with open_inbox() as opened:
        yield opened


def test_the_catalog_is_the_documented_one(bill: Subscriber) -> None:
    """Customers, credits, memos, receipts and classifications have no events."""
    listed = bill.call("GET", "events/catalog").json()

    assert {one["type"] for one in listed} == CATALOG
    assert {one["version"] for one in listed} == {"1"}


def test_a_new_bill_is_told_with_a_right_signature(
    bill: Subscriber, inbox: Inbox
) -> None:
    """The raw minified body is signed; the payload is the documented one."""
    made = bill.subscribed(inbox.url)
    vendor = bill.act("create_vendor", name="Quillon")
    entered = bill.act("create_bill", vendor=vendor["id"], amount="12.50")

    assert inbox.types == ["bill.created"]
    assert inbox.is_signed_with(made["securityKey"])
    assert b": " not in inbox.bodies[0]
    told = json.loads(inbox.bodies[0])
    assert told["metadata"]["organizationId"] == bill.server.organization_id
    assert told["metadata"]["subscriptionId"] == made["id"]
    assert told["bill"]["id"] == entered["id"]
    assert told["bill"]["invoice"]["invoiceDate"] == "2026-06-16T00:00:00.000Z"


def test_each_change_of_a_record_is_its_own_event(
    bill: Subscriber, inbox: Inbox
) -> None:
    """Edited, archived and restored are told apart; what is derived is not told."""
    bill.subscribed(inbox.url)
    vendor = bill.act("create_vendor", name="Quillon")["id"]
    entered = bill.act("create_bill", vendor=vendor, amount=10)["id"]
    of_bill = {"list_name": "bills", "row_id": entered}
    bill.act("edit", **of_bill, set={"dueDate": "2026-09-01"})
    bill.act("archive", **of_bill)
    bill.act("restore", **of_bill)
    bill.act("pay_bill", bills=entered, online=False)

    assert inbox.types == list(BILLS)


def test_a_payment_is_told_at_each_status(bill: Subscriber, inbox: Inbox) -> None:
    """In the words of singleStatus; a failed one also as failed."""
    bill.subscribed(inbox.url, "payment.updated", "payment.failed")
    vendor = bill.act("create_vendor", name="Quillon")["id"]
    entered = bill.act("create_bill", vendor=vendor, amount=10)["id"]
    payment = bill.act("pay_bill", bills=entered)["id"]
    for status in ("FUNDING_STARTED", "SENT"):
        bill.act("advance_payment", payment=payment, status=status)
    bill.act("bounce_payment", payment=payment)

    told = [json.loads(body)["payment"] for body in inbox.bodies]
    failed = "DISBURSEMENT_FAILED_ACTION_NEEDED"
    assert [one["status"] for one in told] == [
        *("SCHEDULED", "FUNDING_STARTED", "SENT", failed, failed)
    ]
    assert inbox.types == ["payment.updated"] * 4 + ["payment.failed"]
    assert told[0]["billIds"] == [entered]


def test_a_subscription_is_changed_listed_and_removed(
    bill: Subscriber, inbox: Inbox
) -> None:
    """Its key is shown once; a disabled one is told nothing, a removed one is gone."""
    made = bill.subscribed(inbox.url)
    path = f"subscriptions/{made['id']}"
    shown = bill.call("GET", path).json()
    off = bill.call("PATCH", path, json={"status": {"enabled": False}}).json()
    vendor = bill.act("create_vendor", name="Quillon")["id"]
    bill.act("create_bill", vendor=vendor, amount=10)
    listed = bill.call("GET", "subscriptions").json()["results"]
    gone = bill.call("DELETE", path)

    assert "securityKey" not in shown
    assert off["status"] == {"enabled": False}
    assert [one["id"] for one in listed] == [made["id"]]
    assert (gone.status_code, bill.call("GET", path).status_code) == (200, 404)
    assert inbox.bodies == []


def test_a_repeated_request_makes_one_subscription(
    bill: Subscriber, inbox: Inbox
) -> None:
    """The same idempotent key gives the same answer; without a UUID4 it is refused."""
    key = str(uuid.uuid4())
    first = bill.subscribe(inbox.url, key=key).json()
    again = bill.subscribe(inbox.url, key=key).json()
    other = bill.subscribe(inbox.url, "vendor.created", key=key)
    without = bill.subscribe(inbox.url, "bill.created", key="17")

    assert first == again
    assert [other.status_code, without.status_code] == [400, 400]
    assert len(bill.call("GET", "subscriptions").json()["results"]) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"notificationUrl": "http://example.com/hook"},
        {"events": [{"type": "customer.created", "version": "1"}]},
        {"events": [{"type": "bill.created", "version": "2"}]},
        {"events": []},
        {"status": {}},
        {"colour": "red"},
    ],
)
def test_a_wrong_subscription_is_refused(
    bill: Subscriber, inbox: Inbox, wrong: dict[str, Any]
) -> None:
    """Plain http elsewhere, unknown events, missing and unknown fields are 400."""
    assert bill.subscribe(inbox.url, **wrong).status_code == 400


def test_there_are_at_most_ten_and_no_two_alike(bill: Subscriber, inbox: Inbox) -> None:
    """The eleventh, and one with the events and address of another, are refused."""
    bill.subscribed(inbox.url)
    twin = bill.subscribe(inbox.url, *reversed(BILLS))
    for number in range(9):
        bill.subscribed(f"{inbox.url}/{number}")
    eleventh = bill.subscribe(f"{inbox.url}/more")
    page = bill.call("GET", "subscriptions", params={"max": 4}).json()
    query = {"max": 4, "page": page["nextPage"]}

    assert [twin.status_code, eleventh.status_code] == [400, 400]
    assert len(page["results"]) == 4
    assert len(bill.call("GET", "subscriptions", params=query).json()["results"]) == 4


def test_only_a_session_may_call(bill: Subscriber) -> None:
    """A missing header is 400, a wrong one 401, an unknown path 404."""
    calls = [
        requests.get(f"{bill.server.webhook_url}/v3/subscriptions", timeout=9),
        bill.call("GET", "subscriptions", headers={"sessionId": "gone"}),
        bill.call("GET", "webhooks"),
    ]

    assert [answer.status_code for answer in calls] == [400, 401, 404]
    assert calls[1].json()[0]["code"] == "BDC_1109"


def test_a_rotated_key_signs_from_then_on(bill: Subscriber, inbox: Inbox) -> None:
    """The old key signs nothing any more; a test notification shows it."""
    made = bill.subscribed(inbox.url)
    path = f"subscriptions/{made['id']}"
    rotated = bill.call("POST", f"{path}/security-key").json()["securityKey"]
    bill.call("POST", f"{path}/test")
    assert bill.server.webhooks.deliverer.settled()

    assert rotated != made["securityKey"]
    assert inbox.types == ["bill.created"]
    assert inbox.is_signed_with(rotated)


def test_sent_notifications_are_listed_and_sent_again(
    bill: Subscriber, inbox: Inbox
) -> None:
    """Under the same event id; windows of time and the 180 days are kept to."""
    made = bill.subscribed(inbox.url)
    bill.call("POST", f"subscriptions/{made['id']}/test")
    path = f"events/subscription/{made['id']}"
    (sent,) = bill.call("GET", path).json()["results"]
    bill.call("POST", f"{path}/event/{sent['eventId']}")
    assert bill.server.webhooks.deliverer.settled()
    later = {"createdTimeFrom": "2026-06-17"}

    assert inbox.event_ids == [sent["eventId"]] * 2
    assert bill.call("GET", path, params=later).json()["results"] == []
    assert bill.call("POST", f"{path}/event/unknown").status_code == 404
    bill.server.advance_seconds(181 * 86400)
    bill = Subscriber(bill.server)
    assert bill.call("GET", path).json()["results"] == []


def test_a_failed_delivery_is_repeated(bill: Subscriber, inbox: Inbox) -> None:
    """Until it is answered with 200, always under one event id."""
    made = bill.subscribed(inbox.url)
    inbox.statuses = [500, 204]
    bill.call("POST", f"subscriptions/{made['id']}/test")
    assert bill.server.webhooks.deliverer.settled()

    assert len(inbox.bodies) == 3
    assert len(set(inbox.event_ids)) == 1
    (sent,) = bill.call("GET", f"events/subscription/{made['id']}").json()["results"]
    assert sent["status"] == "SENT"


def test_who_fails_persistently_is_disabled(bill: Subscriber, inbox: Inbox) -> None:
    """After three notifications given up; enabled again, it is told again."""
    made = bill.subscribed(inbox.url)
    path = f"subscriptions/{made['id']}"
    bill.server.webhooks.deliverer.attempts = 2
    inbox.statuses = [503] * 6
    for _ in range(3):
        bill.call("POST", f"{path}/test")
        assert bill.server.webhooks.deliverer.settled()

    assert bill.call("GET", path).json()["status"] == {"enabled": False}
    bill.call("PATCH", path, json={"status": {"enabled": True}})
    inbox.statuses = [503] * 2
    bill.call("POST", f"{path}/test")
    assert bill.server.webhooks.deliverer.settled()
    assert len(inbox.bodies) == 8
    assert bill.call("GET", path).json()["status"] == {"enabled": True}


def test_notifications_go_wrong_on_request(bill: Subscriber, inbox: Inbox) -> None:
    """Twice, never, wrongly signed, out of order: over the control calls."""
    made = bill.subscribed(inbox.url, "bill.created", "vendor.created")
    key = made["securityKey"]
    url = f"{bill.server.control_url}webhooks"

    requests.post(url, json={"fault": "duplicate"}, timeout=9).raise_for_status()
    vendor = bill.act("create_vendor", name="Quillon")["id"]
    assert len(inbox.event_ids) == 2
    assert len(set(inbox.event_ids)) == 1

    requests.post(url, json={"fault": "drop"}, timeout=9).raise_for_status()
    bill.act("create_bill", vendor=vendor, amount=1)
    assert len(inbox.bodies) == 2

    bill.server.webhooks.deliverer.attempts = 1
    requests.post(url, json={"fault": "corrupt_signature"}, timeout=9)
    bill.act("create_bill", vendor=vendor, amount=2)
    assert not inbox.is_signed_with(key)

    requests.post(url, json={"fault": "reorder", "times": 2}, timeout=9)
    bill.act("create_bill", vendor=vendor, amount=3)
    assert len(inbox.bodies) == 3
    bill.act("create_vendor", name="Second")
    assert inbox.types[3:] == ["vendor.created", "bill.created"]
    assert inbox.is_signed_with(key)
    wrong = requests.post(url, json={"fault": "explode"}, timeout=9)
    assert (wrong.status_code, "one of duplicate" in wrong.text) == (400, True)


def test_days_that_pass_are_told_too(bill: Subscriber, inbox: Inbox) -> None:
    """The company's own life makes notifications, none twice."""
    bill.subscribed(inbox.url, *BILLS, "payment.updated", "invoice.created")
    bill.server.advance_days(2)
    assert bill.server.webhooks.deliverer.settled()

    assert {"bill.created", "payment.updated", "invoice.created"} <= {*inbox.types}
    assert len(set(inbox.event_ids)) == len(inbox.event_ids)


def test_a_reset_forgets_subscriptions(bill: Subscriber, inbox: Inbox) -> None:
    """Nobody is told anything on the first day again."""
    bill.subscribed(inbox.url)
    bill.server.reset()
    again = Subscriber(bill.server)
    vendor = again.act("create_vendor", name="Quillon")["id"]
    again.act("create_bill", vendor=vendor, amount=10)

    assert inbox.bodies == []
    assert again.call("GET", "subscriptions").json()["results"] == []
