"""A credential is checked before anything is sent, and never shows its secrets."""

import pytest

from bill_source import BillCredentials, BillSettingsError, credentials_from_environment
from bill_source.settings import certificates, proxy_for

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


def test_a_client_needs_no_developer_key() -> None:
    """OAuth client credentials replace the key; any other credential needs one."""
    without = GOOD | {"dev_key": ""}
    assert BillCredentials(**without, kind="client").secrets == ("very-secret-token",)
    for kind in ("token", "user"):
        with pytest.raises(BillSettingsError, match="dev_key"):
            BillCredentials(**without, kind=kind)


def test_a_spend_token_is_a_secret_of_its_own() -> None:
    """It may be missing, is cleaned like the others, and is not shown."""
    assert BillCredentials(**GOOD).spend_token == ""
    found = BillCredentials(**GOOD, spend_token="very-secret-spend\n")
    assert found.secrets[-1] == "very-secret-spend"
    assert "very-secret" not in repr(found)
    with pytest.raises(BillSettingsError, match="spend token may hold ASCII"):
        BillCredentials(**GOOD, spend_token="größe")


def test_an_oauth_address_is_checked_like_bills() -> None:
    """A client's secret is not sent in clear either."""
    with pytest.raises(BillSettingsError, match="not encrypted"):
        BillCredentials(**GOOD, authx_url="http://bill.example/authx/token")


PROXY = "http://proxy.example:3128"


@pytest.mark.parametrize(
    ("variables", "url", "expected"),
    [
        ({"HTTPS_PROXY": PROXY}, "https://bill.example/connect", PROXY),
        ({"https_proxy": PROXY}, "https://bill.example/connect", PROXY),
        ({"HTTPS_PROXY": "proxy.example:3128"}, "https://bill.example", PROXY),
        ({"ALL_PROXY": PROXY}, "https://bill.example", PROXY),
        ({"HTTP_PROXY": PROXY}, "https://bill.example", ""),
        ({}, "https://bill.example", ""),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": ".example"}, "https://bill.example", ""),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "a.b"}, "https://bill.example", PROXY),
        ({"HTTP_PROXY": PROXY}, "http://127.0.0.1:8000/connect", ""),
        ({"HTTPS_PROXY": PROXY}, "https://localhost:8000/connect", ""),
        ({"HTTPS_PROXY": PROXY}, "https://[::1]:8000/connect", ""),
    ],
)
def test_the_environments_proxy_is_used(
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    url: str,
    expected: str,
) -> None:
    """As other programs do it, except that this machine never needs one."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(url) == expected


def test_a_proxy_we_cannot_use_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """SOCKS is refused before anything is sent, without showing its password."""
    monkeypatch.setenv("https_proxy", "socks5://me:hidden@proxy.example")
    with pytest.raises(BillSettingsError, match="neither http nor https") as caught:
        proxy_for("https://bill.example")
    assert "hidden" not in str(caught.value)


def test_a_companys_certificates_are_trusted() -> None:
    """The variables other programs know name the file; the first that is set counts."""
    variables = {"SSL_CERT_FILE": "c", "CURL_CA_BUNDLE": "b", "REQUESTS_CA_BUNDLE": "a"}
    assert certificates(variables) == "a"
    assert certificates({"SSL_CERT_FILE": "c", "CURL_CA_BUNDLE": ""}) == "c"
    assert certificates({}) == ""
