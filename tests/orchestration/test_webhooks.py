"""Notifications end to end: BILL's signed delivery, the receiver, the sensor's run."""

import base64
import hashlib
import hmac
import http.client
import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
import pytest
import requests
from dagster_runs import run_of
from shell import Shell
from typer.testing import CliRunner

from bill_source.sandbox import SandboxServer, Switches
from orchestration.automation import on_bill_notification
from orchestration.cli import app
from orchestration.connections import Connection, Credentials, Registry
from orchestration.failures import UsageError
from orchestration.locks import exclusive
from orchestration.nudges import Nudges
from orchestration.settings import Home
from orchestration.store import State, Store
from orchestration.webhooks import LARGEST_BODY, Receiver, with_keys

KEY = "one-time-security-key-of-acme"
SIGNATURE = "x-bill-sha-signature"
EVENTS = ("bill.created", "payment.updated")


@pytest.fixture(scope="module")
def running() -> Iterator[SandboxServer]:
    """A small company's BILL for the module."""
    switches = Switches(latency_seconds=0.0)
    today = datetime(2026, 6, 16, 10, tzinfo=UTC)
    with SandboxServer(months=1, today=today, switches=switches) as server:
        yield server


@pytest.fixture
def bill(running: SandboxServer) -> SandboxServer:
    """The company on its first day, which nobody has subscribed to."""
    running.reset()
    running.webhooks.deliverer.retry_seconds = 0.01
    running.webhooks.deliverer.attempts = 2
    return running


@pytest.fixture
def registry(home: Home, bill: SandboxServer) -> Registry:
    """A registry with connection acme to that BILL, and its key."""
    registry = Registry(home)
    registry.save(
        Connection("acme", bill.organization_id, bill.api_url),
        Credentials(bill.token_name, bill.token_password, bill.dev_key),
    )
    registry.save_webhook_key("acme", KEY)
    return registry


@dataclass
class Listening:
    """A receiver at work, its clock and what it said."""

    url: str
    nudges: Nudges
    said: list[str]
    clock: list[datetime] = field(default_factory=lambda: [datetime.now(UTC)])

    def post(
        self, body: bytes, *, key: str = KEY, path: str = "", **headers: str
    ) -> requests.Response:
        """Post a body with a signature."""
        signed = {SIGNATURE: signature(body, key)} | headers
        return requests.post(self.url + path, data=body, headers=signed, timeout=9)


def signature(body: bytes, key: str) -> str:
    """Sign a body as BILL does."""
    return base64.b64encode(
        hmac.new(key.encode(), body, hashlib.sha256).digest()
    ).decode()


@pytest.fixture
def listening(home: Home, registry: Registry) -> Iterator[Listening]:
    """A receiver for acme; its clock stands a minute and a second ago."""
    said: list[str] = []
    clock = [datetime.now(UTC) - timedelta(seconds=61)]
    receiver = Receiver(home, ["acme"], told=said.append, now=lambda: clock[0])
    with receiver:
        threading.Thread(
            target=receiver.serve_forever, args=(0.01,), daemon=True
        ).start()
        nudges = Nudges(home.connection("acme").store)
        yield Listening(receiver.address("acme"), nudges, said, clock)
        receiver.shutdown()
    del registry


def notification(organization_id: str, event_id: str = "event-1") -> bytes:
    """Return a minified notification."""
    metadata = {
        "eventId": event_id,
        "subscriptionId": "subscription-1",
        "organizationId": organization_id,
        "eventType": "bill.created",
        "version": "1",
    }
    shown = {"metadata": metadata, "bill": {"id": "00n02TESTBILLXX00001"}}
    return json.dumps(shown, separators=(",", ":")).encode()


