"""The published ledger: one DuckDB file analysts open, and Parquet beside it.

Here belongs: copying finished tables out of the warehouse, swapping files atomically,
fingerprints. Not here: what the tables contain (dbt_project), when this runs (assets/).
"""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration import changes
from orchestration.changes import record_changes, recover_changes
from orchestration.settings import ConnectionFolder
from orchestration.store import Store
from orchestration.views import add_views, column_comments, escaped, views_of
from orchestration.warehouse import Warehouse

if TYPE_CHECKING:
    import duckdb

SCHEMA_VERSION = "1"
RUN_COLUMNS = {
    "org_id": ("VARCHAR", "The BILL organization."),
    "run_id": ("VARCHAR", "Dagster's id of the run."),
    "as_of": ("TIMESTAMPTZ", "The instant the run counts as."),
    "started_at": ("TIMESTAMPTZ", "When loading began."),
    "finished_at": ("TIMESTAMPTZ", "When the run ended."),
    "status": ("VARCHAR", "success or failure."),
    "api_calls": ("BIGINT", "Requests made to BILL."),
    "rows_read": ("BIGINT", "Records BILL sent."),
    "versions_appended": ("BIGINT", "Records that were new or had changed."),
    "message": ("VARCHAR", "Why it failed and what to do; empty on success."),
    "exit_status": ("BIGINT", "0 done, 1 failed, 3 credential refused, 4 blocked."),
}
META_COLUMNS = {
    "org_id": ("VARCHAR", "The BILL organization."),
    "key": (
        "VARCHAR",
        "schema_version, built_at, as_of, watermark.<raw table>, ...",
    ),
    "value": ("VARCHAR", "The value, as text."),
}
BUILT_FROM = "built_from"
"""The fact in ``meta`` that names what the ledger was built from."""
FACT = "select value from main.meta where key = ?"
MONTH_HASHES = """
select
    'ledger_hash.' || strftime(entry_date, '%Y-%m'),
    md5(string_agg(
        concat_ws('|', line_id, entry_id, entry_date, account_number, party_id,
            document_id, debit, credit, description),
        '~' order by line_id))
from ledger.journal_lines
group by 1
order by 1
"""
READ_SINCE = """
update published.main.sync_matrix as matrix
set last_synced_at = elements.last_synced_at
from settings.sync_elements as elements
where elements.org_id = matrix.org_id and elements.element = matrix.element
"""
PUBLISHED_HASHES = """
select key, value from published.main.meta where starts_with(key, 'ledger_hash.')
"""
JOURNAL = "entry_date, entry_id, line_no, line_id"
ORDERS = {
    "journal_lines": JOURNAL,
    "journal_lines_cash": JOURNAL,
    "journal_entries": "entry_date, entry_id",
}
"""In which order a table is written; else by all its columns, the log as it stands.

Readers of journals ask for days, and lines of an entry have much in common: by day and
entry they take two thirds of the room.
"""
PARQUET = "format parquet, compression zstd, compression_level 1"
"""Level 3, the usual one, takes half as long again for files as large."""
PUBLISHED_TABLES = """
select table_name, estimated_size from duckdb_tables()
where database_name = 'published' and table_name not in ('meta', 'sync_runs')
"""


@dataclass(frozen=True)
class Published:
    """What was published: rows per table and the ledger's fingerprint per month."""

    rows: Mapping[str, int]
    hashes: Mapping[str, str]
    bytes: int


