"""Bad input: each mistake has its exit status, says what to do, and harms nothing."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest
from shell import Shell

from bill_source.sandbox import SandboxServer
from orchestration import connecting
from orchestration.connections import Registry
from orchestration.demo import live_a_day
from orchestration.failures import UsageError
from orchestration.settings import Home

pytestmark = pytest.mark.slow
CONNECT = ("connect", "beta", "--organization-id", "1", "--token-name", "t")


def words(text: str) -> str:
    """Return a message as one line."""
    return " ".join(text.split())


def connect(shell: Shell, bill: SandboxServer, **changed: str) -> tuple[int, str]:
    """Try to connect with something changed; return status and message."""
    given = {
        "organization_id": bill.organization_id,
        "token_name": bill.token_name,
        "password": bill.token_password,
        "dev_key": bill.dev_key,
        "api_url": bill.api_url,
        **changed,
    }
    result = shell.run(
        *("connect", "acme"),
        *("--organization-id", given["organization_id"]),
        *("--token-name", given["token_name"]),
        *("--api-url", given["api_url"]),
        BILL_TOKEN_PASSWORD=given["password"],
        BILL_DEV_KEY=given["dev_key"],
    )
    return result.returncode, words(result.stderr)


@pytest.mark.parametrize("wrong", ["password", "dev_key", "token_name"])
def test_a_refused_credential_is_not_stored(
    shell: Shell, bill: SandboxServer, wrong: str
) -> None:
    """Exit 3; no connection, no secret; BILL was asked twice at most."""
    before = bill.measurements.logins
    status, message = connect(shell, bill, **{wrong: "wrong-value"})

    assert status == 3, message
    assert "wrong-value" not in message
    assert "check the" in message.lower()
    assert bill.measurements.logins - before <= 2
    assert not shell.home.connections.exists()
    assert not shell.home.secrets.exists()


def test_a_refused_credential_keeps_the_old_one(
    shell: Shell, bill: SandboxServer
) -> None:
    """A typo when reconnecting does not cut the connection."""
    shell.connect(bill)
    before = shell.home.secrets.read_text()

    assert connect(shell, bill, password="wrong-value")[0] == 3
    assert shell.home.secrets.read_text() == before


def test_another_organization_is_refused(shell: Shell, bill: SandboxServer) -> None:
    """A connection never changes whose data it holds."""
    shell.connect(bill)
    status, message = connect(shell, bill, organization_id="00899ZZZZZZZZZZ99999")

    assert status == 2
    assert "Choose another name" in message


@pytest.mark.parametrize(
    ("url", "status"),
    [("http://bill.example.com/connect", 2), ("nonsense", 2), ("ftp://127.0.0.1", 2)],
)
def test_an_address_that_is_not_safe_is_refused(
    shell: Shell, bill: SandboxServer, url: str, status: int
) -> None:
    """Plain http is for this machine only."""
    assert connect(shell, bill, api_url=url)[0] == status


def test_an_unknown_connection_lists_the_known_ones(connected: Shell) -> None:
    """Every command that takes a name says which names there are."""
    for command in (["sync"], ["status"], ["review"], ["pause"], ["decisions", "list"]):
        result = connected.run(*command, "acne")
        assert result.returncode == 2, command
        assert "there are: acme" in words(result.stderr)


def test_without_a_connection_sync_says_where_to_start(shell: Shell) -> None:
    """An empty home folder is no error of ours."""
    result = shell.run("sync")

    assert result.returncode == 2
    assert "bill-ledger connect" in result.stderr


def test_a_malformed_registry_is_named(shell: Shell) -> None:
    """The file and the mending are in the message, no traceback."""
    shell.home.create().connections.write_text("acme = {")

    for command in (["sync"], ["connections"], ["status", "acme"]):
        result = shell.run(*command)
        assert result.returncode == 2, command
        assert "connections.toml is malformed" in words(result.stderr)
        assert "Traceback" not in result.stderr


def test_a_home_that_is_a_file_is_named(shell: Shell, bill: SandboxServer) -> None:
    """The message says which variable names another folder."""
    shell.home.path.write_text("")
    status, message = connect(shell, bill)

    assert status == 2
    assert "BILL_LEDGER_HOME" in message


def test_a_home_that_nothing_can_be_loaded_from_is_named(shell: Shell) -> None:
    """The loader puts the path into a statement, as it is."""
    result = shell.run("connections", BILL_LEDGER_HOME=f"{shell.folder}/o'brien")

    assert result.returncode == 2
    assert "apostrophe" in words(result.stderr)


def test_a_taken_port_is_said(shell: Shell) -> None:
    """Both servers name the port and the option that changes it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for command in ("ui", "sandbox"):
            result = shell.run(command, "--port", port)
            assert result.returncode == 1, command
            assert port in result.stderr
            assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["sync", "acme", "--now", "yesterday"],
        ["sync", "acme", "--now", "9999-12-31T23:59:59-12:00"],
        ["sandbox", "--port", "99999999"],
        ["decisions", "export", "acme", "category_rules", "/dev/null/rules.csv"],
        ["sync", "acme", "--entity", "cheques"],
        ["export", "acme", "xml", "out"],
        ["export", "acme", "hledger", "out", "--basis", "tax"],
        ["export", "acme", "csv", "out", "--basis", "cash"],
        ["decisions", "import", "acme", "opinions", "file.csv"],
        ["decisions", "import", "acme", "category_overrides", "missing.csv"],
        ["connect", "A/B", "--organization-id", "1", "--token-name", "t"],
        [*CONNECT, "--home-currency", "dollars"],
        ["nonsense"],
    ],
)
def test_bad_arguments_exit_2(connected: Shell, command: list[str]) -> None:
    """Usage errors change nothing and show no traceback."""
    result = connected.run(*command)

    assert result.returncode == 2, result.stderr
    assert "Traceback" not in result.stderr


