"""Disconnecting takes the credential, and the data only where a person says so."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from inbox import open_inbox
from shell import Shell

from bill_source.sandbox import SandboxServer
from orchestration.connections import Registry
from orchestration.locks import exclusive
from orchestration.states import States

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def original(shared_shell: Shell, bill: SandboxServer) -> Shell:
    """A connection with a decision and data."""
    shell = shared_shell
    shell.connect(bill)
    exports = shell.home.connection("acme").exports
    exports.mkdir()
    (exports / "bills.parquet").write_bytes(b"x" * 1234)
    rows = Path(shell.folder / "exclusions.csv")
    rows.write_text("source_entity,document_id,reason,effective_at\nbill,b1,twice,\n")
    shell.done("decisions", "import", "acme", "exclusions", str(rows))
    return shell


@pytest.fixture
def connected(shell: Shell, original: Shell) -> Shell:
    """The same in a home folder of the test's own."""
    shutil.copytree(original.home.path, shell.home.path)
    return shell


def test_disconnecting_forgets_the_credential_and_keeps_the_data(
    connected: Shell, bill: SandboxServer
) -> None:
    """Secret, session and entry go; connecting again finds decisions and settings."""
    home = connected.home
    connected.done(
        *("connect", "acme", "--timezone", "Europe/Paris"),
        *("--organization-id", bill.organization_id),
        *("--token-name", bill.token_name, "--api-url", bill.api_url),
        BILL_TOKEN_PASSWORD=bill.token_password,
        BILL_DEV_KEY=bill.dev_key,
    )
    said = connected.done("disconnect", "acme")

    assert "the data stays" in said
    assert bill.token_password not in home.secrets.read_text()
    assert list(home.bill.glob("session-*")) == []
    assert connected.done("connections", "--json").strip() == "[]"

    connected.connect(bill)
    assert Registry(home).get("acme").timezone == "Europe/Paris"
    assert "b1" in connected.done("decisions", "list", "acme")


def test_what_would_go_is_shown_first(connected: Shell) -> None:
    """Without consent nothing goes, and the preview counts what a person would lose."""
    refused = connected.run("disconnect", "acme", "--delete-data")

    assert refused.returncode == 2
    assert "1 decision(s) of people" in refused.stdout
    assert "1,234" in refused.stdout
    assert "--yes" in refused.stderr
    assert Registry(connected.home).names() == ["acme"]
    assert connected.home.connection("acme").exports.exists()


def test_deleting_the_data_leaves_nothing(connected: Shell) -> None:
    """The folder is gone, and so is the name."""
    connected.done("disconnect", "acme", "--delete-data", "--yes")

    assert not connected.home.connection("acme").path.exists()
    assert connected.run("disconnect", "acme").returncode == 2


def test_kept_data_is_not_given_to_another_organization(
    connected: Shell, bill: SandboxServer
) -> None:
    """Not even after disconnecting; kept data can be deleted later."""
    connected.done("disconnect", "acme")
    other = "00899ZZZZZZZZZZ99999"
    refused = connected.run(
        *("connect", "acme", "--organization-id", other),
        *("--token-name", bill.token_name, "--api-url", bill.api_url),
        BILL_TOKEN_PASSWORD=bill.token_password,
        BILL_DEV_KEY=bill.dev_key,
    )

    assert refused.returncode == 2
    assert bill.organization_id in refused.stderr
    connected.done("disconnect", "acme", "--delete-data", "--yes")
    assert not connected.home.connection("acme").path.exists()


def test_an_entry_moved_to_another_organization_reads_nothing(
    connected: Shell, bill: SandboxServer
) -> None:
    """Somebody edited connections.toml: the sync fails before BILL is asked."""
    file = connected.home.connections
    text = file.read_text()
    file.write_text(text.replace(bill.organization_id, "00899ZZZZZZZZZZ99999"))
    before = bill.measurements.requests
    failed = connected.run("sync", "acme")

    assert failed.returncode == 1
    assert "holds the data of" in failed.stderr
    assert bill.measurements.requests == before


def test_a_connection_in_use_is_not_disconnected(connected: Shell) -> None:
    """A run holds its lock; the credential stays."""
    with exclusive(connected.home.connection("acme").lock):
        refused = connected.run("disconnect", "acme")

    assert refused.returncode == 1
    assert "Another run is using" in refused.stderr
    assert Registry(connected.home).names() == ["acme"]


def test_a_refused_credential_is_tried_again_only_by_name(
    connected: Shell, bill: SandboxServer
) -> None:
    """A sync of everything asks BILL nothing, exits 3 and says what to do."""
    store = connected.home.connection("acme").store
    States(store).move("credential_refused", "BILL refused the token.")
    before = bill.measurements.requests
    unasked = connected.run("sync")

    assert unasked.returncode == 3
    assert "BILL refused the token." in unasked.stderr
    assert "bill-ledger connect acme" in unasked.stderr
    assert bill.measurements.requests == before


def test_a_run_that_is_refused_is_told_at_once(connected: Shell) -> None:
    """The alert has the fix, and the firm view the state, when the command ends."""
    with open_inbox() as inbox:
        refused = connected.run(
            *("sync", "acme"),
            BILL_ACME_TOKEN_PASSWORD="revoked-value",
            BILL_ALERT_WEBHOOK_URL=inbox.url,
        )

    assert refused.returncode == 3
    (body,) = inbox.bodies
    assert json.loads(body)["kind"] == "reconnection_needed"
    assert "bill-ledger connect acme" in json.loads(body)["text"]
    assert b"revoked-value" not in body
    with duckdb.connect(str(connected.home.firm), read_only=True) as view:
        query = "select state, last_run_status from connections"
        assert view.execute(query).fetchall() == [("needs_reconnection", "failure")]
