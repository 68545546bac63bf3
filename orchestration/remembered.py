"""What earlier runs saw and a later one has to be held against.

Here belongs: when each of BILL's lists was last read, what every account stood at when
a period was locked, which settings were in force when. Not here: the SQLite file and
its other tables (store.py).

Both live apart from the warehouse: balances that could be computed anew would prove
nothing about a version log that was lost.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orchestration.store import Store, instant_text


@dataclass(frozen=True)
class LockBalance:
    """What an account stood at when a period was locked; all as text."""

    lock_date: str
    locked_at: str
    basis: str
    account_number: str
    balance: str


@dataclass(frozen=True)
class PostingSettings:
    """The settings that decide what posts and when; all as text."""

    org_timezone: str
    home_currency: str
    bill_posting_policy: str
    ledger_start_date: str


@dataclass(frozen=True)
class Remembered(Store):
    """The tables of a connection's SQLite file that only ever grow by what is new."""

    def keep_readings(self, raw_tables: Iterable[str], at: datetime) -> None:
        """Record that lists of BILL were read whole or in their changes."""
        with self._transaction() as connection:
            connection.executemany(
                "insert into list_readings values (?, ?)"
                " on conflict (raw_table) do update set"
                " last_synced_at = max(last_synced_at, excluded.last_synced_at)",
                [(table, instant_text(at)) for table in raw_tables],
            )

    def readings(self) -> dict[str, str]:
        """Return the instant each list was last read at, by raw table."""
        rows = self._all("select raw_table, last_synced_at from list_readings", ())
        return {row["raw_table"]: row["last_synced_at"] for row in rows}

    def keep_lock_balances(self, balances: Iterable[LockBalance]) -> int:
        """Add balances of locks; those already there stay as they are.

        Returns:
            How many were new.
        """
        with self._transaction() as connection:
            before = connection.total_changes
            connection.executemany(
                "insert or ignore into lock_balances values (?, ?, ?, ?, ?)",
                [tuple(vars(balance).values()) for balance in balances],
            )
            return connection.total_changes - before

    def lock_balances(self) -> list[LockBalance]:
        """Return every balance, in the order of locks and accounts."""
        rows = self._all(
            "select * from lock_balances"
            " order by locked_at, lock_date, basis, account_number",
            (),
        )
        return [LockBalance(**row) for row in rows]

    def keep_settings(self, settings: PostingSettings, at: datetime) -> bool:
        """Add a version of the settings where they are not what they were.

        Returns:
            Whether they changed.
        """
        before = self.settings_versions()
        fields = vars(settings)
        if before and {**before[-1], **fields} == before[-1]:
            return False
        with self._transaction() as connection:
            connection.execute(
                f"insert into settings_versions (effective_at, {', '.join(fields)})"
                f" values (?{', ?' * len(fields)})",
                (instant_text(at), *fields.values()),
            )
        return True

    def settings_versions(self) -> list[dict[str, Any]]:
        """Return every version of the settings, oldest first."""
        return self._all("select * from settings_versions order by version_id", ())