def test_what_was_never_published_cannot_be_exported(connected: Shell) -> None:
    """Exit 1 says which command makes the ledger; no file is begun."""
    for kind in ("hledger", "beancount", "csv"):
        result = connected.run("export", "acme", kind, str(connected.folder / "book"))
        assert result.returncode == 1, kind
        assert "bill-ledger sync acme" in words(result.stderr)
    assert not (connected.folder / "book.part").exists()


def test_a_bill_that_goes_down_mid_sync_costs_nothing(
    synced_alone: Shell, bill: SandboxServer
) -> None:
    """Exit 1, the published ledger is the file it was, and the next sync mends it."""
    ledger = synced_alone.home.connection("acme").ledger
    before = ledger.read_bytes()
    bill.advance_days(2)
    bill.faults.down(after_requests=5)

    result = synced_alone.run("sync", "acme")

    assert result.returncode == 1
    assert "run the sync again" in words(result.stderr).lower()
    assert ledger.read_bytes() == before
    bill.faults.clear()
    assert synced_alone.sync()["versions_appended"] > 0


def test_a_token_that_is_revoked_needs_reconnection(connected: Shell) -> None:
    """Exit 3, and the connection's state says what to do."""
    result = connected.run("sync", "acme", BILL_ACME_TOKEN_PASSWORD="revoked-value")

    assert result.returncode == 3
    listed = connected.done("connections", "--json")
    assert "needs_reconnection" in listed
    assert "revoked-value" not in listed + result.stderr


def test_a_decision_file_is_refused_whole(connected: Shell, tmp_path: Path) -> None:
    """File, line, column and reason are named on the command line too."""
    file = tmp_path / "bad.csv"
    file.write_text("source_entity,document_id,account_number\nbill,1,0000\n")

    result = connected.run(
        "decisions", "import", "acme", "category_overrides", str(file)
    )

    assert result.returncode == 2
    assert "line 2, column account_number" in words(result.stderr)


def test_reconnecting_keeps_the_settings(shell: Shell, bill: SandboxServer) -> None:
    """Only the credential and what is given anew are replaced."""
    shell.connect(bill)
    text = shell.home.connections.read_text().replace("Los_Angeles", "Chicago")
    shell.home.connections.write_text(text + 'bill_posting_policy = "all_active"\n')

    shell.connect(bill)

    kept = shell.home.connections.read_text()
    assert "America/Chicago" in kept
    assert 'bill_posting_policy = "all_active"' in kept


def test_connecting_says_what_a_person_may_not_expect(connected: Shell) -> None:
    """That a pause is over, and that another connection has the same organization."""
    connected.done("pause", "acme")
    owner = Registry(connected.home).get("acme")
    credentials = Registry(connected.home).credentials("acme")
    again = connecting.connect(connected.home, owner, credentials)
    twin = connecting.connect(connected.home, replace(owner, name="twin"), credentials)

    assert again.remarks == ["acme was paused; that is over."]
    (remark,) = twin.remarks
    assert "bill-ledger disconnect acme" in remark
    said = connected.done("connections")
    assert "paused" not in said


def test_a_missing_credential_is_named(connected: Shell) -> None:
    """Exit 2 says which part, and which variable or command gives it."""
    connected.home.secrets.unlink()

    result = connected.run("sync", "acme")

    assert result.returncode == 2, result.stderr
    assert "BILL_ACME_TOKEN_NAME" in words(result.stderr)


def test_the_demo_goes_on_as_it_began(home: Home) -> None:
    """What no option names is as it was; another history is refused."""
    assert live_a_day(home, seed=3, months=2)
    assert live_a_day(home, seed=None, months=None)
    with pytest.raises(UsageError, match="--seed 3 --months 2"):
        live_a_day(home, seed=None, months=3)
