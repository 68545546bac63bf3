"""Where state lives and what the environment says.

Here belongs: the home folder, its files, every environment variable the product reads.
Not here: what the files contain (connections.py, store.py, publish.py).
"""

import os
import shutil
import sys
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.failures import UsageError

PROJECT = Path(__file__).resolve().parents[1]
DBT_PROJECT = PROJECT / "dbt_project"
ALERTS = "alerts"
"""The table of secrets.toml that says where alerts go."""
RESERVED_NAMES = frozenset(
    {
        ALERTS,
        *("app_password", "bill", "connections", "dagster", "dlt", "firm"),
        *("registry", "secrets"),
    }
)
"""What the home folder and its files use themselves, so no connection may."""
HOME_VARIABLE = "BILL_LEDGER_HOME"
REQUIRED_CREDENTIAL_FIELDS = ("token_name", "token_password", "dev_key")
CREDENTIAL_FIELDS = (*REQUIRED_CREDENTIAL_FIELDS, "spend_token")
WEBHOOK_KEY = "webhook_key"
ALERT_VARIABLES = {
    "BILL_ALERT_WEBHOOK_URL": "webhook_url",
    "BILL_ALERT_SLACK_URL": "slack_url",
    "BILL_ALERT_SMTP_URL": "smtp_url",
    "BILL_ALERT_EMAIL_FROM": "email_from",
    "BILL_ALERT_EMAIL_TO": "email_to",
    "BILL_ALERT_STALE_HOURS": "stale_hours",
}


@dataclass(frozen=True)
class ConnectionFolder:
    """The files of one connection, below the home folder."""

    path: Path

    @property
    def warehouse(self) -> Path:
        """The pipeline's own database: raw versions, staging, work."""
        return self.path / "warehouse.duckdb"

    @property
    def ledger(self) -> Path:
        """The database analysts open."""
        return self.path / "ledger.duckdb"

    @property
    def exports(self) -> Path:
        """Parquet files of the same moment as the published ledger."""
        return self.path / "exports"

    @property
    def store(self) -> Path:
        """Decisions, categories and sync history: what no rebuild may lose."""
        return self.path / "store.sqlite"

    @property
    def lock(self) -> Path:
        """Locked by the one run that may write here."""
        return self.path / "run.lock"

    @property
    def progress(self) -> Path:
        """What the last sync that the review app started said."""
        return self.path / "app_sync.log"

    @property
    def model(self) -> Path:
        """The trained categorizer and its card."""
        return self.path / "model"

    @property
    def dbt(self) -> Path:
        """The dbt profile of this connection, dbt's artifacts and logs."""
        return self.path / "dbt"


@dataclass(frozen=True)
class Home:
    """The folder that holds all state; delete it and start over."""

    path: Path

    @property
    def connections(self) -> Path:
        """Names, organization ids, URLs and settings; no secrets."""
        return self.path / "connections.toml"

    @property
    def secrets(self) -> Path:
        """Credentials, readable by their owner only."""
        return self.path / "secrets.toml"

    @property
    def dagster(self) -> Path:
        """Dagster's own home: run history and schedules."""
        return self.path / "dagster"

    @property
    def dlt(self) -> Path:
        """Where dlt looks for settings, so that it finds nobody else's."""
        return self.path / "dlt"

    @property
    def bill(self) -> Path:
        """BILL's sessions and budget of requests, which connections share."""
        return self.path / "bill"

    @property
    def app_password(self) -> Path:
        """The hash of the review app's password, where one is set."""
        return self.path / "app_password"

    @property
    def firm(self) -> Path:
        """The view over every connection's published ledger."""
        return self.path / "firm.duckdb"

    def connection(self, name: str) -> ConnectionFolder:
        """Return the folder of one connection; nothing is created."""
        return ConnectionFolder(self.path / name)

    def create(self) -> "Home":
        """Create the folder.

        Raises:
            UsageError: The folder cannot be created or written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unwritable(error.strerror or str(error)) from error
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise self._unwritable("permission denied")
        return self

    def create_shared(self) -> Path:
        """Create the folder of sessions and budget, its owner's alone; return it."""
        self.create().bill.mkdir(mode=0o700, exist_ok=True)
        self.bill.chmod(0o700)
        return self.bill

    def free_bytes(self) -> int:
        """Return what is left on the disk of the folder, or of the next one above."""
        above = next(path for path in (self.path, *self.path.parents) if path.exists())
        return shutil.disk_usage(above).free

    def _unwritable(self, reason: str) -> UsageError:
        return UsageError(
            f"Cannot keep state in {self.path}: {reason}. Make the folder writable, or"
            f" name another one with {HOME_VARIABLE}."
        )


def current_home() -> Home:
    """Return the home folder: ``BILL_LEDGER_HOME``, else ``.ledger`` here.

    Raises:
        UsageError: dlt could not load from a folder of this name.
    """
    named = os.environ.get(HOME_VARIABLE) or ".ledger"
    path = Path(named).expanduser().absolute()
    if "'" in str(path):  # dlt puts the path into a statement as it is
        raise UsageError(
            f"Cannot keep state in {path}: its path holds an apostrophe, with which"
            f" nothing can be loaded. Name another folder with {HOME_VARIABLE}."
        )
    return Home(path)


def credential_variable(name: str, field: str) -> str:
    """Return the variable that wins over secrets.toml: ``BILL_ACME_TOKEN_NAME``."""
    return f"BILL_{name.upper().replace('-', '_')}_{field.upper()}"


def credentials_in_environment(name: str) -> dict[str, str]:
    """Return the credential fields of a connection that the environment sets."""
    found = {
        field: os.environ.get(credential_variable(name, field))
        for field in CREDENTIAL_FIELDS
    }
    return {field: value for field, value in found.items() if value}


def webhook_key_in_environment(name: str) -> str | None:
    """Return the security key of a connection's webhook, None where unset."""
    return os.environ.get(credential_variable(name, WEBHOOK_KEY)) or None


def alert_settings_in_environment() -> dict[str, str]:
    """Return where alerts go as far as the environment says; those win."""
    found = {
        field: os.environ.get(variable) for variable, field in ALERT_VARIABLES.items()
    }
    return {field: value for field, value in found.items() if value}


def secret_in_environment(variable: str) -> str | None:
    """Return ``BILL_TOKEN_PASSWORD`` or its like, None where unset."""
    return os.environ.get(variable) or None


def app_password_in_environment() -> str | None:
    """Return the review app's password, None where unset."""
    return os.environ.get("BILL_APP_PASSWORD") or None


def quiet_environment(home: Home) -> Mapping[str, str]:
    """Return the variables that keep our libraries at home and silent."""
    return {
        HOME_VARIABLE: str(home.path),
        "DAGSTER_HOME": str(home.dagster),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "DLT_DATA_DIR": str(home.dlt),
        "DLT_PROJECT_DIR": str(home.dlt),
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "DO_NOT_TRACK": "1",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "PYTHONWARNINGS": "ignore",
    }


def apply_environment(home: Home) -> None:
    """Set the variables of `quiet_environment` for this process."""
    environment: MutableMapping[str, str] = os.environ
    environment.update(quiet_environment(home))


def child_environment(home: Home) -> dict[str, str]:
    """Return the environment for a process we start."""
    return {**os.environ, **quiet_environment(home)}


def program(name: str) -> Path:
    """Return a program installed beside this Python; no PATH is needed."""
    return Path(sys.executable).with_name(name)
