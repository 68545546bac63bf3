"""Groups of lists: what a connection includes is read, what it needs is kept secret.

Here belongs: `connect --include`, connections.toml's list of groups, Spend & Expense's
own token, which lists a run reads, the folder of sessions. Not here: what the lists
hold (tests/bill_source).
"""

import pytest
from shell import Shell

from bill_source.sandbox import SandboxServer
from orchestration.assets.ingest import lists_to_read
from orchestration.connections import Connection, Credentials, Registry
from orchestration.failures import UsageError
from orchestration.setting_checks import check_groups
from orchestration.settings import Home

SECRET = Credentials("nightly", "pass-word-1", "dev-key-1")


@pytest.mark.slow
def test_connect_includes_groups_and_keeps_the_spend_token_secret(shell: Shell) -> None:
    """Groups and settings stay in connections.toml, the token in secrets.toml alone."""
    with SandboxServer(seed=3, months=1) as server:
        words = (
            *("connect", "acme", "--organization-id", server.organization_id),
            *("--token-name", server.token_name, "--api-url", server.api_url),
        )
        variables = {
            "BILL_TOKEN_PASSWORD": server.token_password,
            "BILL_DEV_KEY": server.dev_key,
        }
        spend = ("--include", "spend", "--include", "documents")
        refused = shell.run(*words, *spend, **variables)
        token = {"BILL_SPEND_TOKEN": server.spend_token}
        learn = "--learn-from-bill-coding"
        shell.done(*words, *spend, learn, **variables, **token)
        shell.done(*words, **variables)

    registry = Registry(shell.home)
    assert refused.returncode == 2
    assert "BILL_SPEND_TOKEN" in " ".join(refused.stderr.split())
    assert registry.get("acme").groups == ("core", "documents", "spend")
    assert registry.get("acme").learn_from_bill_coding is True
    assert registry.credentials("acme").spend_token == server.spend_token
    assert server.spend_token not in shell.home.connections.read_text()


def test_a_group_that_is_not_there_is_refused() -> None:
    """The message names the groups; ``core`` alone means none of them."""
    assert check_groups(["spend", "documents", "spend"]) == ("documents", "spend")
    assert check_groups(["core"]) == ()
    with pytest.raises(UsageError, match="audit_trail"):
        check_groups(["payroll"])


def test_a_malformed_list_of_groups_is_refused(home: Home) -> None:
    """connections.toml is named, or the group that is not there."""
    home.create()
    for written in ('"spend"', '["payroll"]', "7"):
        home.connections.write_text(
            f'[acme]\norganization_id = "1"\ninclude = {written}\n'
        )
        with pytest.raises(UsageError, match=r"malformed|payroll"):
            Registry(home).get("acme")


def test_spend_needs_its_token(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one the connection is not used; the variable of its name will do."""
    registry = Registry(home)
    registry.save(Connection("acme", "1", include=("spend",)), SECRET)
    with pytest.raises(UsageError, match="BILL_ACME_SPEND_TOKEN"):
        registry.credentials("acme")

    monkeypatch.setenv("BILL_ACME_SPEND_TOKEN", "spend-1")
    assert registry.credentials("acme").spend_token == "spend-1"
    assert "spend-1" not in repr(registry.credentials("acme"))


@pytest.mark.parametrize(
    ("include", "selected", "named", "expected"),
    [
        ((), {"bills", "bill_line_items"}, [], ["bills"]),
        ((), {"bills", "vendors"}, ["bills"], ["bills"]),
        ((), {"list_states"}, [], None),
        (("spend",), {"spend_users"}, [], ["spend_users"]),
        (("spend",), {"bills"}, ["bills", "spend_users"], ["bills", "spend_users"]),
    ],
)
def test_only_lists_of_included_groups_are_read(
    include: tuple[str, ...],
    selected: set[str],
    named: list[str],
    expected: list[str] | None,
) -> None:
    """What is selected or named counts as far as the connection includes it."""
    connection = Connection("acme", "1", include=include)
    assert lists_to_read(connection, selected, named) == expected


def test_a_list_that_is_not_included_is_refused_with_the_way_to_include_it() -> None:
    """Nothing is read in its place."""
    with pytest.raises(UsageError, match="--include spend"):
        lists_to_read(Connection("acme", "1"), {"spend_users"}, ["spend_users"])


def test_what_connections_share_is_their_owners_alone(home: Home) -> None:
    """Sessions and budget are kept where only the owner may look, also afterwards."""
    home.create_shared().chmod(0o755)

    assert home.create_shared().stat().st_mode & 0o777 == 0o700
