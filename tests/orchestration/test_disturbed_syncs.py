"""Syncs that are stopped or refused, or find files lost: nothing is lost for good."""

import shutil

import duckdb
import pytest
from shell import Shell, said_until

from bill_source.sandbox import SandboxServer

pytestmark = pytest.mark.slow


def test_without_its_ledger_file_a_sync_builds(synced_alone: Shell) -> None:
    """Nothing changed in BILL, and yet the deleted file comes back the same."""
    before = synced_alone.tables()
    synced_alone.home.connection("acme").ledger.unlink()

    synced_alone.sync()

    assert synced_alone.tables() == before


def test_without_warehouse_and_exports_bill_is_read_anew(synced_alone: Shell) -> None:
    """Nothing changed in BILL meanwhile, so the ledger of that instant is the same."""
    before, folder = synced_alone.tables(), synced_alone.home.connection("acme")
    with synced_alone.ledger() as ledger:
        as_of = "select value from meta where key = 'as_of'"
        instant = str(ledger.execute(as_of).fetchall()[0][0])
    folder.warehouse.unlink()
    shutil.rmtree(folder.exports)

    again = synced_alone.sync("--now", instant)

    assert again["versions_appended"] > 0
    assert synced_alone.tables() == before


def test_a_damaged_warehouse_is_named(synced_alone: Shell) -> None:
    """The advice is to delete it; that it comes back then, the next test says."""
    warehouse = synced_alone.home.connection("acme").warehouse
    warehouse.write_bytes(b"not a database" * 1000)

    result = synced_alone.run("sync", "acme")

    assert result.returncode == 1
    assert "Delete the file" in " ".join(result.stderr.split())


def test_a_failed_check_publishes_nothing_and_a_lost_warehouse_comes_back_the_same(
    synced_alone: Shell,
) -> None:
    """Exit 4 names the check, and the ledger stays the file it was.

    Without its files the warehouse is made again from the exports, versions included,
    without a full reading.
    """
    before, folder = synced_alone.tables(), synced_alone.home.connection("acme")
    published = folder.ledger.read_bytes()
    with duckdb.connect(str(folder.warehouse)) as warehouse:
        warehouse.execute(
            "insert into raw_bill.vendors select * from raw_bill.vendors limit 1"
        )

    result = synced_alone.run("sync", "acme")

    assert result.returncode == 4, result.stderr
    assert "key_is_unique_stg_bill__vendors" in result.stderr
    assert folder.ledger.read_bytes() == published
    folder.warehouse.unlink()
    folder.ledger.unlink()
    assert synced_alone.sync()["versions_appended"] == 0
    assert synced_alone.tables() == before


def test_a_terminated_sync_ends_cleanly(synced_alone: Shell) -> None:
    """SIGTERM ends it soon, without a traceback; the ledger stays, the next works."""
    folder = synced_alone.home.connection("acme")
    before = folder.ledger.read_bytes()
    for moment in ("loading from BILL", "posting the ledger"):
        with synced_alone.start("sync", "acme", "--full") as process:
            said = said_until(process, moment)
            process.terminate()
            _, rest = process.communicate(timeout=60)

        assert moment in said
        assert process.returncode == 1, rest
        assert "Traceback" not in rest
        assert folder.ledger.read_bytes() == before
    synced_alone.sync()
    assert folder.ledger.read_bytes() != before


def test_a_second_sync_waits_for_the_first(synced_alone: Shell) -> None:
    """Two at once: both succeed, one after the other."""
    with synced_alone.start("sync", "acme", "--full") as first:
        said_until(first, "loading from BILL")
        second = synced_alone.run("sync", "acme")
        _, said = first.communicate(timeout=280)

    assert (first.returncode, second.returncode) == (0, 0), said + second.stderr
    assert "Waiting for another run" in second.stderr


def test_a_paused_connection_makes_no_request(
    synced_alone: Shell, bill: SandboxServer
) -> None:
    """It says so and exits 0; resumed, it syncs again."""
    synced_alone.done("pause", "acme")
    before = bill.measurements.requests

    result = synced_alone.run("sync", "acme")

    assert (result.returncode, bill.measurements.requests) == (0, before)
    assert "paused" in result.stderr
    synced_alone.done("resume", "acme")
    synced_alone.sync()
    assert bill.measurements.requests > before