def subscribe(bill: SandboxServer, url: str) -> tuple[str, dict[str, str], str]:
    """Subscribe in BILL; return the subscription's address, a session and the key."""
    login = {
        "username": bill.token_name,
        "password": bill.token_password,
        "organizationId": bill.organization_id,
        "devKey": bill.dev_key,
    }
    answer = requests.post(f"{bill.api_url}/v3/login", json=login, timeout=9)
    session = {"sessionId": answer.json()["sessionId"], "devKey": bill.dev_key}
    wanted = {
        "name": "ledger",
        "status": {"enabled": True},
        "events": [{"type": one, "version": "1"} for one in EVENTS],
        "notificationUrl": url,
    }
    made = requests.post(
        f"{bill.webhook_url}/v3/subscriptions",
        json=wanted,
        headers=session | {"X-Idempotent-Key": str(uuid.uuid4())},
        timeout=9,
    ).json()
    address = f"{bill.webhook_url}/v3/subscriptions/{made['id']}"
    return address, session, made["securityKey"]


def enter_bill(bill: SandboxServer) -> None:
    """Let somebody enter a bill, and wait until BILL has told of it."""
    vendor = bill.act("create_vendor", name="Quillon")["id"]
    bill.act("create_bill", vendor=vendor, amount="10.00")
    assert bill.webhooks.deliverer.settled()


@pytest.fixture
def dagster() -> Iterator[dg.DagsterInstance]:
    """A Dagster that remembers nothing."""
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def tick(instance: dg.DagsterInstance) -> list[str | None]:
    """Let the sensor look once; return the connections it asks runs for."""
    context = dg.build_sensor_context(instance=instance)
    answers: Any = on_bill_notification(context)
    return [one.partition_key for one in answers if isinstance(one, dg.RunRequest)]


def test_a_bill_entered_in_bill_starts_a_run(
    bill: SandboxServer,
    registry: Registry,
    listening: Listening,
    dagster: dg.DagsterInstance,
) -> None:
    """From the signed delivery to one run request for that connection, and no more."""
    _, _, key = subscribe(bill, listening.url)
    registry.save_webhook_key("acme", key)
    assert tick(dagster) == []
    enter_bill(bill)

    assert tick(dagster) == ["acme"]
    assert dagster.get_dynamic_partitions("connection") == ["acme"]
    assert tick(dagster) == []
    assert listening.said == ["acme: a notification"]


@pytest.mark.parametrize(
    ("ages", "asked"), [((58, 40, 20), []), ((61, 40, 20), ["acme"])]
)
def test_a_run_waits_a_minute_after_the_first_notification(
    bill: SandboxServer,
    listening: Listening,
    dagster: dg.DagsterInstance,
    ages: tuple[int, ...],
    asked: list[str],
) -> None:
    """Several within it ask for one run, counted from the first of them."""
    now = datetime.now(UTC)
    for age in ages:
        listening.clock[0] = now - timedelta(seconds=age)
        listening.post(notification(bill.organization_id, f"event-{age}"))

    assert listening.nudges.pending_since() == now - timedelta(seconds=ages[0])
    assert tick(dagster) == asked


def test_a_repeated_notification_is_not_a_second_one(
    bill: SandboxServer, listening: Listening, dagster: dg.DagsterInstance
) -> None:
    """It is answered with 200 and starts nothing, even after the run was asked for."""
    body = notification(bill.organization_id)
    first = listening.post(body)
    assert tick(dagster) == ["acme"]
    again = listening.post(body)

    assert (first.status_code, again.status_code) == (200, 200)
    assert listening.nudges.pending_since() is None
    assert listening.said == ["acme: a notification", "acme: a repeated notification"]


def test_bill_may_send_twice_and_out_of_order(
    bill: SandboxServer, registry: Registry, listening: Listening
) -> None:
    """Each event counts once."""
    _, _, key = subscribe(bill, listening.url)
    registry.save_webhook_key("acme", key)
    bill.webhooks.deliverer.arm("duplicate")
    enter_bill(bill)

    assert sorted(listening.said) == [
        "acme: a notification",
        "acme: a repeated notification",
    ]


