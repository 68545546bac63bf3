"""Syncs that are stopped or refused, or find files lost: nothing is lost for good."""

import shutil

import duckdb
import pytest
from shell import FIRST_DAY, Shell

from bill_source.sandbox import SandboxServer

pytestmark = pytest.mark.slow


def test_without_its_ledger_file_a_sync_builds(synced: Shell) -> None:
    """Nothing changed in BILL, and yet the deleted file comes back the same."""
    before = synced.tables()
    synced.home.connection("acme").ledger.unlink()

    synced.sync()

    assert synced.tables() == before


def test_a_lost_warehouse_comes_back_the_same(synced: Shell) -> None:
    """It is made again from the exports, versions included, without a full read."""
    before, folder = synced.tables(), synced.home.connection("acme")
    folder.warehouse.unlink()
    folder.ledger.unlink()

    assert synced.sync()["versions_appended"] == 0
    assert synced.tables() == before


def test_without_warehouse_and_exports_bill_is_read_anew(shell: Shell) -> None:
    """Nothing changed in BILL meanwhile, so the ledger is the same."""
    with SandboxServer(seed=4, months=1, today=FIRST_DAY) as bill:
        shell.connect(bill)
        shell.sync("--now", "2026-06-20T12:00:00Z")
        before, folder = shell.tables(), shell.home.connection("acme")
        folder.warehouse.unlink()
        shutil.rmtree(folder.exports)

        again = shell.sync("--now", "2026-06-20T12:00:00Z")
        assert again["versions_appended"] > 0
        assert shell.tables() == before


def test_a_damaged_warehouse_is_named(synced: Shell) -> None:
    """The advice is to delete it; after that it comes back."""
    folder = synced.home.connection("acme")
    sound = folder.warehouse.read_bytes()
    folder.warehouse.write_bytes(b"not a database" * 1000)

    result = synced.run("sync", "acme")

    folder.warehouse.write_bytes(sound)
    assert result.returncode == 1
    assert "Delete the file" in " ".join(result.stderr.split())


def test_a_failed_check_publishes_nothing(synced: Shell) -> None:
    """Exit 4 names the check; the ledger stays the file it was and can be mended."""
    folder = synced.home.connection("acme")
    before = folder.ledger.read_bytes()
    with duckdb.connect(str(folder.warehouse)) as warehouse:
        warehouse.execute(
            "insert into raw_bill.vendors select * from raw_bill.vendors limit 1"
        )

    result = synced.run("sync", "acme")

    assert result.returncode == 4, result.stderr
    assert "key_is_unique_stg_bill__vendors" in result.stderr
    assert folder.ledger.read_bytes() == before
    folder.warehouse.unlink()
    synced.sync()


@pytest.mark.parametrize("moment", ["loading from BILL", "posting the ledger"])
def test_a_terminated_sync_ends_cleanly(synced: Shell, moment: str) -> None:
    """SIGTERM ends it soon, without a traceback; the ledger stays, the next works."""
    folder = synced.home.connection("acme")
    before = folder.ledger.read_bytes()
    with synced.start("sync", "acme", "--full") as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        while said and moment not in said:
            said = process.stderr.readline()
        process.terminate()
        rest = process.stderr.read()
        process.wait(timeout=60)

    assert moment in said
    assert process.returncode == 1, rest
    assert "Traceback" not in rest
    assert folder.ledger.read_bytes() == before
    synced.sync()


def test_a_second_sync_waits_for_the_first(synced: Shell) -> None:
    """Two at once: both succeed, one after the other."""
    words = ("sync", "acme", "--full")
    with synced.start(*words) as first, synced.start(*words) as second:
        ends = [process.communicate(timeout=280)[1] for process in (first, second)]

    assert (first.returncode, second.returncode) == (0, 0), ends
    assert any("Waiting for another run" in end for end in ends)


def test_a_paused_connection_makes_no_request(
    synced: Shell, bill: SandboxServer
) -> None:
    """It says so and exits 0; resumed, it syncs again."""
    synced.done("pause", "acme")
    before = bill.measurements.requests

    result = synced.run("sync", "acme")

    assert (result.returncode, bill.measurements.requests) == (0, before)
    assert "paused" in result.stderr
    synced.done("resume", "acme")
    synced.sync()
