"""One client's bad state stops nobody else, and says what is wrong with that one."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from inbox import open_inbox
from shell import Shell

from orchestration.alerts import alert, alert_quietly
from orchestration.automation import on_bill_notification, refresh_ledger_hourly
from orchestration.connections import Connection, Credentials, Registry
from orchestration.failures import StoreError, UsageError
from orchestration.firm import refresh_firm
from orchestration.nudges import Nudges
from orchestration.settings import Home
from orchestration.states import States
from orchestration.store import Store, opened
from orchestration.webhooks import with_keys

TICK = datetime(2026, 11, 22, 9, tzinfo=UTC)
LONG_AGO = datetime.now(UTC) - timedelta(hours=1)
Harm = Callable[[Home, str], None]


def overwrite(home: Home, name: str) -> None:
    """Let a disk lose the file."""
    home.connection(name).store.write_bytes(b"not a database " * 1000)


def tear(home: Home, name: str) -> None:
    """Let a copy end early: the file begins well."""
    store = home.connection(name).store
    store.write_bytes(store.read_bytes()[:8192])


def outgrow(home: Home, name: str) -> None:
    """Let a newer version write the file."""
    with sqlite3.connect(home.connection(name).store) as newer:
        newer.execute("pragma user_version = 1000")


def mistype(home: Home, name: str) -> None:
    """Let a person mistype a setting."""
    text = home.connections.read_text()
    home.connections.write_text(text.replace(f"[{name}]\n", f"[{name}]\nzone = 7\n"))


@pytest.fixture(
    params=[
        (overwrite, "Move it aside, do not delete it"),
        (tear, "Move it aside, do not delete it"),
        (outgrow, "a newer bill-ledger wrote it"),
        (mistype, "connections.toml"),
    ],
    ids=lambda param: param[0].__name__,
)
def harm(request: pytest.FixtureRequest) -> tuple[Harm, str]:
    """What goes wrong, and words of what is said about it."""
    found: tuple[Harm, str] = request.param
    return found


@pytest.fixture
def cause(home: Home, harm: tuple[Harm, str]) -> str:
    """Connect two clients, break one, and give words of its cause."""
    for name in ("broken", "well"):
        Registry(home).save(Connection(name, "1"), Credentials("nightly", "pass", "k"))
        store = home.connection(name).store
        States(store).move("connected")
        Nudges(store).note("1", "bill.updated", LONG_AGO)
    harm[0](home, "broken")
    return harm[1]


@pytest.fixture
def dagster(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """A Dagster of the test's own."""
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        yield instance


def test_connections_shows_the_trouble_in_its_row(shell: Shell, cause: str) -> None:
    """The other is as it was; the broken one says what to do."""
    broken, well = json.loads(shell.done("connections", "--json"))
    table = shell.done("connections")

    assert (broken["name"], broken["state"]) == ("broken", "error")
    assert cause in broken["cause"]
    assert broken["next_action"].startswith("read the cause")
    assert (well["name"], well["state"], well["cause"]) == ("well", "connected", "")
    assert well["organization_id"] == "1"
    assert "well" in table


def test_the_schedule_asks_for_the_others(
    cause: str, dagster: dg.DagsterInstance, capsys: pytest.CaptureFixture[str]
) -> None:
    """The tick's log says which one was left out, and why."""
    context = dg.build_schedule_context(dagster, TICK)
    asked = list(refresh_ledger_hourly(context))
    said = capsys.readouterr().err

    assert [request.partition_key for request in asked] == ["well"]
    assert "broken is left out" in said
    assert cause in said


def test_the_sensor_asks_for_the_others(
    cause: str, dagster: dg.DagsterInstance, capsys: pytest.CaptureFixture[str]
) -> None:
    """The notification of the broken one waits until it can be read."""
    context = dg.build_sensor_context(dagster)
    answers = list(on_bill_notification(context))
    said = capsys.readouterr().err

    assert [request.partition_key for request in answers] == ["well"]
    assert "broken is left out" in said
    assert cause in said


def test_the_firm_view_has_both(home: Home, cause: str) -> None:
    """It is made anew; the broken one is in it with its cause."""
    assert refresh_firm(home)

    with duckdb.connect(str(home.firm), read_only=True) as view:
        rows = view.execute(
            "select connection, state, cause from connections order by 1"
        ).fetchall()
    assert rows == [("broken", "error", rows[0][2]), ("well", "connected", "")]
    assert cause in rows[0][2]


def test_the_receiver_listens_for_the_others(home: Home) -> None:
    """One whose settings cannot be read is refused by its name alone."""
    registry = Registry(home)
    for name in ("broken", "well"):
        registry.save(Connection(name, "1"), Credentials("nightly", "pass", "k"))
        registry.save_webhook_key(name, "key")
    mistype(home, "broken")

    assert with_keys(registry, None) == ["well"]
    with pytest.raises(UsageError, match="zone"):
        with_keys(registry, "broken")


@pytest.mark.slow
def test_a_sync_of_all_syncs_the_others(synced_alone: Shell) -> None:
    """The status is the worst of them, and the other's ledger is published."""
    home = synced_alone.home
    for name in ("mistyped", "torn"):
        Registry(home).save(Connection(name, "1"), Credentials("nightly", "pass", "k"))
        States(home.connection(name).store).move("connected")
    tear(home, "torn")
    mistype(home, "mistyped")

    result = synced_alone.run("sync", "--json")

    rows = {row["name"]: row for row in json.loads(result.stdout)}
    statuses = {name: row["exit_status"] for name, row in rows.items()}
    assert (result.returncode, statuses) == (1, {"acme": 0, "mistyped": 2, "torn": 1})
    assert "acme: published" in result.stderr
    assert "connections.toml" in rows["mistyped"]["message"]
    assert "Move it aside" in rows["torn"]["message"]


def test_the_trouble_is_told(
    home: Home, cause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing runs for it, so no run would tell: once a day, as of a failed sync."""
    with open_inbox() as inbox:
        monkeypatch.setenv("BILL_ALERT_WEBHOOK_URL", inbox.url)
        (sent,) = alert(home, "broken")
        assert alert(home, "broken") == []

    assert sent.kind == "failure"
    assert cause in sent.text


def test_a_damaged_store_stays_as_it_is(home: Home) -> None:
    """Whatever asks it says the same, a receiver of notifications too."""
    path = home.connection("broken").store
    Store(path).add_decisions("parties", [("k", "", "{}")], TICK)
    overwrite(home, "broken")
    before = path.read_bytes()

    for ask in (
        Store(path).state,
        Store(path).runs,
        Nudges(path).pending_since,
        Nudges(path).answer,
        lambda: States(path).move("failed", "why"),
    ):
        with pytest.raises(StoreError, match=re.escape(f"{path}: SQLite says")):
            ask()
    assert alert_quietly(home, "broken") == ""
    assert path.read_bytes() == before


def test_a_store_that_others_hold_is_not_called_damaged(home: Home) -> None:
    """There is nothing to restore: wait and run it again."""
    path = home.connection("acme").store
    Store(path).add_decisions("parties", [("k", "", "{}")], TICK)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("begin exclusive")

    with (
        pytest.raises(StoreError, match="run this again") as refused,
        opened(path, 0) as held,
    ):
        held.execute("select count(*) from decisions")

    holder.close()
    assert "Move it aside" not in str(refused.value)
