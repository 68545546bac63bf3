"""Page Connections: a credential is tested, kept or refused; pausing and resuming."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from bill_source.sandbox import SandboxServer
from orchestration.app import connect_form
from orchestration.connections import Registry
from orchestration.settings import ConnectionFolder, Home
from orchestration.store import Store

Draw = Callable[[str], AppTest]


def button(page: AppTest, label: str) -> Button:
    """The button with that label."""
    return next(one for one in page.button if one.label == label)


@pytest.fixture
def bill(bill: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> SandboxServer:
    """The bundled BILL in the place of BILL's own sandbox."""
    monkeypatch.setattr(connect_form, "SANDBOX_URL", bill.api_url)
    return bill


def fill(page: AppTest, bill: SandboxServer, password: str) -> None:
    """Fill the form in and press its button."""
    values = {
        "name": "acme",
        "organization": bill.organization_id,
        "token": bill.token_name,
        "password": password,
        "dev_key": bill.dev_key,
    }
    for name, value in values.items():
        page.text_input(key=f"connect_{name}").set_value(value)
    page.selectbox(key="connect_url").select_index(1)
    button(page, "Test and connect").click().run()


def secrets(page: AppTest) -> list[str]:
    """What the page still holds of the two secrets."""
    return [
        str(page.session_state[f"connect_{name}"]) for name in ("password", "dev_key")
    ]


def test_a_refused_credential_is_told_and_not_kept(
    home: Home, bill: SandboxServer, draw: Draw
) -> None:
    """The error is the command line's; neither secret stays in the session."""
    home.create()
    page = draw("connections")
    assert page.info[0].value.startswith("No BILL account is connected yet")
    fill(page, bill, "wrong")

    assert not page.exception
    assert "token" in page.error[0].value
    assert secrets(page) == ["", ""]
    assert Registry(home).names() == []


def test_a_good_credential_is_kept(home: Home, bill: SandboxServer, draw: Draw) -> None:
    """The connection is there, chosen, and can be synced."""
    home.create()
    page = draw("connections")
    fill(page, bill, bill.token_password)

    assert not page.exception
    assert not page.error
    assert secrets(page) == ["", ""]
    assert Registry(home).credentials("acme").token_password == bill.token_password
    assert not button(page, "Sync now").disabled
    assert bill.token_password not in str(page.main)


def test_what_is_missing_is_named(home: Home, draw: Draw) -> None:
    """Nothing is sent to BILL before the form is complete."""
    home.create()
    page = draw("connections")
    page.text_input(key="connect_name").set_value("acme")
    button(page, "Test and connect").click().run()

    assert "organization id" in page.error[0].value
    assert "the name" not in page.error[0].value


def test_a_connection_is_paused_and_resumed(
    folder: ConnectionFolder, draw: Draw
) -> None:
    """Paused, it offers no sync; the state is the command line's."""
    page = draw("connections")
    button(page, "Pause").click().run()
    assert Store(folder.store).state().state == "paused"
    assert "Sync now" not in [one.label for one in page.button]
    button(page, "Resume").click().run()

    assert Store(folder.store).state().state == "connected"
    assert "Sync now" in [one.label for one in page.button]


def test_a_damaged_store_is_shown_with_what_to_do(
    home: Home, folder: ConnectionFolder, draw: Draw
) -> None:
    """The page is drawn, and what cannot be noted says so; so with its settings."""
    folder.store.write_bytes(b"not a database " * 1000)
    home.connections.write_text("[acme]\nzone = 7\n")
    page = draw("connections")

    assert not page.exception
    assert "Move it aside" in page.warning[0].value
    assert "There is no setting zone" in page.warning[0].value

    button(page, "Pause").click().run()
    assert not page.exception
    assert "Move it aside" in page.error[0].value


@pytest.mark.parametrize("event", ["credential_refused", "failed"])
def test_a_cause_is_shown_with_what_to_do(
    folder: ConnectionFolder, draw: Draw, event: str
) -> None:
    """Why a connection does not work, and the next step, in words."""
    from orchestration.states import States

    States(folder.store).move("connected")
    States(folder.store).move(event, "BILL said *no*.")
    page = draw("connections")

    assert page.warning[0].value == r"BILL said \*no\*\."
    action = "Connect again" if event == "credential_refused" else "Read the cause"
    assert any(one.value.startswith(action) for one in page.text)