@dataclass(frozen=True)
class Publisher:
    """Publishes one connection's ledger; the caller holds the connection's lock."""

    folder: ConnectionFolder
    org_id: str

    def publish(
        self, store: Store, facts: Mapping[str, str], run_id: str, as_of: datetime
    ) -> Published:
        """Write a new ledger file and its exports, then put both in place.

        Args:
            store: The connection's history, for table ``sync_runs``.
            facts: More rows for table ``meta``, such as watermarks.
            run_id: The run that built it, for table ``ledger_changes``.
            as_of: The instant the run counts as.

        Returns:
            What was published. Until the last step the old files stay untouched.
        """
        fresh = self.folder.path / "ledger.duckdb.new"
        exports = self.folder.path / "exports.new"
        _remove([fresh, exports, Path(f"{fresh}.wal")])
        with Warehouse(self.folder).open() as connection:
            recover_changes(connection, self.folder.ledger)
            record_changes(connection, run_id, as_of)
            hashes = dict(connection.execute(MONTH_HASHES).fetchall())
            connection.execute(f"attach '{escaped(str(fresh))}' as published")
            rows = self._copy(connection)
            self._write_runs(connection, store)
            self._write_meta(connection, {**facts, **hashes})
            connection.execute("checkpoint published")
            connection.execute("detach published")
            _export_raw(connection, exports / "raw_bill")
            views = views_of(connection)
        add_views(fresh, views)
        _export_published(fresh, exports)
        return self._swap(fresh, exports, rows, hashes)

    def has(self, built_from: str) -> bool:
        """Whether what is published was built from that, and is whole."""
        import duckdb

        file = self.folder.ledger
        if not (built_from and file.exists() and self.folder.exports.exists()):
            return False
        try:
            with duckdb.connect(str(file), read_only=True) as connection:
                facts = connection.execute(FACT, [BUILT_FROM]).fetchall()
        except duckdb.Error:
            return False  # it is made anew
        return facts == [(built_from,)]

    def publish_run(self, store: Store, facts: Mapping[str, str]) -> Published:
        """Publish the ledger as it stands again, with the newest run and facts.

        Only ``sync_runs``, ``meta``, when lists were read and the loader's own tables
        are written anew.
        """
        fresh = self.folder.path / "ledger.duckdb.new"
        exports = self.folder.path / "exports.new"
        _remove([fresh, exports, Path(f"{fresh}.wal")])
        shutil.copy(self.folder.ledger, fresh)
        shutil.copytree(self.folder.exports, exports, copy_function=_link)
        with Warehouse(self.folder).open() as connection:
            connection.execute(f"attach '{escaped(str(fresh))}' as published")
            hashes = dict(connection.execute(PUBLISHED_HASHES).fetchall())
            connection.execute("drop table published.main.sync_runs")
            connection.execute("drop table published.main.meta")
            self._write_runs(connection, store)
            self._write_meta(connection, {**facts, **hashes})
            connection.execute(READ_SINCE)
            rows = _published_rows(connection)
            connection.execute("checkpoint published")
            connection.execute("detach published")
            _export_raw(connection, exports / "raw_bill", only="_dlt")
        _export_published(fresh, exports, only=("meta", "sync_runs", "sync_matrix"))
        return self._swap(fresh, exports, rows, hashes)

    def _swap(
        self, fresh: Path, exports: Path, rows: dict[str, int], hashes: dict[str, str]
    ) -> Published:
        """Put finished files in place: exports first, the ledger as the last step."""
        size = fresh.stat().st_size
        _swap_folder(exports, self.folder.exports)
        fresh.replace(self.folder.ledger)
        return Published(rows, hashes, size)

    def _copy(self, connection: "duckdb.DuckDBPyConnection") -> dict[str, int]:
        tables = connection.execute(
            "select table_name, comment from duckdb_tables()"
            " where schema_name = 'ledger' and database_name = current_database()"
            " order by table_name"
        ).fetchall()
        rows = {}
        for name, comment in tables:
            comments = column_comments(connection, name)
            source = f"ledger.{name} order by {ORDERS.get(name, 'all')}"
            rows[name] = _copy_table(connection, source, name, comment, comments)
        said = {column: text for column, (_, text) in changes.COLUMNS.items()}
        rows[changes.NAME] = _copy_table(
            connection, changes.LOG, changes.NAME, changes.COMMENT, said
        )
        return rows

    def _write_runs(
        self, connection: "duckdb.DuckDBPyConnection", store: Store
    ) -> None:
        names = list(RUN_COLUMNS)[1:]
        runs = [(self.org_id, *(run[name] for name in names)) for run in store.runs()]
        comment = "Every finished run of this connection."
        _write_table(connection, "sync_runs", comment, RUN_COLUMNS, runs)

    def _write_meta(
        self, connection: "duckdb.DuckDBPyConnection", facts: Mapping[str, str]
    ) -> None:
        every = {
            "schema_version": SCHEMA_VERSION,
            "bill_ledger_version": version("bill-ledger"),
            **facts,
        }
        rows = [(self.org_id, key, value) for key, value in sorted(every.items())]
        comment = "What this file is: versions, instants, watermarks, fingerprints."
        _write_table(connection, "meta", comment, META_COLUMNS, rows)


