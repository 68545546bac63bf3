"""What no rebuild may lose: decisions, categories, sync history, connection state.

Here belongs: the SQLite file beside each warehouse, its tables, reading and appending.
SQLite, because people write decisions while a sync holds the warehouse. Not here: what
a valid decision is (decision_kinds.py).
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.drift import FullReading
from orchestration.failures import StoreError

FIRST_TABLES = """
create table decisions (
    decision_id integer primary key,
    kind text not null,
    row_key text not null unique,
    imported_at text not null,
    effective_at text not null,
    body text not null
);
create index decisions_by_kind on decisions (kind, decision_id);
create table line_categories (
    decision_id integer primary key,
    org_id text not null,
    source_entity text not null,
    document_id text not null,
    line_id text not null,
    account_number text,
    confidence text not null,
    decided_by text not null,
    explanation text not null,
    suggestion_1 text,
    suggestion_2 text,
    suggestion_3 text,
    model_version text not null,
    decided_at text not null
);
create table sync_runs (
    run_id text primary key,
    as_of text not null,
    started_at text not null,
    finished_at text not null,
    status text not null,
    api_calls integer not null,
    rows_read integer not null,
    versions_appended integer not null,
    message text not null
);
create table connection_state (
    single integer primary key check (single = 1),
    state text not null,
    cause text not null,
    since text not null,
    last_success text,
    last_as_of text
);
"""
FULL_READINGS = """
create table full_readings (
    run_id text primary key,
    as_of text not null,
    finished_at text not null,
    lists_read integer not null,
    drifted integer not null,
    missing integer not null,
    differences text not null
);
"""
PARTIES = """
create table party_members (
    change_id integer primary key,
    org_id text not null,
    source_entity text not null,
    source_id text not null,
    party_id text not null,
    raw_name text not null,
    normalised_name text not null,
    chosen_name text,
    method text not null,
    score text not null,
    decided_by text not null,
    decided_at text not null
);
create index party_members_by_record
on party_members (source_entity, source_id, change_id);
create table party_redirects (
    former_party_id text primary key,
    party_id text not null
);
"""
REMEMBERED = """
create table list_readings (
    raw_table text primary key,
    last_synced_at text not null
);
create table lock_balances (
    lock_date text not null,
    locked_at text not null,
    basis text not null,
    account_number text not null,
    balance text not null,
    primary key (lock_date, locked_at, basis, account_number)
);
"""
MODEL_EVALUATIONS = """
create table model_evaluations (
    model_version text primary key,
    evaluated_at text not null,
    labels integer not null,
    outcome text not null,
    scores text not null
);
"""
SETTINGS = """
create table settings_versions (
    version_id integer primary key,
    effective_at text not null,
    org_timezone text not null,
    home_currency text not null,
    bill_posting_policy text not null,
    ledger_start_date text not null
);
"""
OPERATING = """
create table owner (
    single integer primary key check (single = 1),
    settings text not null
);
create table refused_credential (
    single integer primary key check (single = 1),
    fingerprint text not null
);
create table alerts (
    kind text primary key,
    told_at text not null
);
alter table sync_runs add column exit_status integer not null default 0;
update sync_runs set exit_status = 1 where status <> 'success';
"""
REASONS = """
alter table line_categories add column deciding_level text;
alter table line_categories add column lines_agreeing integer;
alter table line_categories add column lines_alike integer;
alter table line_categories add column deciding_words text;
alter table line_categories add column is_usual_amount text;
alter table line_categories add column example_document_id text;
alter table line_categories add column runner_up_confidence text;
"""
BEFORE_PAUSE = """
create table before_pause (
    single integer primary key check (single = 1),
    state text not null,
    cause text not null,
    since text not null
);
"""
VERSIONS = (
    FIRST_TABLES,
    FULL_READINGS,
    PARTIES,
    REMEMBERED,
    MODEL_EVALUATIONS,
    SETTINGS,
    OPERATING,
    REASONS,
    BEFORE_PAUSE,
)
"""What each version of the file added; SQLite's user_version counts them."""
CATEGORY_COLUMNS = (
    "org_id",
    "source_entity",
    "document_id",
    "line_id",
    "account_number",
    "confidence",
    "decided_by",
    "explanation",
    "deciding_level",
    "lines_agreeing",
    "lines_alike",
    "deciding_words",
    "is_usual_amount",
    "example_document_id",
    "suggestion_1",
    "suggestion_2",
    "suggestion_3",
    "runner_up_confidence",
    "model_version",
    "decided_at",
)
PARTY_COLUMNS = (
    "org_id",
    "source_entity",
    "source_id",
    "party_id",
    "raw_name",
    "normalised_name",
    "chosen_name",
    "method",
    "score",
    "decided_by",
    "decided_at",
)


@dataclass(frozen=True)
class Decision:
    """One row a person added; ``body`` is its JSON with every column as text."""

    decision_id: int
    kind: str
    imported_at: str
    effective_at: str
    body: str


