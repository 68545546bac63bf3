"""Whatever a run left behind, the next one makes the raw tables right."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dlt.common.runtime import signals

from bill_source import BillCredentials, BillLimitError, WarehouseError, load
from bill_source.backfill import windows
from bill_source.pipeline import Order, exclusive, passing_signals_on, run_load
from bill_source.policy import Policy
from bill_source.sandbox import SandboxServer, Switches
from bill_source.tables import SCHEMAS

Make = Callable[..., dict[str, Any]]
SMALL_PACKAGES = Policy(package_rows=200, window_rows=100)


def contents(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every raw table, but for the name of the load that brought it."""
    found = {}
    with duckdb.connect(folder / "warehouse.duckdb") as connection:
        for table in SCHEMAS:
            query = (
                f"select * exclude (_dlt_load_id) from raw_bill.{table} order by all"  # noqa: S608 - our names
            )
            found[table] = connection.execute(query).fetchall()
    return found


def environment(credentials: BillCredentials) -> dict[str, str]:
    """What ``python -m bill_source`` reads, and nothing of the developer's."""
    return {
        "PATH": os.environ["PATH"],
        "BILL_ORGANIZATION_ID": credentials.organization_id,
        "BILL_TOKEN_NAME": credentials.token_name,
        "BILL_TOKEN_PASSWORD": credentials.token_password,
        "BILL_DEV_KEY": credentials.dev_key,
        "BILL_API_URL": credentials.api_url,
    }


