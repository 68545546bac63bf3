"""What one connection to BILL is, and where a stand-alone load takes it from.

Here belongs: the credential with its checks, the environment variables of ``python -m
bill_source``, and the proxy and certificates a machine prescribes. Not here: the
registry of connections and their secrets (orchestration), nor anything that is sent
(client.py).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from bill_source.errors import BillSettingsError

PRODUCTION_URL = "https://gateway.prod.bill.com/connect"
SANDBOX_URL = "https://gateway.stage.bill.com/connect"
ENVIRONMENTS = {"production": PRODUCTION_URL, "sandbox": SANDBOX_URL}
"""BILL's two worlds, which share no user, key or record."""

CredentialKind = Literal["token", "user", "client"]


@dataclass(frozen=True)
class BillCredentials:
    """What opens one BILL organization, and the address it is used at.

    Attributes:
        organization_id: BILL's id, which starts with ``008``.
        token_name: The sync token's name; a user's name or a client's id.
        token_password: The sync token's value; a user's password or a client's secret.
        dev_key: The developer key; a client has none.
        api_url: What stands before ``/v3``.
        kind: A sync token, a user, or OAuth client credentials.
        spend_token: The API token of Spend & Expense; empty where it is not read.
        authx_url: Where clients get their tokens; on the API's host when left out.
    """

    organization_id: str
    token_name: str
    token_password: str = field(repr=False)
    dev_key: str = field(repr=False)
    api_url: str = PRODUCTION_URL
    kind: CredentialKind = "token"
    spend_token: str = field(default="", repr=False)
    authx_url: str = ""

    def __post_init__(self) -> None:
        optional = {"spend_token"} | ({"dev_key"} if self.kind == "client" else set())
        for name in ("organization_id", "token_name", *SECRETS):
            self._check(name, optional=name in optional)
        object.__setattr__(self, "api_url", checked_url(self.api_url))
        if self.authx_url:
            object.__setattr__(self, "authx_url", checked_url(self.authx_url))

    def _check(self, name: str, *, optional: bool) -> None:
        value = getattr(self, name).strip()  # pasted text often ends in a newline
        object.__setattr__(self, name, value)
        if not value and not optional:
            raise BillSettingsError(f"The BILL credential has no {name}.")
        if not value.isprintable():
            raise BillSettingsError(
                f"The BILL credential's {name} contains a line break or another"
                " unprintable character."
            )
        if name in SENT_AS_HEADER and not value.isascii():
            called = SENT_AS_HEADER[name]
            raise BillSettingsError(f"The BILL {called} may hold ASCII only.")

    @property
    def is_local(self) -> bool:
        """Whether the address is on this machine, as the sandbox is."""
        return is_loopback(urlsplit(self.api_url).hostname or "")

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must never be written anywhere."""
        return tuple(value for name in SECRETS if (value := getattr(self, name)))


SECRETS = ("token_password", "dev_key", "spend_token")
SENT_AS_HEADER = {"dev_key": "developer key", "spend_token": "spend token"}


def checked_url(text: str) -> str:
    """Return the API address as it stands before ``/v3``, or say what is wrong.

    Raises:
        BillSettingsError: Not an address, or one that would send secrets in clear.
    """
    url = text.strip().rstrip("/").removesuffix("/v3")
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise BillSettingsError(
            f"The API address {text!r} is not a web address such as {PRODUCTION_URL}."
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise BillSettingsError(
            "The API address must be a plain address: no user name, password, query or"
            " fragment."
        )
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise BillSettingsError(
            f"The API address {text!r} is not encrypted; plain http is accepted for"
            " this machine only."
        )
    return url


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def proxy_for(url: str) -> str:
    """Return the proxy the environment prescribes for an address, or nothing.

    A proxy cannot reach this machine's own addresses, so these never get one.

    Raises:
        BillSettingsError: A kind of proxy that we cannot use, such as SOCKS.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_loopback(host) or proxy_bypass(host):
        return ""
    known = getproxies()
    proxy = known.get(parts.scheme) or known.get("all") or ""
    if proxy and "://" not in proxy:
        proxy = f"http://{proxy}"
    if proxy and urlsplit(proxy).scheme not in {"http", "https"}:
        raise BillSettingsError(
            "The proxy set in the environment is neither http nor https."
        )
    return proxy


def certificates(environment: Mapping[str, str] | None = None) -> str:
    """Return the file of trusted certificates a company prescribes, or nothing."""
    found = os.environ if environment is None else environment
    names = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
    return next((found[name] for name in names if found.get(name)), "")


def credentials_from_environment(
    environment: Mapping[str, str] | None = None,
) -> BillCredentials:
    """Read the credential from ``BILL_*`` variables.

    Raises:
        BillSettingsError: Names every variable that is missing.
    """
    found = os.environ if environment is None else environment
    names = {
        "organization_id": "BILL_ORGANIZATION_ID",
        "token_name": "BILL_TOKEN_NAME",
        "token_password": "BILL_TOKEN_PASSWORD",
        "dev_key": "BILL_DEV_KEY",
    }
    missing = [variable for variable in names.values() if not found.get(variable)]
    if missing:
        raise BillSettingsError(f"Not set in the environment: {', '.join(missing)}.")
    given = {name: found[variable] for name, variable in names.items()}
    return BillCredentials(
        organization_id=given["organization_id"],
        token_name=given["token_name"],
        token_password=given["token_password"],
        dev_key=given["dev_key"],
        api_url=found.get("BILL_API_URL") or PRODUCTION_URL,
        spend_token=found.get("BILL_SPEND_TOKEN") or "",
    )