@dataclass(frozen=True)
class State:
    """How a connection is; instants are UTC, ISO 8601."""

    state: str
    cause: str
    since: str
    last_success: str | None
    last_as_of: str | None


@dataclass(frozen=True)
class SyncRun:
    """One finished run of a connection."""

    run_id: str
    as_of: str
    started_at: str
    finished_at: str
    status: str
    api_calls: int = 0
    rows_read: int = 0
    versions_appended: int = 0
    message: str = ""
    exit_status: int = 0


@dataclass(frozen=True)
class ModelEvaluation:
    """What a training measured on rows it had kept back; ``scores`` is JSON.

    ``outcome`` is `used`, or why the older model was kept.
    """

    model_version: str
    evaluated_at: str
    labels: int
    outcome: str
    scores: str


NEW = State("connected", "", "", None, None)
WAIT_SECONDS = 60
DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
PRIMARY_CODE = 0xFF
"""SQLite's extended codes add detail to one of these in their higher bits."""


def instant_text(instant: datetime) -> str:
    """Return an instant as UTC text that sorts like time."""
    text = instant.astimezone(UTC).isoformat(timespec="microseconds")
    return text.removesuffix("+00:00") + "Z"


def instant_from(text: str) -> datetime:
    """Return the instant of `instant_text`."""
    return datetime.fromisoformat(text)


