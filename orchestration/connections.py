"""The registry of connections: what each is, and where its secret comes from.

Here belongs: connections.toml and secrets.toml, read and written whole. Not here: the
state of a connection and its history (store.py), the folder layout (settings.py).
"""

import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tomlkit

from orchestration.failures import UsageError
from orchestration.locks import exclusive
from orchestration.settings import (
    CREDENTIAL_FIELDS,
    Home,
    credential_variable,
    credentials_in_environment,
)

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
RESERVED_NAMES = frozenset({"dagster", "dlt"})
DEFAULT_API_URL = "https://gateway.prod.bill.com/connect"


@dataclass(frozen=True)
class Connection:
    """One company's BILL organization and how its ledger is kept.

    ``sandbox_seed``, ``sandbox_months`` and ``sandbox_first_day`` are set for the
    bundled company only: its BILL runs inside each sync instead of at ``api_url``.
    """

    name: str
    organization_id: str
    api_url: str = DEFAULT_API_URL
    timezone: str = "America/Los_Angeles"
    home_currency: str = "USD"
    bill_posting_policy: str = "exclude_denied"
    fiscal_year_start_month: int = 1
    sandbox_seed: int = 0
    sandbox_months: int = 0
    sandbox_first_day: str = ""

    @property
    def is_bundled(self) -> bool:
        """Whether this is the sandbox company that comes with the product."""
        return self.sandbox_months > 0


@dataclass(frozen=True)
class Credentials:
    """A sync token and the developer key it is used with."""

    token_name: str
    token_password: str = field(repr=False)
    dev_key: str = field(repr=False)


def check_name(name: str) -> str:
    """Return the name if it can name a folder, a partition and a variable.

    Raises:
        UsageError: It cannot.
    """
    if NAME.fullmatch(name) and name not in RESERVED_NAMES:
        return name
    raise UsageError(
        f"{name!r} cannot name a connection: use up to 63 lower-case letters, digits,"
        " '-' and '_', starting with a letter or a digit, and not 'dagster' or 'dlt'."
    )


def check_timezone(name: str) -> str:
    """Return the name of a known time zone.

    Raises:
        UsageError: No such zone.
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UsageError(
            f"Unknown time zone {name!r}: use a name like America/New_York."
        ) from error
    return name


@dataclass(frozen=True)
class Registry:
    """The connections of one home folder."""

    home: Home

    def names(self) -> list[str]:
        """Every connection's name, in alphabetical order."""
        return sorted(self._entries())

    def get(self, name: str) -> Connection:
        """Return one connection.

        Raises:
            UsageError: No connection has that name, or the file is malformed.
        """
        entries = self._entries()
        if name not in entries:
            known = ", ".join(sorted(entries)) or "none yet"
            raise UsageError(
                f"No connection is named {name!r} in {self.home.connections} (there"
                f" are: {known}). Create it with: bill-ledger connect {name} ..."
            )
        return self._connection(name, entries[name])

    def credentials(self, name: str) -> Credentials:
        """Return a connection's credentials; environment variables win.

        Raises:
            UsageError: A part of the credential is nowhere to be found.
        """
        entry = read_toml(self.home.secrets).get(name, {})
        stored = entry if isinstance(entry, Mapping) else {}
        values = {**stored, **credentials_in_environment(name)}
        for part in CREDENTIAL_FIELDS:
            if not isinstance(values.get(part), str) or not values[part]:
                raise UsageError(
                    f"The {part} of connection {name!r} is missing: set"
                    f" {credential_variable(name, part)}, or run"
                    f" bill-ledger connect {name} again."
                )
        return Credentials(**{part: values[part] for part in CREDENTIAL_FIELDS})

    def save(self, connection: Connection, credentials: Credentials) -> None:
        """Add a connection or replace it, secrets first."""
        self.home.create()
        entry = _without_defaults(connection)
        secret = {part: getattr(credentials, part) for part in CREDENTIAL_FIELDS}
        with exclusive(self.home.path / "registry.lock"):
            _put(self.home.secrets, connection.name, secret)
            _put(self.home.connections, connection.name, entry)

    def _entries(self) -> dict[str, Any]:
        return read_toml(self.home.connections)

    def _connection(self, name: str, entry: Any) -> Connection:
        try:
            connection = Connection(name=check_name(name), **entry)
        except TypeError as error:
            raise UsageError(
                f"{self.home.connections} is malformed at [{name}]: {error}. Mend that"
                f" table, or run bill-ledger connect {name} again."
            ) from error
        for part, default in asdict(Connection(name, "")).items():
            if type(getattr(connection, part)) is not type(default):
                raise UsageError(
                    f"{self.home.connections} is malformed at [{name}]: {part} must be"
                    f" {'text' if isinstance(default, str) else 'a whole number'}."
                )
        check_timezone(connection.timezone)
        return connection


def read_toml(path: Path) -> dict[str, Any]:
    """Return a file's tables, none where there is no file.

    Raises:
        UsageError: The file cannot be read; values of it are never shown.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"Cannot read {path}: {type(error).__name__}.") from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at [^)]*\)", str(error))
        raise UsageError(
            f"{path} is malformed {place.group() if place else ''}: write TOML with"
            " a table per connection. Mend it, or move it away and connect again."
        ) from None


def _put(path: Path, name: str, entry: Mapping[str, Any]) -> None:
    """Write one table of a TOML file; the file is replaced whole, mode 0600."""
    read_toml(path)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    document = tomlkit.parse(before)
    document[name] = tomlkit.item(dict(entry))
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(tomlkit.dumps(document))
    Path(temporary).replace(path)


def _without_defaults(connection: Connection) -> dict[str, Any]:
    """Return what connections.toml says of a connection: what is not self-evident."""
    default = asdict(Connection(connection.name, ""))
    shown = ("organization_id", "api_url", "timezone", "home_currency")
    return {
        part: value
        for part, value in asdict(connection).items()
        if part in shown or (part != "name" and value != default[part])
    }
