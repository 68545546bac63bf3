"""The registry of connections: what each is, and where its secret comes from.

Here belongs: connections.toml and secrets.toml, read and written whole. Not here: the
state of a connection and its history (store.py), the folder layout (settings.py), what
a setting may be (setting_checks.py).
"""

import hashlib
import hmac
import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import tomlkit

from orchestration.failures import UsageError
from orchestration.locks import exclusive
from orchestration.setting_checks import (
    CORE_GROUP,
    check_currency,
    check_groups,
    check_name,
    check_start_date,
    check_timezone,
)
from orchestration.settings import (
    CREDENTIAL_FIELDS,
    REQUIRED_CREDENTIAL_FIELDS,
    WEBHOOK_KEY,
    Home,
    credential_variable,
    credentials_in_environment,
    webhook_key_in_environment,
)

KINDS = {bool: "true or false", int: "a whole number"}
DEFAULT_API_URL = "https://gateway.prod.bill.com/connect"


@dataclass(frozen=True)
class Connection:
    """One company's BILL organization and how its ledger is kept.

    ``sandbox_seed``, ``sandbox_months`` and ``sandbox_first_day`` are set for the
    bundled company only: its BILL runs inside each sync instead of at ``api_url``.
    ``include`` names the optional groups of lists that are read too. What is dated
    before ``ledger_start_date`` posts nothing; empty, the ledger has the full history.
    ``learn_from_bill_coding`` lets the categorizer take the accounts that lines have in
    BILL as weak evidence.
    """

    name: str
    organization_id: str
    api_url: str = DEFAULT_API_URL
    timezone: str = "America/Los_Angeles"
    home_currency: str = "USD"
    bill_posting_policy: str = "exclude_denied"
    fiscal_year_start_month: int = 1
    ledger_start_date: str = ""
    learn_from_bill_coding: bool = False
    sandbox_seed: int = 0
    sandbox_months: int = 0
    sandbox_first_day: str = ""
    include: tuple[str, ...] = ()

    @property
    def is_bundled(self) -> bool:
        """Whether this is the sandbox company that comes with the product."""
        return self.sandbox_months > 0

    @property
    def groups(self) -> tuple[str, ...]:
        """Every group of lists that is read."""
        return (CORE_GROUP, *self.include)


