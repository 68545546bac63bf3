"""The registry of connections: what each is, and where its secret comes from.

Here belongs: connections.toml and secrets.toml, read and written whole. Not here: the
state of a connection and its history (store.py), the folder layout (settings.py).
"""

import hashlib
import hmac
import os
import re
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tomlkit

from bill_source.entities import GROUPS
from orchestration.failures import UsageError
from orchestration.locks import exclusive
from orchestration.settings import (
    CREDENTIAL_FIELDS,
    REQUIRED_CREDENTIAL_FIELDS,
    WEBHOOK_KEY,
    Home,
    credential_variable,
    credentials_in_environment,
    webhook_key_in_environment,
)

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
ALERTS = "alerts"
"""The table of secrets.toml that says where alerts go."""
RESERVED_NAMES = frozenset({ALERTS, "bill", "dagster", "dlt"})
"""Folders of the home folder, and tables of its files, that are no connection's."""
KINDS = {bool: "true or false", int: "a whole number"}
DEFAULT_API_URL = "https://gateway.prod.bill.com/connect"
CORE_GROUP, *OPTIONAL_GROUPS = GROUPS
"""Optional groups of lists are read where a connection includes them: they cost calls.
"""


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


def check_name(name: str) -> str:
    """Return the name if it can name a folder, a partition and a variable.

    Raises:
        UsageError: It cannot.
    """
    if NAME.fullmatch(name) and name not in RESERVED_NAMES:
        return name
    raise UsageError(
        f"{name!r} cannot name a connection: use up to 63 lower-case letters, digits,"
        " '-' and '_', starting with a letter or a digit, and not one of"
        f" {', '.join(sorted(RESERVED_NAMES))}."
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


def check_start_date(text: str) -> str:
    """Return a day as yyyy-mm-dd, or nothing for the full history.

    Raises:
        UsageError: It is no day.
    """
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as error:
        raise UsageError(
            f"{text!r} is no day the ledger can start on: use yyyy-mm-dd, or nothing"
            " for the full history."
        ) from error


def check_groups(names: Sequence[str]) -> tuple[str, ...]:
    """Return the optional groups that names ask for, each once; ``core`` adds none.

    Raises:
        UsageError: There is no such group.
    """
    for name in names:
        if name not in (CORE_GROUP, *OPTIONAL_GROUPS):
            raise UsageError(
                f"Unknown group of lists {name!r}. There are:"
                f" {', '.join(OPTIONAL_GROUPS)}; {CORE_GROUP} alone means none of them."
            )
    return tuple(group for group in OPTIONAL_GROUPS if group in names)


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
            connection = Connection(name=check_name(name), **_with_groups(entry))
        except TypeError as error:
            raise UsageError(
                f"{self.home.connections} is malformed at [{name}]: {error}. Mend that"
                f" table, or run bill-ledger connect {name} again."
            ) from error
        for part, default in asdict(Connection(name, "")).items():
            if type(getattr(connection, part)) is not type(default):
                raise UsageError(
                    f"{self.home.connections} is malformed at [{name}]: {part} must be"
                    f" {KINDS.get(type(default), 'text')}."
                )
        check_timezone(connection.timezone)
        check_start_date(connection.ledger_start_date)
        return connection


def _with_groups(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table of connections.toml with its list of groups as we keep it.

    Raises:
        TypeError: It is no table, or its groups are no list of text.
        UsageError: There is no such group.
    """
    fields = {**entry}
    included = fields.pop("include", [])
    if not isinstance(included, list):
        raise TypeError("include must be a list of groups")
    return {**fields, "include": check_groups([str(name) for name in included])}


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
