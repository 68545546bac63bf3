"""Who may see the app: this machine, or who knows the password."""

import threading
from collections.abc import Callable, Iterator

import pytest
from made_ledger import connected
from streamlit import config
from streamlit.testing.v1 import AppTest

from orchestration.app.server.gate import patience
from orchestration.app.server.launch import MAIN, is_loopback, serve_app
from orchestration.app.server.password import Password, Patience
from orchestration.decision_kinds import KINDS
from orchestration.decisions import decide
from orchestration.failures import UsageError
from orchestration.settings import Home
from orchestration.store import Store, instant_from

SECRET = "correct horse"
Main = Callable[[], AppTest]


@pytest.fixture
def main(home: Home) -> Iterator[Main]:
    """The whole app, at an address that only this machine reaches."""
    home.create()
    patience.clear()
    before = config.get_option("server.address")
    config.set_option("server.address", "127.0.0.1")
    yield lambda: AppTest.from_file(str(MAIN), default_timeout=60).run()
    config.set_option("server.address", before)


def test_this_machine_needs_no_password(main: Main) -> None:
    """The first page is there."""
    page = main()
    assert not page.exception
    assert [one.value for one in page.title] == ["Connections"]


def test_an_open_address_without_a_password_shows_nothing(main: Main) -> None:
    """Also where Streamlit was started by hand."""
    config.set_option("server.address", "0.0.0.0")  # noqa: S104 - that is the point
    page = main()
    assert not page.title
    assert "no password is set" in page.error[0].value


def test_only_the_password_opens(main: Main, home: Home) -> None:
    """A wrong one shows no page, and the next try has to wait."""
    Password(home).store(SECRET)
    page = main()
    assert not page.title
    page.text_input(key="app_password").set_value("wrong").run()
    page.button[0].click().run()
    assert not page.title
    assert "Try again in" in page.error[0].value
    assert (
        "app_password" not in page.session_state
        or not page.session_state["app_password"]
    )
    patience().not_before = 0
    page.text_input(key="app_password").set_value(SECRET)
    page.button[0].click().run()

    assert [one.value for one in page.title] == ["Connections"]


def test_the_password_is_kept_as_a_hash(home: Home) -> None:
    """The file is its owner's alone and tells the password to nobody."""
    Password(home).store(SECRET)

    assert home.app_password.stat().st_mode & 0o777 == 0o600
    assert SECRET not in home.app_password.read_text()
    assert Password(home).is_right(SECRET)
    assert not Password(home).is_right(f"{SECRET} ")
    with pytest.raises(UsageError, match="10 characters"):
        Password(home).store("short")


def test_the_environment_wins(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for every secret."""
    Password(home).store(SECRET)
    monkeypatch.setenv("BILL_APP_PASSWORD", "another one")

    assert Password(home).is_right("another one")
    assert not Password(home).is_right(SECRET)


def test_guessing_becomes_slow(home: Home) -> None:
    """During a wait even the right password is not looked at."""
    Password(home).store(SECRET)
    one = Patience()
    assert not one.attempt(Password(home), "a")
    assert not one.attempt(Password(home), SECRET)
    waits = []
    for _ in range(7):
        one.not_before = 0.0
        one.attempt(Password(home), "b")
        waits.append(round(one.wait()))

    assert waits == [2, 4, 8, 16, 30, 30, 30]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104 - that is the point
        ("192.168.1.4", False),
        ("books.example.com", False),
        ("", False),
    ],
)
def test_loopback_is_known(host: str, expected: bool) -> None:  # noqa: FBT001
    """What may be reached from elsewhere counts as open."""
    assert is_loopback(host) is expected


def test_an_open_address_is_refused_without_a_password(home: Home) -> None:
    """The message says what to do; nothing was started."""
    said: list[str] = []
    with pytest.raises(UsageError, match="--set-password"):
        serve_app(home, "0.0.0.0", 8501, said.append)  # noqa: S104 - the point
    assert said == []


def test_no_decision_is_lost_among_many_people(home: Home) -> None:
    """Eight write at once, about the same lines; all of it is kept."""
    store = Store(connected(home).store)
    kind, now = KINDS["category_overrides"], instant_from("2026-06-15T18:00:00+00:00")

    def write(person: int) -> None:
        for number in range(10):
            row = {
                "source_entity": "bill",
                "document_id": f"00n{number}",
                "account_number": "6340",
                "decided_by": f"person {person}",
            }
            decide(store, kind, [row], now.replace(microsecond=person * 100 + number))

    people = [threading.Thread(target=write, args=(person,)) for person in range(8)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert len(store.decisions("category_overrides")) == 80