def ids_and_hashes(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What each table holds, but for instants, which differ between real runs."""
    found = {}
    with duckdb.connect(folder / "warehouse.duckdb") as connection:
        for table, schema in SCHEMAS.items():
            columns = ", ".join(n for n in schema.names if n != "_synced_at")
            query = f"select {columns} from raw_bill.{table} order by all"  # noqa: S608 - our names
            found[table] = connection.execute(query).fetchall()
    return found


MOMENTS = [
    ("dlt", 0.0),
    ("dlt/raw_bill/normalize/*", 0.0),
    ("dlt/raw_bill/load/normalized/*", 0.0),
    ("warehouse.duckdb", 0.0),
    *(("warehouse.duckdb.wal", 0.1 * step) for step in range(3)),
]
"""What must have appeared in the folder, and seconds to let pass, before the kill."""


def wait_for(folder: Path, pattern: str, process: subprocess.Popen[bytes]) -> None:
    """Return when a file of this name is there, or the process has ended."""
    while process.poll() is None and not list(folder.glob(pattern)):
        time.sleep(0.002)


@pytest.mark.slow
def test_a_killed_load_is_made_good(
    sandbox: SandboxServer, credentials: BillCredentials, tmp_path: Path
) -> None:
    """Killed at many moments, the next load gives the tables of an undisturbed one."""
    expected = tmp_path / "undisturbed"
    load(credentials, expected, now=sandbox.clock.now())
    folder = tmp_path / "killed"
    command = [sys.executable, "-m", "bill_source", str(folder)]
    killed = 0
    for pattern, seconds in MOMENTS:
        shutil.rmtree(folder, ignore_errors=True)
        process = subprocess.Popen(command, env=environment(credentials))
        wait_for(folder, pattern, process)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        load(credentials, folder, now=sandbox.clock.now())
        assert ids_and_hashes(folder) == ids_and_hashes(expected)
    assert killed > len(MOMENTS) / 2


@pytest.mark.slow
def test_an_interrupt_ends_cleanly(books: Any) -> None:
    """Ctrl-C ends a slow load soon, with a sentence instead of a traceback.

    Python loses one that comes in a callback (an import's, a collector's): if requests
    go on, press again.
    """
    books.server.faults.slow(1)
    process = subprocess.Popen(
        [sys.executable, "-m", "bill_source", str(books.folder)],
        env=environment(books.credentials),
        stderr=subprocess.PIPE,
        text=True,
    )
    asked = books.server.measurements
    pressed_at = 0
    while process.poll() is None:
        if asked.requests >= pressed_at + 3:
            pressed_at = asked.requests
            process.send_signal(signal.SIGINT)
        time.sleep(0.01)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.splitlines()[-1].startswith("Stopped")
    books.server.faults.clear()
    assert books.load().finished_at is not None


def test_rows_of_unfinished_loads_are_taken_back(books: Any, bill: Make) -> None:
    """Rows whose load was never marked done go, and come again as the same version."""
    books.write("bills", [bill(1)])
    books.load()
    books.write("bills", [bill(1, amount=7), bill(2)])
    books.load(day=1)
    expected = contents(books.folder)
    # As if the machine had stopped after the rows were copied, before the mark.
    books.query(
        "update raw_bill._dlt_loads set status = 1"
        " where load_id = (select max(load_id) from raw_bill._dlt_loads)"
    )
    books.load(day=1)
    assert contents(books.folder) == expected


def test_a_first_load_that_was_never_marked_is_read_anew(
    books: Any, bill: Make
) -> None:
    """Rows of a first load that died before any mark go, and come again once."""
    books.write("bills", [bill(1), bill(2)])
    books.load(entities=["bills"])
    expected = contents(books.folder)
    books.query("delete from raw_bill._dlt_loads")
    assert books.load(entities=["bills"]).versions_appended == 2
    assert contents(books.folder) == expected
    for table in ("_dlt_loads", "_dlt_version", "_dlt_pipeline_state"):
        books.query(f"drop table raw_bill.{table}")
    assert books.load(entities=["bills"]).versions_appended == 2
    assert contents(books.folder) == expected


def test_a_lost_working_folder_does_no_harm(books: Any, bill: Make) -> None:
    """Without dlt's working folder the watermarks come from the warehouse."""
    books.policy = Policy(small_list=0)
    books.write("bills", [bill(1)])
    books.load()
    shutil.rmtree(books.folder / "dlt")
    books.server.measurements.clear()
    report = books.load(day=1)
    assert report.versions_appended == 0
    assert books.asked("/v3/bills")[0]["filters"].startswith("updatedTime:gte:")


def test_a_lost_warehouse_is_read_anew(books: Any, bill: Make) -> None:
    """Without the warehouse everything is loaded again, whatever dlt remembers."""
    books.write("bills", [bill(1)])
    books.load()
    expected = contents(books.folder)
    (books.folder / "warehouse.duckdb").unlink()
    books.load()
    assert contents(books.folder) == expected


def test_an_older_warehouse_catches_up(books: Any, bill: Make) -> None:
    """A restored backup goes on from its own watermark, not from a newer one."""
    books.policy = Policy(small_list=0)
    backup = books.folder.parent / "backup.duckdb"
    books.write("bills", [bill(1, day=1)])
    books.load()
    shutil.copy(books.folder / "warehouse.duckdb", backup)
    books.write("bills", [bill(1, day=1), bill(2, day=5)])
    books.load(day=1)
    later = [bill(1, day=1), bill(2, day=5), bill(3, day=28, paymentStatus="PAID")]
    books.write("bills", later)
    books.load(day=2)
    shutil.copy(backup, books.folder / "warehouse.duckdb")
    books.load(day=2)
    found = books.query("select id[-1:], _version from raw_bill.bills order by id")
    assert found == [("1", 1), ("2", 1), ("3", 1)]


def test_a_damaged_warehouse_is_told(books: Any) -> None:
    """A file that is no database is named, with the advice to delete it."""
    books.folder.mkdir()
    (books.folder / "warehouse.duckdb").write_bytes(b"not a database" * 1000)
    with pytest.raises(WarehouseError, match="Delete the file"):
        books.load()


@pytest.mark.slow
def test_a_warehouse_in_use_is_told(books: Any, bill: Make) -> None:
    """A file another program has open is named, and nothing is lost."""
    books.write("bills", [bill(1)])
    books.load()
    path = books.folder / "warehouse.duckdb"
    code = f"import duckdb; c = duckdb.connect({str(path)!r}); print(1); input()"
    with subprocess.Popen(
        [sys.executable, "-uc", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(WarehouseError, match="open"):
            books.load(day=1)
        holder.communicate(b"\n")
    assert books.load(day=1).tables["bills"].rows == 1


def test_a_second_load_is_refused(books: Any) -> None:
    """While one load runs in a folder, another one says so and touches nothing."""
    with (
        exclusive(books.folder),
        pytest.raises(WarehouseError, match="is running"),
    ):
        books.load()
    assert books.server.measurements.requests == 0


def test_an_interrupted_first_import_goes_on(tmp_path: Path) -> None:
    """Windows that were read before the hourly limit are not read a second time."""
    switches = Switches(latency_seconds=0.0)
    with SandboxServer(months=30, switches=switches) as server:
        credentials = BillCredentials(
            server.organization_id,
            server.token_name,
            server.token_password,
            server.dev_key,
            server.api_url,
        )
        bills = Order(["bills"])
        whole = run_load(
            credentials, tmp_path / "whole", order=bills, policy=SMALL_PACKAGES
        )
        server.faults.hourly_limit(after_requests=whole.api_calls - 4)
        with pytest.raises(BillLimitError):
            run_load(
                credentials,
                tmp_path,
                order=bills,
                policy=SMALL_PACKAGES,
                wait_for_hour=False,
            )
        server.advance_seconds(3600)
        report = run_load(credentials, tmp_path, order=bills, policy=SMALL_PACKAGES)
    assert report.tables["bills"].rows == whole.tables["bills"].rows
    assert 0 < report.versions_appended < whole.versions_appended
    assert report.api_calls < whole.api_calls


@pytest.mark.parametrize(
    ("oldest", "count"),
    [("2024-05-01", 3), ("2026-01-01", 2), ("2030-01-01", 2), ("1970-01-01", 21)],
)
def test_windows_cover_all_time(oldest: str, count: int) -> None:
    """The first window has no start, the last no end, each begins where one ends."""
    first = datetime.fromisoformat(oldest).replace(tzinfo=UTC)
    found = windows(first, datetime(2026, 3, 2, tzinfo=UTC))
    assert len(found) == count
    assert found[0][0] == found[-1][1] == ""
    assert [end for _, end in found[:-1]] == [start for start, _ in found[1:]]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_dlt_works_is_not_lost(number: signal.Signals) -> None:
    """Whoever listened before hears it when dlt is done, even if dlt could finish."""
    heard = []
    before = signal.signal(number, lambda *_: heard.append(number))
    try:
        with passing_signals_on():
            signal.raise_signal(number)
            with signals.intercepted_signals():
                assert heard == []
    finally:
        signal.signal(number, before)

    assert heard == [number]
