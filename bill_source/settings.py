"""What one connection to BILL is, and where a stand-alone load takes it from.

Here belongs: the credential with its checks, and the environment variables of
``python -m bill_source``. Not here: the registry of connections and their secrets
(orchestration), nor anything that is sent (client.py).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from bill_source.errors import BillSettingsError

PRODUCTION_URL = "https://gateway.prod.bill.com/connect"


@dataclass(frozen=True)
class BillCredentials:
    """The sync token of one BILL organization, and the address it is used at.

    ``token_name`` and ``token_password`` are the user name and password of BILL's
    login; ``api_url`` is what stands before ``/v3``.
    """

    organization_id: str
    token_name: str
    token_password: str = field(repr=False)
    dev_key: str = field(repr=False)
    api_url: str = PRODUCTION_URL

    def __post_init__(self) -> None:
        for name in ("organization_id", "token_name", "token_password", "dev_key"):
            value = getattr(self, name).strip()  # pasted text often ends in a newline
            object.__setattr__(self, name, value)
            if not value:
                raise BillSettingsError(f"The BILL credential has no {name}.")
            if not value.isprintable():
                raise BillSettingsError(
                    f"The BILL credential's {name} contains a line break or another"
                    " unprintable character."
                )
        if not self.dev_key.isascii():
            raise BillSettingsError("The BILL developer key may hold ASCII only.")
        object.__setattr__(self, "api_url", checked_url(self.api_url))

    @property
    def is_local(self) -> bool:
        """Whether the address is on this machine, as the sandbox is."""
        return is_loopback(urlsplit(self.api_url).hostname or "")

    @property
    def secrets(self) -> tuple[str, str]:
        """The values that must never be written anywhere."""
        return (self.token_password, self.dev_key)


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
    return BillCredentials(
        **{name: found[variable] for name, variable in names.items()},
        api_url=found.get("BILL_API_URL") or PRODUCTION_URL,
    )