def test_a_wrong_signature_is_refused(
    bill: SandboxServer, listening: Listening
) -> None:
    """Another key, none at all, a changed body: 401, and nothing is noted."""
    body = notification(bill.organization_id)
    answers = [
        listening.post(body, key="another-key"),
        listening.post(body, **{SIGNATURE: ""}),
        listening.post(body + b" ", **{SIGNATURE: signature(body, KEY)}),
        listening.post(body, **{SIGNATURE: "\xe9"}),
    ]

    assert [answer.status_code for answer in answers] == [401] * 4
    assert listening.nudges.pending_since() is None
    assert set(listening.said) == {"refused a request: 401 Unauthorized"}


def test_a_rotated_key_counts_at_once(
    bill: SandboxServer, registry: Registry, listening: Listening
) -> None:
    """Until the new key is stored BILL is refused; then the same receiver takes it."""
    address, session, key = subscribe(bill, listening.url)
    registry.save_webhook_key("acme", key)
    rotated = requests.post(f"{address}/security-key", headers=session, timeout=9)
    requests.post(f"{address}/test", headers=session, timeout=9)
    assert bill.webhooks.deliverer.settled()
    assert listening.nudges.pending_since() is None

    registry.save_webhook_key("acme", rotated.json()["securityKey"])
    requests.post(f"{address}/test", headers=session, timeout=9)
    assert bill.webhooks.deliverer.settled()
    assert listening.nudges.pending_since() is not None


def test_another_organization_is_refused_without_a_word(listening: Listening) -> None:
    """403 with an empty body; what was sent is repeated nowhere."""
    answer = listening.post(notification("00802SOMEBODYELSE0001"))

    assert (answer.status_code, answer.content) == (403, b"")
    assert "SOMEBODY" not in str(answer.headers)
    assert listening.said == ["refused a request: 403 Forbidden"]
    assert listening.nudges.pending_since() is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"no json", 400),
        (b"[1]", 400),
        (b'{"metadata":{"eventId":"","eventType":"a","organizationId":"b"}}', 400),
        (b'{"metadata":{"eventId":7,"eventType":"a","organizationId":"b"}}', 400),
        (b"[" * 200_000, 400),
        (b" " * (LARGEST_BODY + 1), 413),
    ],
)
def test_what_is_no_notification_is_refused(
    listening: Listening, body: bytes, status: int
) -> None:
    """Even rightly signed: other JSON, no ids, more than a mebibyte."""
    assert listening.post(body).status_code == status
    assert listening.nudges.pending_since() is None


def test_only_a_post_to_a_known_path_is_taken(
    bill: SandboxServer, listening: Listening
) -> None:
    """Other paths 404, other methods 405, no stated length 411; never a body."""
    body = notification(bill.organization_id)
    host = listening.url.split("/")[2]
    connection = http.client.HTTPConnection(host, timeout=9)
    connection.putrequest("POST", "/acme")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()  # the refusal may come before the body is sent
    answers = [
        listening.post(body, path="/secret-path"),
        requests.get(listening.url, timeout=9),
        requests.request("BREW", listening.url, timeout=9),
    ]

    assert connection.getresponse().status == 411
    assert [answer.status_code for answer in answers] == [404, 405, 501]
    assert [answer.content for answer in answers] == [b""] * 3
    assert not any("secret-path" in line for line in listening.said)


def test_json_escaped_into_text_is_read_too(
    bill: SandboxServer, registry: Registry, listening: Listening
) -> None:
    """BILL's rules speak of it, its samples do not show it."""
    _, _, key = subscribe(bill, listening.url)
    registry.save_webhook_key("acme", key)
    bill.webhooks.escaped = True
    enter_bill(bill)

    assert listening.said == ["acme: a notification"]


@pytest.mark.parametrize("state", ["paused", "needs_reconnection", "error"])
def test_only_a_connected_connection_is_run(
    home: Home,
    bill: SandboxServer,
    listening: Listening,
    dagster: dg.DagsterInstance,
    state: str,
) -> None:
    """The nudge waits until the connection is connected again."""
    listening.post(notification(bill.organization_id))
    store = Store(home.connection("acme").store)
    store.set_state(State(state, "", "", None, None))
    assert tick(dagster) == []

    store.set_state(State("connected", "", "", None, None))
    assert tick(dagster) == ["acme"]


