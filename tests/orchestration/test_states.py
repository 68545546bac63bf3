"""A connection's state moves as the table says, and its data stays one company's."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import duckdb
import pytest

from orchestration.connections import Connection, Credentials, Registry
from orchestration.failures import LedgerError, StoreError
from orchestration.settings import Home
from orchestration.states import MOVES, STATES, States, rests
from orchestration.store import VERSIONS, Store, SyncRun, instant_text
from orchestration.warehouse import write_categories

ACME = Connection("acme", "00801AAAAAAAAAA00001", include=("documents",))


@pytest.fixture
def states(home: Home) -> States:
    """The state of a connection nothing has happened to."""
    return States(home.connection("acme").store)


def arrive(states: States, state: str) -> None:
    """Bring a connection into a state."""
    for event in {
        "connected": ["connected"],
        "needs_reconnection": ["credential_refused"],
        "paused": ["paused"],
        "error": ["failed"],
    }[state]:
        states.move(event, f"why {state}")
    assert states.state().state == state


@pytest.mark.parametrize("event", MOVES)
@pytest.mark.parametrize("before", STATES)
def test_an_event_moves_a_connection_as_the_table_says(
    states: States, before: str, event: str
) -> None:
    """What the table leaves out keeps state, cause and since."""
    arrive(states, before)
    was = states.state()

    now = states.move(event, "news")

    assert now == states.state()
    if before in MOVES[event]:
        cause = "" if event == "resumed" else "news"
        assert (now.state, now.cause) == (MOVES[event][before], cause)
    else:
        assert now == was


@pytest.mark.parametrize("before", ["needs_reconnection", "error", "connected"])
def test_a_resumed_connection_is_what_it_was(states: States, before: str) -> None:
    """State, cause and since; pausing twice hides no more."""
    arrive(states, before)
    was = states.state()
    states.move("paused", "by a person")
    states.move("paused", "by another person")

    assert states.state().state == "paused"
    assert states.move("resumed") == states.state() == was


def test_what_happens_in_a_pause_is_known_after_it(states: States) -> None:
    """A run was going on when a person paused: its end counts, the pause stays."""
    states.move("connected")
    states.move("paused", "by a person")
    states.move("credential_refused", "The token was revoked.")
    assert states.state().cause == "by a person"

    resumed = states.move("resumed")

    assert resumed.state == "needs_reconnection"
    assert resumed.cause == "The token was revoked."


def test_a_pause_of_an_older_version_ends_as_connected(states: States) -> None:
    """It did not keep what it hid."""
    states.move("paused", "by a person")
    with sqlite3.connect(states.path) as older:
        older.execute("delete from before_pause")

    assert states.move("resumed").state == "connected"


def test_a_refused_credential_is_not_tried_because_of_a_pause(
    home: Home, states: States
) -> None:
    """Resumed, it rests as before; connected again, it does not."""
    registry = Registry(home)
    registry.save(ACME, credentials := Credentials("nightly", "old", "key"))
    states.move("credential_refused", "revoked")
    states.refuse(credentials.fingerprint())
    states.move("paused", "by a person")
    states.move("resumed")
    assert rests(home, "acme")

    states.move("paused", "by a person")
    assert states.move("connected").state == "connected"
    assert not rests(home, "acme")


def test_a_state_that_lasts_keeps_when_it_began(states: States) -> None:
    """A second failure has a new cause and the old since."""
    first = states.move("failed", "no network")
    second = states.move("failed", "still no network")

    assert (second.cause, second.since) == ("still no network", first.since)
    assert states.move("succeeded", last_success="2026-01-01").since > first.since


def test_a_network_that_fails_does_not_hide_a_refused_token(states: States) -> None:
    """What to do stays: connect again."""
    states.move("credential_refused", "The token was revoked.")

    assert states.move("failed", "no network").cause == "The token was revoked."


def test_a_run_that_ends_well_does_not_end_a_pause(states: States) -> None:
    """A person paused the connection while a run was going on."""
    states.move("paused", "by a person")
    after = states.move("succeeded", last_success="2026-01-01T00:00:00.000000Z")

    assert after.state == "paused"
    assert after.last_success == "2026-01-01T00:00:00.000000Z"


def test_data_remembers_whose_it_is_and_how_it_was_kept(states: States) -> None:
    """Settings come back whole, newer ones replace them."""
    assert states.owner() is None
    states.claim(ACME)
    states.claim(moved := replace(ACME, timezone="Europe/Paris"))

    assert states.owner() == moved


def test_data_of_one_organization_is_never_mixed_with_anothers(states: States) -> None:
    """The refusal names both, and nothing is noted."""
    states.claim(ACME)

    with pytest.raises(LedgerError, match="00801AAAAAAAAAA00001") as refused:
        states.claim(replace(ACME, organization_id="00802BBBBBBBBBB00002"))
    assert "00802BBBBBBBBBB00002" in str(refused.value)
    assert states.owner() == ACME


def test_settings_of_a_newer_version_are_named(states: States) -> None:
    """Whose data it is says more than this version knows."""
    states.claim(ACME)
    with sqlite3.connect(states.path) as newer:
        newer.execute("update owner set settings = json_set(settings, '$.colour', 1)")

    with pytest.raises(StoreError, match="this one has not: colour") as refused:
        states.claim(ACME)
    assert str(states.path) in str(refused.value)


def test_a_state_file_of_a_newer_version_is_left_alone(states: States) -> None:
    """The message says what to do; the file keeps its version."""
    states.claim(ACME)
    with sqlite3.connect(states.path) as newer:
        newer.execute("pragma user_version = 1000")

    with pytest.raises(LedgerError, match="a newer bill-ledger wrote it"):
        states.state()
    with sqlite3.connect(states.path) as file:
        assert file.execute("pragma user_version").fetchall() == [(1000,)]


def test_an_older_state_file_is_brought_forward(home: Home) -> None:
    """What the first version of the file held is there, with newer columns."""
    path = home.connection("acme").store
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as older:
        older.executescript(VERSIONS[0])
        older.execute(
            "insert into sync_runs values ('r', 'a', 's', 'f', 'failure', 1, 2, 3, 'm')"
        )
        older.execute("pragma user_version = 1")

    (run,) = States(path).runs()
    assert (run["run_id"], run["message"], run["exit_status"]) == ("r", "m", 1)
    with sqlite3.connect(path) as file:
        assert file.execute("pragma user_version").fetchall() == [(len(VERSIONS),)]


def test_answers_of_an_older_version_have_no_reasons_yet(home: Home) -> None:
    """They are there in full, and what was not asked for then is NULL."""
    folder = home.connection("acme")
    folder.store.parent.mkdir(parents=True)
    with sqlite3.connect(folder.store) as older:
        older.executescript(VERSIONS[0])
        older.execute(
            "insert into line_categories values (1, 'o', 'bill', 'b', 'l', '6300',"
            " '0.9', 'model', 'why', '6300', null, null, '3', '2026-01-01T00:00:00Z')"
        )
        older.execute("pragma user_version = 1")
    with duckdb.connect(str(folder.warehouse)) as warehouse:
        warehouse.execute("create schema categorizer")
        warehouse.execute(
            "create table categorizer.line_categories"
            " (decision_id bigint, org_id varchar)"
        )

        assert write_categories(warehouse, Store(folder.store)) == 1
        rows = warehouse.execute(
            "select account_number, confidence, deciding_level, is_usual_amount"
            " from categorizer.line_categories"
        ).fetchall()

    assert rows == [("6300", Decimal("0.9000"), None, None)]


def test_a_refused_credential_rests_until_another_is_there(
    home: Home, states: States, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new one by `connect` or in the environment is tried by whatever runs itself."""
    registry = Registry(home)
    registry.save(ACME, credentials := Credentials("nightly", "old", "key"))
    assert not rests(home, "acme")

    states.move("credential_refused", "revoked")
    assert rests(home, "acme")
    states.refuse(credentials.fingerprint())
    assert rests(home, "acme")

    monkeypatch.setenv("BILL_ACME_TOKEN_PASSWORD", "new")
    assert not rests(home, "acme")
    states.move("paused", "by a person")
    assert rests(home, "acme")


def test_a_fingerprint_holds_no_secret() -> None:
    """It differs for each part of the credential."""
    parts = ("nightly", "password-1", "dev-key-1", "spend-1")
    whole = Credentials(*parts).fingerprint()
    others = [Credentials(*parts[:n], "x", *parts[n + 1 :]) for n in range(4)]

    assert len({whole, *(other.fingerprint() for other in others)}) == 5
    assert not any(part in whole for part in parts)


def test_the_newest_run_and_the_calls_of_a_time_are_known(states: States) -> None:
    """Both are asked of the file, however long the history is."""
    assert (states.newest_run(), states.calls_since(datetime.now(UTC))) == ({}, 0)
    days = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 3, 2)]
    for day in days:
        at = instant_text(day)
        states.add_run(SyncRun(f"r{day.day}", at, at, at, "success", api_calls=day.day))

    assert states.newest_run()["run_id"] == "r3"
    assert states.calls_since(days[2]) == 5
