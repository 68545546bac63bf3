"""Syncs of ledgers so large that only records that changed are built again.

Here belongs: when a sync does so, and what a disturbed one leaves. Not here: which rows
are made anew (tests/dbt_project/test_incremental.py).
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from rebuilding import models_of
from shell import Shell

from bill_source.sandbox import SandboxServer
from orchestration import changed_records, dbt_models, incremental
from orchestration.dbt_models import Rebuilt
from orchestration.incremental import FILE, Increment
from orchestration.warehouse import Warehouse

pytestmark = pytest.mark.slow


@pytest.fixture
def reasons(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Why each step of a sync built all records, '' where it did not; of any size."""
    found: list[str] = []
    monkeypatch.setattr(changed_records, "LEAST_VERSIONS", 0)
    for name in ("begin", "go_on"):
        real = getattr(Increment, name)

        def asked(self: Increment, real: Any = real, **words: bool) -> str:
            found.append(real(self, **words))
            return found[-1]

        monkeypatch.setattr(Increment, name, asked)
    return found


def ledger(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    """Every table of the ledger with its rows, but for what publishing writes there."""
    rows = "select columns(name -> name <> 'revision') from {} order by all"
    with warehouse.open() as connection:
        return {
            name: connection.execute(rows.format(name)).fetchall()
            for name in warehouse.row_counts()
            if name.startswith("ledger.")
        }


def test_a_sync_builds_the_records_that_changed_once_all_were_built(
    synced_alone: Shell, bill: SandboxServer, reasons: list[str], tmp_path: Path
) -> None:
    """The first sync's answers are news to the next one, of nearly all records.

    After that a night's news are few, and their ledger is that of a whole build.
    """
    folder = synced_alone.home.connection("acme")
    for _ in range(2):
        bill.advance_days(1)
        assert synced_alone.sync()["versions_appended"] > 0

    assert reasons[0].endswith("records changed")
    assert reasons[1:] == ["", ""]
    assert not folder.warehouse.with_name(FILE).exists()
    warehouse = Warehouse(folder)
    of_changes = ledger(warehouse)
    dbt_models.rebuild(warehouse, models_of("ledger"), tmp_path)
    assert ledger(warehouse) == of_changes


def test_after_a_build_that_failed_half_way_all_is_built(
    synced_alone: Shell,
    bill: SandboxServer,
    reasons: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What it left is of two minds; nothing of it was published."""
    bill.advance_days(1)
    synced_alone.sync()
    published = synced_alone.tables()
    real = incremental.run

    def broken(
        connection: Any, models: Any, wanted: Iterable[str], *rest: Any
    ) -> list[Rebuilt]:
        wanted, name = [*wanted], "model.bill_ledger.journal_lines"
        built: list[Rebuilt] = real(connection, models, wanted, *rest)
        full = Rebuilt(name, "error", 0, "the disk is full")
        return [*built, full] if name in wanted else built

    monkeypatch.setattr(incremental, "run", broken)
    bill.advance_days(1)
    failed = synced_alone.run("sync", "acme")
    monkeypatch.setattr(incremental, "run", real)

    assert failed.returncode == 1
    assert "journal_lines failed. the disk is full" in failed.stderr + failed.stdout
    assert synced_alone.tables() == published
    synced_alone.sync()
    assert reasons[1:] == ["", "", "nothing is known of an earlier build"]
