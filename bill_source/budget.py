"""How much a key may still ask of BILL, counted where all who use the key can see it.

Here belongs: the counts of a clock hour, BILL's own word that they are used up, a
lock-out to remember, the pace of Spend & Expense. Not here: what waits for the next
hour (allowance.py), or how many calls are in flight (limiter.py).

A small SQLite file per key, shared by processes and connections; its name is a
fingerprint, never the key. Without a folder the counts live in memory. A count costs
about 0.03 ms. The journal is not synced to disk: after a power cut we may count too
little, and BILL's own refusal then sets it right.
"""

import hashlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from bill_source.errors import BillSettingsError, BillUnavailableError

HOURLY_REQUESTS = 20_000
HOURLY_LOGINS = 200
SPEND_CALLS_A_MINUTE = 60
"""BILL's limits per developer key and hour, and per spend token and minute."""
LOCK_TIME = timedelta(minutes=15)
"""A lock is seen to end after 5 to 15 minutes; each login before prolongs it."""
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
USED_UP = 10**9
PATIENCE = 10.0
"""Seconds to wait for another process that is just counting."""

Clock = Callable[[], datetime]


class Spent(NamedTuple):
    """Which limit leaves nothing, when BILL counts from zero again, and who says so."""

    what: str
    until: datetime
    by_bill: bool


_TABLES = """
create table if not exists spent (
    what text, hour integer, calls integer, primary key (what, hour)
) without rowid;
create table if not exists locked (organization text primary key, until real);
create table if not exists sent (at real);
"""
_COUNT = """
insert into spent values (?, ?, 1)
on conflict do update set calls = calls + 1 where calls < ? returning calls
"""
_CALLS = "select calls from spent where what = ? and hour = ?"
_USE_UP = "insert or replace into spent values (?, ?, ?)"
_LOCK = "insert or replace into locked values (?, ?)"


def utc_now() -> datetime:
    """Return the machine's clock."""
    return datetime.now(UTC)


def fingerprint(*parts: str) -> str:
    """Return a name by which nobody can tell what was named."""
    digest = hashlib.sha256("\0".join(parts).encode())
    return digest.hexdigest()[:24]


class Budget:
    """Counts the calls of one key; safe for threads, processes and connections."""

    def __init__(
        self,
        shared: Path | None,
        key: str,
        limits: Mapping[str, int] | None = None,
        *,
        clock: Clock = utc_now,
    ) -> None:
        self._limits = limits or {}
        self._clock = clock
        self._lock = threading.Lock()
        self._is_open = True
        self._counts = _open(shared, f"budget-{fingerprint(key)}.sqlite")
        yesterday = (clock() - 24 * HOUR).timestamp()
        self._counts.execute("delete from spent where hour < ?", (yesterday,))

    def close(self) -> None:
        """Let go of the file; whoever still counts is told that the run has ended."""
        with self._lock:
            self._is_open = False
            self._counts.close()

    def take(self, *names: str) -> Spent | None:
        """Take one call of each name, or none and tell when there will be some."""
        hour = self._hour()
        with self._writing() as counts:
            for name in names:
                row = (name, int(hour.timestamp()), self._limits[name])
                if not counts.execute(_COUNT, row).fetchall():
                    calls = counts.execute(_CALLS, row[:2]).fetchall()[0][0]
                    counts.execute("rollback")
                    return Spent(name, hour + HOUR, calls >= USED_UP)
        return None

    def left(self, name: str) -> int:
        """Return how many calls this hour still has."""
        row = (name, int(self._hour().timestamp()))
        with self._writing() as counts:
            found = counts.execute(_CALLS, row).fetchall()
        return max(0, self._limits[name] - (found[0][0] if found else 0))

    def use_up(self, name: str) -> datetime:
        """Note that BILL gives no more this hour; tell when the next one starts."""
        hour = self._hour()
        with self._writing() as counts:
            counts.execute(_USE_UP, (name, int(hour.timestamp()), USED_UP))
        return hour + HOUR

    def lock(self, organization_id: str) -> datetime:
        """Note that BILL has locked the organization; tell until when we leave it."""
        until = self._clock() + LOCK_TIME
        with self._writing() as counts:
            counts.execute(_LOCK, (organization_id, until.timestamp()))
        return until

    def locked_until(self, organization_id: str) -> datetime | None:
        """Return when a lock that is still on will have been left alone enough."""
        query = "select until from locked where organization = ? and until > ?"
        row = (organization_id, self._clock().timestamp())
        with self._writing() as counts:
            found = counts.execute(query, row).fetchall()
        return datetime.fromtimestamp(found[0][0], UTC) if found else None

    def pace(self) -> float:
        """Take one call of the last minute's, or tell how many seconds to wait."""
        now = self._clock().timestamp()
        oldest = now - MINUTE.total_seconds()
        with self._writing() as counts:
            counts.execute("delete from sent where at <= ?", (oldest,))
            calls, first = counts.execute(
                "select count(*), min(at) from sent"
            ).fetchone()
            if calls >= SPEND_CALLS_A_MINUTE:
                return float(first) - oldest
            counts.execute("insert into sent values (?)", (now,))
        return 0.0

    def _hour(self) -> datetime:
        return self._clock().replace(minute=0, second=0, microsecond=0)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, one at a time; what did not reach its end is undone."""
        with self._lock:
            if not self._is_open:
                raise BillUnavailableError("The run was stopped.")
            try:
                self._counts.execute("begin immediate")
                yield self._counts
                if self._counts.in_transaction:
                    self._counts.execute("commit")
            except sqlite3.Error as error:
                raise BillUnavailableError(
                    f"Could not count the calls to BILL: {error}."
                ) from error
            finally:
                if self._counts.in_transaction:
                    self._counts.execute("rollback")


def _open(shared: Path | None, name: str) -> sqlite3.Connection:
    """Open the counts; a damaged file is replaced, for it holds a few hours only."""
    if shared is None:
        return _connect(":memory:")
    file = private_folder(shared) / name
    try:
        return _connect(str(file))
    except sqlite3.OperationalError as error:
        raise _unusable(shared, str(error)) from error
    except sqlite3.DatabaseError:
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                file.with_name(name + suffix).unlink()
        return _connect(str(file))


def _connect(place: str) -> sqlite3.Connection:
    counts = sqlite3.connect(
        place, timeout=PATIENCE, isolation_level=None, check_same_thread=False
    )
    _keep_a_log(counts)
    counts.execute("pragma synchronous = off")
    counts.executescript(_TABLES)
    return counts


def _keep_a_log(counts: sqlite3.Connection) -> None:
    """Let readers go on beside a writer; loads that open a new file at once take turns.

    SQLite waits for a lock, but not where two would wait for each other here.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            counts.execute("pragma journal_mode = wal")
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def private_folder(folder: Path) -> Path:
    """Make a folder that only its owner may look into, and return it.

    Raises:
        BillSettingsError: It cannot be made or written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error.strerror or "no reason given") from error
    return folder


def _unusable(folder: Path, reason: str) -> BillSettingsError:
    return BillSettingsError(
        f"Could not keep sessions and counts in {folder}: {reason}.",
        advice="Make the folder writable and run the sync again.",
    )
