"""Alerts: each condition is told once, with the fix, where a person asked for it."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from mailbox import open_mailbox

import pytest
from inbox import Inbox, open_inbox

from orchestration.alerts import alert, alert_quietly
from orchestration.channels import channels
from orchestration.connections import Connection, Credentials, Registry
from orchestration.failures import ExitStatus, UsageError
from orchestration.settings import Home
from orchestration.states import States
from orchestration.store import SyncRun, instant_text

SECRET = "do-not-tell"
DAY = timedelta(days=1)


@pytest.fixture
def acme(home: Home) -> States:
    """A connection that synced a moment ago."""
    registry = Registry(home)
    registry.save(Connection("acme", "008A"), Credentials("nightly", "p", "k"))
    states = States(home.connection("acme").store)
    states.move("succeeded", last_success=instant_text(datetime.now(UTC)))
    return states


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    """A webhook that is set in the environment."""
    with open_inbox() as inbox:
        monkeypatch.setenv("BILL_ALERT_WEBHOOK_URL", f"{inbox.url}?key={SECRET}")
        yield inbox


def kinds(inbox: Inbox) -> list[str]:
    """What kinds of alerts arrived."""
    return [json.loads(body)["kind"] for body in inbox.bodies]


def run(states: States, status: ExitStatus) -> None:
    """Record a run that ended so."""
    at = instant_text(datetime.now(UTC))
    states.add_run(SyncRun("r1", at, at, at, "failure", exit_status=int(status)))


@pytest.mark.parametrize(
    ("event", "status", "kind", "fix"),
    [
        ("failed", ExitStatus.FAILED, "failure", "bill-ledger sync acme"),
        ("failed", ExitStatus.NOT_PUBLISHED, "publication_blocked", "read the cause"),
        (
            "credential_refused",
            ExitStatus.CREDENTIAL_REFUSED,
            "reconnection_needed",
            "bill-ledger connect acme",
        ),
    ],
)
def test_each_condition_is_told_with_its_cause_and_fix(
    home: Home,
    acme: States,
    inbox: Inbox,
    event: str,
    status: ExitStatus,
    *,
    kind: str,
    fix: str,
) -> None:
    """The message is enough to act on."""
    run(acme, status)
    acme.move(event, "BILL said no.")
    alert(home, "acme")

    (body,) = inbox.bodies
    document = json.loads(body)
    assert document["kind"] == kind
    assert document["connection"] == "acme"
    assert document["text"].startswith("BILL said no.")
    assert fix in document["text"]


def test_a_condition_that_lasts_is_told_once_a_day(
    home: Home, acme: States, inbox: Inbox
) -> None:
    """Hourly failures make no hourly messages; the end is told once."""
    now = datetime.now(UTC)
    acme.move("credential_refused", "revoked")
    for hours in (0, 1, 23, 24, 25):
        acme.move("failed", last_success=instant_text(now + timedelta(hours=hours)))
        alert(home, "acme", now + timedelta(hours=hours))
    assert kinds(inbox) == ["reconnection_needed"] * 2

    acme.move("connected")
    alert(home, "acme", now + timedelta(hours=26))
    alert(home, "acme", now + timedelta(hours=27))
    assert kinds(inbox)[2:] == ["recovered"]


def test_silence_is_told_and_a_pause_is_not_silence(
    home: Home, acme: States, inbox: Inbox
) -> None:
    """Nothing synced for longer than stale_hours, and nobody wanted that."""
    now = datetime.now(UTC)
    alert(home, "acme", now + timedelta(hours=23))
    assert kinds(inbox) == []

    acme.move("paused", "by a person")
    alert(home, "acme", now + 3 * DAY)
    assert kinds(inbox) == []

    acme.move("resumed")
    alert(home, "acme", now + 3 * DAY)
    assert kinds(inbox) == ["stale"]
    assert "refresh_ledger_hourly" in inbox.bodies[0].decode()


def test_a_pause_is_no_recovery(home: Home, acme: States, inbox: Inbox) -> None:
    """What was told still holds when it is resumed, and is told again a day later."""
    now = datetime.now(UTC)
    acme.move("credential_refused", "The token was revoked.")
    alert(home, "acme", now)
    acme.move("paused", "by a person")
    alert(home, "acme", now)
    acme.move("resumed")
    alert(home, "acme", now)
    assert kinds(inbox) == ["reconnection_needed"]

    alert(home, "acme", now + DAY)
    assert kinds(inbox)[:2] == ["reconnection_needed"] * 2


def test_what_did_not_arrive_is_sent_again(
    home: Home, acme: States, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    """A webhook that was down gets it at the next run; its address is not logged."""
    inbox.statuses = [503, 302, 200]
    acme.move("failed", "no network")
    with caplog.at_level(logging.DEBUG, "orchestration"):
        sent = [len(alert(home, "acme")) for _ in range(4)]

    assert sent == [0, 0, 1, 0]
    assert len(inbox.bodies) == 3
    assert "did not reach webhook" in caplog.text
    assert SECRET not in caplog.text
    assert SECRET not in repr(channels(home))


def test_mail_and_slack_say_the_same(home: Home, acme: States) -> None:
    """Both are set in secrets.toml; what BILL names is text, never a link."""
    with open_inbox() as slack, open_mailbox() as (mail, messages):
        home.secrets.write_text(
            f'[alerts]\nslack_url = "{slack.url}"\nsmtp_url = "{mail}"\n'
            'email_from = "ledger@example.com"\nemail_to = "a@example.com, b@x.org"\n'
        )
        acme.move("failed", "List <bills> & co failed.")
        alert(home, "acme")

    (message,) = messages
    assert message["Subject"] == "bill-ledger: acme: the sync failed"
    assert message["To"] == "a@example.com, b@x.org"
    assert "List <bills> & co failed." in str(message.get_payload())
    (posted,) = slack.bodies
    assert "List &lt;bills&gt; &amp; co failed." in json.loads(posted)["text"]


def test_nothing_is_sent_unless_asked_for(home: Home, acme: States) -> None:
    """No channel, no message, nothing noted."""
    acme.move("failed", "no network")

    assert alert(home, "acme") == []
    assert channels(home).names == []


@pytest.mark.parametrize(
    "text",
    [
        'webhook_url = "http://example.com/do-not-tell"',
        'smtp_url = "http://user:do-not-tell@example.com"',
        'smtp_url = "smtps://user:do-not-tell@example.com"',
        'webhook_url = "https://example.com:do-not-tell"',
        'stale_hours = "do-not-tell"',
        'colour = "do-not-tell"',
    ],
)
def test_unsafe_or_unknown_settings_are_refused_without_showing_them(
    home: Home, acme: States, text: str
) -> None:
    """A run goes on; the command says what is wrong."""
    acme.move("failed", "no network")
    home.secrets.write_text(f"[alerts]\n{text}\n")

    with pytest.raises(UsageError) as refused:
        channels(home)
    assert SECRET not in str(refused.value)
    assert str(refused.value) in alert_quietly(home, "acme")


@pytest.mark.slow
def test_the_sensor_watches_every_connection(acme: States, inbox: Inbox) -> None:
    """It tells what no run told, and starts none."""
    import dagster as dg

    from orchestration.automation import on_silence

    acme.move("failed", "no network")
    with dg.DagsterInstance.ephemeral() as instance:
        found = on_silence(dg.build_sensor_context(instance=instance))

    assert isinstance(found, dg.SkipReason)
    assert kinds(inbox) == ["failure"]
