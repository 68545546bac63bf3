"""A credential is checked before anything is sent, and never shows its secrets."""

import pytest

from bill_source import BillCredentials, BillSettingsError, credentials_from_environment

GOOD = {
    "organization_id": "008",
    "token_name": "nightly",
    "token_password": "very-secret-token",
    "dev_key": "very-secret-key",
}


@pytest.mark.parametrize(
    "url",
    [
        "https://gateway.stage.bill.com/connect",
        "http://127.0.0.1:8000/connect",
        "http://localhost:8000/connect/",
        "http://[::1]:8000/connect",
        "https://gateway.stage.bill.com/connect/v3/",
    ],
)
def test_safe_addresses_are_taken(url: str) -> None:
    """Encrypted addresses and this machine's own are used as they stand before /v3."""
    found = BillCredentials(**GOOD, api_url=url).api_url
    assert found == url.rstrip("/").removesuffix("/v3")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://gateway.prod.bill.com/connect", "not encrypted"),
        ("http://127.0.0.1.evil.example/connect", "not encrypted"),
        ("gateway.prod.bill.com", "not a web address"),
        ("ftp://127.0.0.1/", "not a web address"),
        ("https://user:word@gateway.prod.bill.com/connect", "plain address"),
        ("https://gateway.prod.bill.com/connect?x=1", "plain address"),
    ],
)
def test_unsafe_addresses_are_refused(url: str, said: str) -> None:
    """An address that would send secrets in clear or astray is named as the fault."""
    with pytest.raises(BillSettingsError, match=said) as caught:
        BillCredentials(**GOOD, api_url=url)
    assert "very-secret" not in str(caught.value)


@pytest.mark.parametrize("name", list(GOOD))
def test_every_part_is_needed(name: str) -> None:
    """A part that is empty is named."""
    with pytest.raises(BillSettingsError, match=name):
        BillCredentials(**(GOOD | {name: " "}))


def test_pasted_white_space_does_no_harm() -> None:
    """A trailing newline of a pasted token is left out."""
    found = BillCredentials(**(GOOD | {"token_password": " abc\n"}))
    assert found.token_password == "abc"


def test_secrets_are_not_shown() -> None:
    """Neither repr nor str of a credential contains its password or key."""
    text = f"{BillCredentials(**GOOD)!r} {BillCredentials(**GOOD)}"
    assert "very-secret" not in text


def test_environment_is_read() -> None:
    """The five variables make a credential; the address has a default."""
    variables = {f"BILL_{name.upper()}": value for name, value in GOOD.items()}
    found = credentials_from_environment(variables)
    assert found == BillCredentials(**GOOD)


def test_missing_variables_are_all_named() -> None:
    """One message tells everything that is not set."""
    with pytest.raises(BillSettingsError) as caught:
        credentials_from_environment({"BILL_TOKEN_NAME": "nightly"})
    for name in ("BILL_ORGANIZATION_ID", "BILL_TOKEN_PASSWORD", "BILL_DEV_KEY"):
        assert name in str(caught.value)
