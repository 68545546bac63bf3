"""Connecting says which part of a credential is wrong, and what a role cannot see."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bill_source import (
    BillAccessError,
    BillAuthError,
    BillCredentials,
    BillError,
    BillLimitError,
    BillLockedError,
    BillOrganizationError,
    Refusal,
    check_connection,
    connection,
)
from bill_source.answers import Problem
from bill_source.entities import ENTITIES
from bill_source.login import refusal
from bill_source.sandbox import SandboxServer, Switches

ASKED = {one.table for one in ENTITIES if one.group == "core" and not one.per}


def test_a_report_names_user_role_and_lists(
    sandbox: SandboxServer, credentials: BillCredentials
) -> None:
    """Who we are, as what, and every list of the core is either readable or not."""
    found = check_connection(credentials)
    assert found.organization_id == credentials.organization_id
    assert found.user_id.startswith("006")
    assert found.role == "ADMINISTRATOR"
    assert {"bills", "vendors"} <= set(found.readable)
    assert set(found.readable) | set(found.unreadable) == ASKED
    assert sandbox.measurements.logins == 1


def test_a_forbidden_list_says_what_the_role_lacks(
    sandbox: SandboxServer, credentials: BillCredentials
) -> None:
    """The reason names the role and the right, in the words of BILL's settings."""
    sandbox.faults.forbidden("bank-accounts")
    sandbox.faults.forbidden("bills")
    refused = check_connection(credentials).refused
    bank = "this token (role ADMINISTRATOR) lacks the right to manage bank accounts"
    assert Refusal("bank_accounts", bank) in refused
    bills = "this token (role ADMINISTRATOR) lacks the right to see bills"
    assert Refusal("bills", bills) in refused


def test_a_role_may_not_even_see_itself(
    sandbox: SandboxServer, credentials: BillCredentials
) -> None:
    """Where BILL keeps users back, the role stays open and the check goes on."""
    sandbox.faults.forbidden("users")
    found = check_connection(credentials)
    assert found.role == ""
    why = "this token lacks the right to manage users"
    assert Refusal("users", why) in found.refused
    assert "bills" in found.readable


@pytest.mark.parametrize(
    ("change", "expected", "part", "said"),
    [
        ({"token_password": "wrong"}, BillAuthError, "token", "name and password"),
        ({"token_name": "wrong"}, BillAuthError, "token", "first that the name"),
        ({"dev_key": "wrong"}, BillAuthError, "developer key", "developer key"),
        ({"organization_id": "008X"}, BillOrganizationError, None, "008X"),
    ],
)
def test_a_wrong_part_is_named(
    sandbox: SandboxServer,
    credentials: BillCredentials,
    change: dict[str, str],
    expected: type[BillError],
    part: str | None,
    said: str,
) -> None:
    """One refused login is enough to say what to look at, without showing it."""
    with pytest.raises(expected, match=said) as caught:
        check_connection(replace(credentials, **change))
    assert getattr(caught.value, "part", None) == part
    assert sandbox.measurements.requests == 1
    shown = f"{caught.value} {caught.value!r}"
    assert not any(secret in shown for secret in credentials.secrets)


@pytest.mark.parametrize(
    ("code", "expected", "said"),
    [
        ("BDC_1103", BillAuthError, "inactive"),
        ("BDC_1104", BillAccessError, "terms of service"),
        ("BDC_1105", BillAccessError, "API access"),
        ("BDC_1111", BillAccessError, "user behind the token"),
    ],
)
def test_what_else_stands_in_the_way_is_named(
    code: str, expected: type[BillError], said: str
) -> None:
    """A good credential without access is no wrong password, and says whom to ask."""
    error = refusal(Problem(400, code, "refused"), "008")
    assert type(error) is expected
    assert said in error.advice
    assert error.code == code


def test_a_locked_organization_is_named(
    sandbox: SandboxServer, credentials: BillCredentials, tmp_path: Path
) -> None:
    """The check asks once, says what to do, and lets a person try again."""
    sandbox.faults.locked(times=1)
    with pytest.raises(BillLockedError, match="15 minutes, until"):
        check_connection(credentials, tmp_path)
    assert sandbox.measurements.requests == 1
    assert check_connection(credentials, tmp_path).readable


@pytest.fixture
def two_worlds(
    sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SandboxServer]:
    """The sandbox of BILL's two environments; production is the generated company."""
    switches = Switches(latency_seconds=0.0)
    other = SandboxServer(seed=2, months=1, switches=switches)
    other.start()
    urls = {"production": sandbox.api_url, "sandbox": other.api_url}
    monkeypatch.setattr(connection, "ENVIRONMENTS", urls)
    yield other
    other.stop()


def test_a_credential_of_the_other_environment_is_recognised(
    sandbox: SandboxServer, two_worlds: SandboxServer
) -> None:
    """One more login, at BILL's other address, tells where the credential belongs."""
    misplaced = BillCredentials(
        two_worlds.organization_id,
        two_worlds.token_name,
        two_worlds.token_password,
        two_worlds.dev_key,
        sandbox.api_url,
    )
    with pytest.raises(BillAuthError, match=r"sandbox environment") as caught:
        check_connection(misplaced)
    assert caught.value.part == "environment"
    assert two_worlds.api_url in caught.value.advice
    asked = (sandbox.measurements.requests, two_worlds.measurements.requests)
    assert asked == (1, 1)


def test_a_key_of_neither_environment_stays_a_wrong_key(
    two_worlds: SandboxServer, credentials: BillCredentials
) -> None:
    """Where the other environment refuses it too, the key is what is wrong."""
    with pytest.raises(BillAuthError) as caught:
        check_connection(replace(credentials, dev_key="wrong"))
    assert caught.value.part == "developer key"
    assert two_worlds.measurements.requests == 1


def test_an_environment_that_does_not_answer_proves_nothing(
    two_worlds: SandboxServer, credentials: BillCredentials
) -> None:
    """What goes wrong at the other address hides nothing of the first refusal."""
    two_worlds.faults.locked()
    with pytest.raises(BillAuthError) as caught:
        check_connection(replace(credentials, dev_key="wrong"))
    assert caught.value.part == "developer key"


def test_the_hourly_limit_is_no_missing_right(
    sandbox: SandboxServer, credentials: BillCredentials
) -> None:
    """A check that could not be finished says so, instead of calling lists closed."""
    sandbox.faults.hourly_limit(after_requests=6)
    with pytest.raises(BillLimitError, match="BDC_1144"):
        check_connection(credentials)


def test_a_wrong_password_is_not_tried_elsewhere(
    two_worlds: SandboxServer, credentials: BillCredentials
) -> None:
    """Only a refused key may mean the other environment."""
    with pytest.raises(BillAuthError):
        check_connection(replace(credentials, token_password="wrong"))
    assert two_worlds.measurements.requests == 0