@dataclass(frozen=True)
class Credentials:
    """A sync token and the developer key it is used with.

    ``spend_token`` is Spend & Expense's own, empty where that is not read.
    """

    token_name: str
    token_password: str = field(repr=False)
    dev_key: str = field(repr=False)
    spend_token: str = field(default="", repr=False)

    def fingerprint(self) -> str:
        """Name the credential so that it can be known again, and nothing learnt."""
        said = f"{self.token_name}\0{self.token_password}\0{self.spend_token}"
        key = self.dev_key.encode()
        return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Registry:
    """The connections of one home folder."""

    home: Home

    def names(self) -> list[str]:
        """Every connection's name, in alphabetical order."""
        return sorted(self._entries())

    def readable(self) -> list[Connection]:
        """Those whose settings can be read."""
        found = []
        for name in self.names():
            with suppress(UsageError):
                found.append(self.get(name))
        return found

    def twins(self, connection: Connection) -> list[str]:
        """The names of other connections to the same organization."""
        return [
            other.name
            for other in self.readable()
            if other.organization_id == connection.organization_id
            and other.name != connection.name
        ]

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
        values = {"spend_token": "", **stored, **credentials_in_environment(name)}
        with_spend = "spend" in self.get(name).include
        for part in CREDENTIAL_FIELDS if with_spend else REQUIRED_CREDENTIAL_FIELDS:
            if not isinstance(values.get(part), str) or not values[part]:
                raise UsageError(
                    f"The {part} of connection {name!r} is missing: set"
                    f" {credential_variable(name, part)}, or run"
                    f" bill-ledger connect {name} again."
                )
        return Credentials(**{part: str(values[part]) for part in CREDENTIAL_FIELDS})

    def spend_token(self, name: str) -> str:
        """Return a connection's stored Spend & Expense token, empty where none is."""
        entry = read_toml(self.home.secrets).get(name, {})
        return str(entry.get("spend_token", "")) if isinstance(entry, Mapping) else ""

    def webhook_key(self, name: str) -> str:
        """Return the key BILL signs a connection's notifications with, empty if unset.

        The environment's wins, as for the credential.
        """
        return webhook_key_in_environment(name) or self._stored_webhook_key(name)

    def save_webhook_key(self, name: str, key: str) -> None:
        """Store or replace that key beside the credential."""
        self.get(name)
        with exclusive(self.home.path / "registry.lock"):
            entry = read_toml(self.home.secrets).get(name, {})
            _put(self.home.secrets, name, {**entry, WEBHOOK_KEY: key})

    def _stored_webhook_key(self, name: str) -> str:
        entry = read_toml(self.home.secrets).get(name, {})
        return str(entry.get(WEBHOOK_KEY, "")) if isinstance(entry, Mapping) else ""

    def save(self, connection: Connection, credentials: Credentials) -> None:
        """Add a connection or replace it, secrets first."""
        self.home.create()
        entry = _without_defaults(connection)
        parts = {part: getattr(credentials, part) for part in CREDENTIAL_FIELDS}
        secret = {part: value for part, value in parts.items() if value}
        with exclusive(self.home.path / "registry.lock"):
            stored = self._stored_webhook_key(connection.name)
            secret |= {WEBHOOK_KEY: stored} if stored else {}
            _put(self.home.secrets, connection.name, secret)
            _put(self.home.connections, connection.name, entry)

    def remove(self, name: str) -> None:
        """Take a connection out of both files, secrets first."""
        with exclusive(self.home.path / "registry.lock"):
            for path in (self.home.secrets, self.home.connections):
                if name in read_toml(path):
                    _put(path, name, None)

    def _entries(self) -> dict[str, Any]:
        return read_toml(self.home.connections)

    def _connection(self, name: str, entry: Any) -> Connection:
        try:
            return _with_settings(check_name(name), entry)
        except UsageError as error:
            raise UsageError(
                f"{self.home.connections} is malformed at [{name}]: {error} Mend that"
                " table; the data and the other connections stay as they are."
            ) from error


def _with_settings(name: str, entry: Any) -> Connection:
    """Return the connection that a table of connections.toml describes.

    Raises:
        UsageError: It is no table, or a setting is missing, unknown or cannot be.
    """
    if not isinstance(entry, Mapping):
        raise UsageError("It must be a table with organization_id.")
    if unknown := unknown_settings(entry):
        raise UsageError(
            f"There is no setting {unknown}. If a newer bill-ledger wrote it, install"
            " that version again; else remove it."
        )
    if "organization_id" not in entry:
        raise UsageError("organization_id is missing.")
    if not isinstance(entry.get("include", []), list):
        raise UsageError("include must be a list of groups.")
    groups = check_groups([str(group) for group in entry.get("include", [])])
    connection = Connection(**{**entry, "name": name, "include": groups})
    for part, default in asdict(Connection(name, "")).items():
        if type(getattr(connection, part)) is not type(default):
            raise UsageError(f"{part} must be {KINDS.get(type(default), 'text')}.")
    check_timezone(connection.timezone)
    check_start_date(connection.ledger_start_date)
    return replace(connection, home_currency=check_currency(connection.home_currency))


def unknown_settings(entry: Mapping[str, Any]) -> str:
    """Return the keys that name no setting of this version, empty where all do."""
    return ", ".join(sorted(entry.keys() - asdict(Connection("", "")).keys()))


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


def _put(path: Path, name: str, entry: Mapping[str, Any] | None) -> None:
    """Write one table of a TOML file, or drop it; the file is replaced, mode 0600."""
    read_toml(path)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    document = tomlkit.parse(before)
    if entry is None:
        document.remove(name)
    else:
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
