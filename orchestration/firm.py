"""The firm view: one read-only DuckDB file over every connection's published ledger.

Here belongs: collecting rows ledger by ledger, swapping the file. Not here: what the
tables say (firm_tables.py), when it is made anew (resources.py, cli/).

A ledger that cannot be read costs its own fresh rows and nobody else's; settings or a
state that cannot be read become that connection's cause. Rows of a ledger whose file
is the one they were read from are taken from the view before.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.connections import Registry
from orchestration.failures import LedgerError
from orchestration.firm_tables import (
    HEALTH,
    HEALTH_COLUMNS,
    HEALTH_COMMENT,
    META_COLUMNS,
    SCHEMA_VERSION,
    TABLES,
)
from orchestration.locks import exclusive
from orchestration.settings import ConnectionFolder, Home
from orchestration.states import standing
from orchestration.views import escaped

if TYPE_CHECKING:
    import duckdb

BUILT = "select value::timestamptz from source.main.meta where key = ?"
log = logging.getLogger(__name__)


def refresh_firm(home: Home) -> bool:
    """Make the view anew; what stands in the way is logged and stops nobody.

    Returns:
        Whether there is a new view.
    """
    import duckdb

    try:
        build_firm(home)
    except (LedgerError, OSError, duckdb.Error) as error:
        log.warning("The firm view stays as it was: %s", error)
        return False
    return True


def build_firm(home: Home) -> None:
    """Write a new view beside the old one, then put it in its place."""
    import duckdb

    fresh = home.firm.with_name("firm.duckdb.new")
    with exclusive(home.path / "firm.lock"):
        for path in (fresh, Path(f"{fresh}.wal")):
            path.unlink(missing_ok=True)
        with closing(duckdb.connect(str(fresh))) as firm:
            firm.execute("set TimeZone = 'UTC'")
            with _all_or_nothing(firm):  # one write to the disk instead of seventy
                _make_tables(firm)
            known = _known(firm, home.firm)
            for name in Registry(home).names():
                _add(firm, home, name, known)
            built = [("built_at", datetime.now(UTC).isoformat())]
            _insert(firm, "meta", [("schema_version", SCHEMA_VERSION), *built])
            with suppress(duckdb.Error):
                firm.execute("detach before")
            firm.execute("checkpoint")
        fresh.replace(home.firm)


def _make_tables(firm: "duckdb.DuckDBPyConnection") -> None:
    parts = {name: (table.comment, table.columns) for name, table in TABLES.items()}
    parts[HEALTH] = (HEALTH_COMMENT, HEALTH_COLUMNS)
    parts["meta"] = ("What this file is.", META_COLUMNS)
    for name, (comment, columns) in parts.items():
        words = ", ".join(f"{column} {kind}" for column, (kind, _) in columns.items())
        firm.execute(f"create table {name} ({words})")
        firm.execute(f"comment on table {name} is '{escaped(comment)}'")
        for column, (_, text) in columns.items():
            firm.execute(f"comment on column {name}.{column} is '{escaped(text)}'")


def _known(firm: "duckdb.DuckDBPyConnection", before: Path) -> Mapping[str, str]:
    """Attach the view before; return which ledger file each one's rows are from."""
    import duckdb

    if not before.exists():
        return {}
    try:
        firm.execute(f"attach '{escaped(str(before))}' as before (read_only)")
        version = "select value from before.main.meta where key = 'schema_version'"
        if firm.execute(version).fetchall() != [(SCHEMA_VERSION,)]:
            return {}
        stamps = f"select connection, ledger_stamp from before.main.{HEALTH}"
        return dict(firm.execute(stamps).fetchall())
    except duckdb.Error:
        return {}  # damaged, or open for writing elsewhere: read all ledgers anew


def _add(
    firm: "duckdb.DuckDBPyConnection", home: Home, name: str, known: Mapping[str, str]
) -> None:
    """Add one connection: its state, and its rows from its ledger or from before."""
    import duckdb

    folder = home.connection(name)
    stamp, problem = _stamp(folder), ""
    facts: Sequence[Any] = (None, None)
    if stamp and known.get(name) == stamp:
        facts = _copy_before(firm, name)
    elif stamp:
        try:
            facts = _read_ledger(firm, folder)
        except duckdb.Error as error:
            problem = f"Reading {folder.ledger}: {str(error).splitlines()[0]}"
            stamp = ""  # so that it is tried again
            facts = _copy_before(firm, name) if name in known else facts
    else:
        problem = "Nothing has been published yet."
    _insert(firm, HEALTH, [_health(home, name, facts, problem, stamp)])


def _read_ledger(
    firm: "duckdb.DuckDBPyConnection", folder: ConnectionFolder
) -> Sequence[Any]:
    """Copy what one ledger gives to each table; return what instants it is of."""
    firm.execute(f"attach '{escaped(str(folder.ledger))}' as source (read_only)")
    try:
        with _all_or_nothing(firm):
            for table, definition in TABLES.items():
                firm.execute(
                    f"insert into {table} select ?, * from ({definition.query})",
                    [folder.path.name],
                )
            return [
                next(iter(firm.execute(BUILT, [key]).fetchall()), (None,))[0]
                for key in ("as_of", "built_at")
            ]
    finally:
        firm.execute("detach source")


def _copy_before(firm: "duckdb.DuckDBPyConnection", name: str) -> Sequence[Any]:
    for table in TABLES:
        firm.execute(
            f"insert into {table} from before.main.{table} where connection = ?", [name]
        )
    instants = f"select as_of, built_at from before.main.{HEALTH} where connection = ?"
    return list(firm.execute(instants, [name]).fetchall()[0])


@contextmanager
def _all_or_nothing(firm: "duckdb.DuckDBPyConnection") -> Iterator[None]:
    firm.execute("begin")
    try:
        yield
    except BaseException:
        firm.execute("rollback")
        raise
    firm.execute("commit")


def _health(
    home: Home, name: str, facts: Sequence[Any], problem: str, stamp: str
) -> tuple[Any, ...]:
    now = standing(home, name)
    return (
        name,
        now.organization_id,
        now.word,
        now.state.cause,
        now.state.since or None,
        now.state.last_success,
        now.next_action(name),
        *facts,
        now.newest_run.get("status"),
        now.newest_run.get("finished_at"),
        now.calls,
        now.connection.home_currency if now.connection else None,
        problem,
        stamp,
    )


def _stamp(folder: ConnectionFolder) -> str:
    """Return what tells one published file from the next; '' where there is none."""
    try:
        found = folder.ledger.stat()
    except OSError:
        return ""
    return f"{found.st_ino}-{found.st_mtime_ns}-{found.st_size}"


def _insert(
    firm: "duckdb.DuckDBPyConnection", table: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    marks = ", ".join("?" * len(rows[0]))
    firm.executemany(f"insert into {table} values ({marks})", rows)