def _copy_table(
    connection: "duckdb.DuckDBPyConnection",
    source: str,
    name: str,
    comment: str | None,
    comments: Mapping[str, str],
) -> int:
    """Copy one table into the published file, comments included; return its rows."""
    connection.execute(f"create table published.main.{name} as from {source}")
    _comment(connection, name, comment, comments)
    query = f"select count(*) from published.main.{name}"
    return int(connection.execute(query).fetchall()[0][0])


def _write_table(
    connection: "duckdb.DuckDBPyConnection",
    name: str,
    comment: str,
    columns: Mapping[str, tuple[str, str]],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    words = ", ".join(f"{column} {kind}" for column, (kind, _) in columns.items())
    connection.execute(f"create table published.main.{name} ({words})")
    marks = ", ".join("?" * len(columns))
    if rows:
        connection.executemany(
            f"insert into published.main.{name} values ({marks})",
            rows,
        )
    comments = {column: text for column, (_, text) in columns.items()}
    _comment(connection, name, comment, comments)


def _comment(
    connection: "duckdb.DuckDBPyConnection",
    name: str,
    comment: str | None,
    comments: Mapping[str, str],
) -> None:
    table = f"published.main.{name}"
    connection.execute(f"comment on table {table} is '{escaped(comment)}'")
    for column, text in comments.items():
        connection.execute(f"comment on column {table}.{column} is '{escaped(text)}'")


def _published_rows(connection: "duckdb.DuckDBPyConnection") -> dict[str, int]:
    return dict(connection.execute(PUBLISHED_TABLES).fetchall())


def _export_raw(
    connection: "duckdb.DuckDBPyConnection", folder: Path, only: str = ""
) -> None:
    """Write every raw table, dlt's own too: enough to make the warehouse again.

    With ``only``, those whose names start so, over what stands there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'raw_bill'"
        " and database_name = current_database() and starts_with(table_name, ?)",
        [only],
    ).fetchall()
    for (name,) in tables:
        _copy_to_parquet(connection, f'raw_bill."{name}"', folder / f"{name}.parquet")


def _export_published(file: Path, folder: Path, only: Sequence[str] = ()) -> None:
    import duckdb

    with duckdb.connect(str(file), read_only=True) as connection:
        tables = connection.execute("select table_name from duckdb_tables()").fetchall()
        for name in only or [name for (name,) in tables]:
            _copy_to_parquet(connection, name, folder / f"{name}.parquet")


def _copy_to_parquet(
    connection: "duckdb.DuckDBPyConnection", table: str, path: Path
) -> None:
    path.unlink(missing_ok=True)  # it may be the published file under a second name
    place = escaped(str(path))
    connection.execute(f"copy (from {table}) to '{place}' ({PARQUET})")


def _swap_folder(fresh: Path, place: Path) -> None:
    """Put a finished folder in place of the old one."""
    old = place.with_name(f"{place.name}.old")
    _remove([old])
    if place.exists():
        place.rename(old)
    fresh.rename(place)
    _remove([old])


def _link(source: str, target: str) -> None:
    """Give a file a second name; copy it where the file system has none."""
    try:
        Path(target).hardlink_to(source)
    except OSError:
        shutil.copy(source, target)


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def facts_of(
    as_of: datetime,
    built_at: datetime,
    model_version: str,
    built_from: str,
    watermarks: Mapping[str, str],
) -> dict[str, str]:
    """Return the rows of table ``meta`` that a run knows."""
    return {
        "as_of": as_of.isoformat(),
        "built_at": built_at.isoformat(),
        "model_version": model_version,
        BUILT_FROM: built_from,
        **{f"watermark.{table}": at for table, at in watermarks.items()},
    }