def test_a_run_that_goes_on_is_waited_for(
    home: Home,
    bill: SandboxServer,
    listening: Listening,
    dagster: dg.DagsterInstance,
) -> None:
    """One of the command line, or one that Dagster has queued; then it counts."""
    listening.post(notification(bill.organization_id))
    with exclusive(home.connection("acme").lock):
        assert tick(dagster) == []
    run = dagster.add_run(run_of("acme", dg.DagsterRunStatus.QUEUED))
    assert tick(dagster) == []

    dagster.delete_run(run.run_id)
    assert tick(dagster) == ["acme"]


def test_an_event_id_is_remembered_for_thirty_days(home: Home) -> None:
    """Within them it is a repetition, after them it would be new."""
    nudges = Nudges(home.connection("acme").store)
    first = datetime(2026, 6, 1, tzinfo=UTC)
    days = (0, 29, 31)

    assert [
        nudges.note("event-1", "bill.created", first + timedelta(days=day))
        for day in days
    ] == [True, False, True]


def test_the_store_may_begin_with_a_nudge(home: Home) -> None:
    """Nudges and decisions share a file, whichever comes first."""
    folder = home.connection("acme")
    Nudges(folder.store).note("event-1", "bill.created", datetime.now(UTC))

    assert Store(folder.store).decisions("exclusions") == []
    assert Nudges(folder.store).pending_since() is not None


def test_a_key_is_typed_stored_and_kept(
    registry: Registry, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From stdin to secrets.toml; a new credential keeps it, a variable outranks it."""
    result = CliRunner().invoke(
        app, ["webhook", "acme", "--set-key"], input="key-from-stdin\n"
    )
    assert result.exit_code == 0, result.output
    registry.save(registry.get("acme"), registry.credentials("acme"))

    assert registry.webhook_key("acme") == "key-from-stdin"
    assert "key-from-stdin" not in result.output
    assert "key-from-stdin" not in home.connections.read_text()
    assert home.secrets.stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("BILL_ACME_WEBHOOK_KEY", "key-from-outside")
    assert registry.webhook_key("acme") == "key-from-outside"


def test_without_a_key_nothing_is_listened_for(registry: Registry) -> None:
    """The message says where the key comes from; an empty one is refused."""
    registry.save_webhook_key("acme", "")
    with pytest.raises(UsageError, match="--set-key"):
        with_keys(registry, "acme")
    for words in (["webhook", "--set-key"], ["webhook", "acme", "--set-key"]):
        result = CliRunner().invoke(app, words, input="\n")
        assert isinstance(result.exception, UsageError)


@pytest.mark.slow
def test_the_command_receives_until_it_is_terminated(
    bill: SandboxServer, registry: Registry, home: Home, shell: Shell
) -> None:
    """It says where it listens, notes a nudge, exits 0; no secret is anywhere."""
    with _command(shell) as (process, url):
        _, _, key = subscribe(bill, url)
        registry.save_webhook_key("acme", key)
        enter_bill(bill)
        process.terminate()
        assert process.wait(timeout=20) == 0

    said = (shell.folder / "webhook.log").read_text()
    assert "acme: a notification" in said
    assert Nudges(home.connection("acme").store).pending_since() is not None
    for path in shell.folder.rglob("*"):
        if path.is_file() and path != home.secrets:
            content = path.read_bytes()
            for secret in (key, KEY, bill.token_password, bill.dev_key):
                assert secret.encode() not in content, path


@contextmanager
def _command(shell: Shell) -> Iterator[tuple[Any, str]]:
    """Start ``bill-ledger webhook`` and wait until it listens."""
    with shell.serve("webhook", "--port", "0") as process:
        log = shell.folder / "webhook.log"
        deadline = time.monotonic() + 30
        while "listening at" not in log.read_text():
            assert time.monotonic() < deadline, log.read_text()
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
        yield process, log.read_text().split("listening at ")[1].split(". ")[0]