@contextmanager
def opened(path: Path, wait_seconds: float) -> Iterator[sqlite3.Connection]:
    """Open a connection's SQLite file, made where missing, for one piece of work.

    Args:
        path: The file.
        wait_seconds: How long to wait for others that write to it.

    Raises:
        StoreError: SQLite cannot read or write it; nothing was changed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with closing(sqlite3.connect(path, timeout=wait_seconds)) as connection:
            yield connection
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise  # a mistake of ours, not the file's
    except sqlite3.DatabaseError as error:
        raise StoreError(_trouble(path, error)) from error


def _trouble(path: Path, error: sqlite3.DatabaseError) -> str:
    """Say what SQLite answered of a file, and what to do."""
    said = f"Opening {path}: SQLite says: {error}."
    if getattr(error, "sqlite_errorcode", 0) & PRIMARY_CODE in DAMAGED:
        return (
            f"{said} The file is damaged, and it holds people's decisions. Nothing was"
            " changed. Move it aside, do not delete it, and put"
            f" {path.parent.name}/{path.name} of the newest backup in its place."
        )
    return (
        f"{said} Nothing was changed. See whether another program holds the file, it"
        " may be written, and the disk has room; then run this again."
    )


@dataclass(frozen=True)
class Store:
    """The SQLite file of one connection; made on first use."""

    path: Path

    def add_decisions(
        self, kind: str, rows: Sequence[tuple[str, str, str]], now: datetime
    ) -> int:
        """Append decisions in one transaction; rows already there change nothing.

        Args:
            kind: The decision kind.
            rows: Per decision its key, its effective instant and its JSON body.
            now: The instant of import.

        Returns:
            How many rows were new.
        """
        with self._transaction() as connection:
            before = connection.total_changes
            connection.executemany(
                "insert or ignore into decisions"
                " (kind, row_key, imported_at, effective_at, body)"
                " values (?, ?, ?, ?, ?)",
                [(kind, key, instant_text(now), at, body) for key, at, body in rows],
            )
            return connection.total_changes - before

    def decisions(self, kind: str) -> list[Decision]:
        """Return every decision of a kind, oldest import first."""
        rows = self._all(
            "select decision_id, kind, imported_at, effective_at, body"
            " from decisions where kind = ? order by decision_id",
            (kind,),
        )
        return [Decision(**row) for row in rows]

    def decisions_after(self, kind: str, instant: str) -> list[Decision]:
        """Return the decisions of a kind that count from later than an instant."""
        rows = self._all(
            "select decision_id, kind, imported_at, effective_at, body"
            " from decisions where kind = ? and effective_at > ?"
            " order by effective_at, decision_id",
            (kind, instant),
        )
        return [Decision(**row) for row in rows]

    def add_categories(self, rows: Sequence[Sequence[Any]]) -> int:
        """Append what the categorizer decided, columns as in `CATEGORY_COLUMNS`."""
        marks = ", ".join("?" * len(CATEGORY_COLUMNS))
        with self._transaction() as connection:
            connection.executemany(
                f"insert into line_categories ({', '.join(CATEGORY_COLUMNS)})"
                f" values ({marks})",
                rows,
            )
        return len(rows)

    def categories_after(self, decision_id: int) -> list[dict[str, Any]]:
        """Return what was decided after a given decision, oldest first."""
        return self._all(
            "select * from line_categories where decision_id > ? order by decision_id",
            (decision_id,),
        )

    def newest_model_version(self) -> str:
        """Return the version of the model that decided last; empty before any."""
        rows = self._all(
            "select model_version from line_categories"
            " order by decision_id desc limit 1",
            (),
        )
        return str(rows[0]["model_version"]) if rows else ""

    def add_parties(
        self,
        rows: Sequence[Sequence[Any]],
        redirects: Sequence[Sequence[str]],
    ) -> None:
        """Append memberships that are new or changed, and replace all redirects.

        Args:
            rows: Memberships, columns as in `PARTY_COLUMNS`.
            redirects: Pairs of a former party id and the present one.
        """
        marks = ", ".join("?" * len(PARTY_COLUMNS))
        with self._transaction() as connection:
            connection.executemany(
                f"insert into party_members ({', '.join(PARTY_COLUMNS)})"
                f" values ({marks})",
                rows,
            )
            connection.execute("delete from party_redirects")
            connection.executemany(
                "insert into party_redirects values (?, ?)", redirects
            )

    def party_members(self) -> list[dict[str, Any]]:
        """Return the newest membership of each record."""
        return self._all(
            "select * from party_members where change_id in (select max(change_id)"
            " from party_members group by source_entity, source_id)"
            " order by source_entity, source_id",
            (),
        )

    def party_history(self) -> list[dict[str, Any]]:
        """Return every membership a record ever had, oldest first."""
        return self._all("select * from party_members order by change_id", ())

    def party_redirects(self) -> list[dict[str, Any]]:
        """Return former party ids with the present one."""
        return self._all(
            "select former_party_id, party_id from party_redirects"
            " order by former_party_id",
            (),
        )

    def add_evaluation(self, evaluation: ModelEvaluation) -> None:
        """Record what a training measured; the same model again replaces its row."""
        fields = vars(evaluation)
        with self._transaction() as connection:
            connection.execute(
                f"insert or replace into model_evaluations ({', '.join(fields)})"
                f" values ({', '.join('?' * len(fields))})",
                tuple(fields.values()),
            )

    def evaluations(self) -> list[ModelEvaluation]:
        """Return what every training measured, oldest first."""
        rows = self._all(
            "select * from model_evaluations order by evaluated_at, model_version", ()
        )
        return [ModelEvaluation(**row) for row in rows]

    def add_run(self, run: SyncRun) -> None:
        """Record a finished run; the same run again replaces its row."""
        fields = vars(run)
        with self._transaction() as connection:
            connection.execute(
                f"insert or replace into sync_runs ({', '.join(fields)})"
                f" values ({', '.join('?' * len(fields))})",
                tuple(fields.values()),
            )

    def runs(self) -> list[dict[str, Any]]:
        """Return every recorded run, oldest first."""
        return self._all("select * from sync_runs order by started_at, run_id", ())

    def first_success(self) -> str | None:
        """Return the instant as of which the first successful run counts."""
        query = "select min(as_of) as first from sync_runs where status = 'success'"
        firsts = [row["first"] for row in self._all(query, ())]
        return firsts[0] if firsts else None

    def add_full_reading(self, reading: FullReading) -> None:
        """Record a full reading; the same run again replaces its row."""
        fields = vars(reading)
        with self._transaction() as connection:
            connection.execute(
                f"insert or replace into full_readings ({', '.join(fields)})"
                f" values ({', '.join('?' * len(fields))})",
                tuple(fields.values()),
            )

    def last_full_reading(self) -> FullReading | None:
        """Return the newest full reading; None before the first."""
        rows = self._all(
            "select * from full_readings order by finished_at desc, run_id limit 1", ()
        )
        return FullReading(**rows[0]) if rows else None

    def state(self) -> State:
        """Return how the connection is; a new one is connected."""
        rows = self._all(
            "select state, cause, since, last_success, last_as_of"
            " from connection_state",
            (),
        )
        return State(**rows[0]) if rows else NEW

    def set_state(self, state: State) -> None:
        """Replace the connection's state."""
        with self._transaction() as connection:
            connection.execute(
                "insert or replace into connection_state values (1, ?, ?, ?, ?, ?)",
                tuple(vars(state).values()),
            )

    def _all(self, query: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        if not self.path.exists():
            return []
        with self._transaction() as connection:
            return [dict(row) for row in connection.execute(query, tuple(values))]

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with opened(self.path, WAIT_SECONDS) as connection:
            connection.row_factory = sqlite3.Row
            self._make_tables(connection)
            with connection:
                yield connection

    def _make_tables(self, connection: sqlite3.Connection) -> None:
        """Make the tables of a new file, or those that an older version had not.

        Raises:
            StoreError: A newer version of this product has written the file.
        """
        there = _version(connection)
        if there == len(VERSIONS):
            return
        if there > len(VERSIONS):
            raise StoreError(
                f"Opening {self.path}: a newer bill-ledger wrote it (state version"
                f" {there}; this one knows {len(VERSIONS)}). Nothing was changed."
                " Install that version again, or restore the backup made before the"
                " upgrade."
            )
        connection.execute("pragma journal_mode = delete")
        with connection:
            connection.execute("begin exclusive")
            missing = "".join(VERSIONS[_version(connection) :])
            for statement in filter(str.strip, missing.split(";")):
                connection.execute(statement)
            connection.execute(f"pragma user_version = {len(VERSIONS)}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("pragma user_version").fetchone()[0])
