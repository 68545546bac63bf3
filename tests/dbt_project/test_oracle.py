"""Programs written by others read the exported books and must see what we published.

Here belongs: every cell of the statements, on the ledger of all cases, and that the
comparison notices one wrong cent. Not here: how single entries look in a file
(tests/orchestration/test_plain_text.py).
"""

import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from oracle import (
    CELLS_OF,
    COLUMNS,
    Cells,
    calendar_of,
    differences,
    hledger,
    needs_hledger,
    published_cells,
)

from orchestration.exporting import export_ledger
from orchestration.publish import Publisher
from orchestration.settings import ConnectionFolder
from orchestration.store import Store

pytestmark = pytest.mark.slow

START_MONTH = 4
"""Where the cases' fiscal years begin, so that they span two."""

PROGRAMS = [pytest.param("hledger", marks=needs_hledger), "beancount"]


@pytest.fixture(scope="module")
def published(
    case_ledger: Any, tmp_path_factory: pytest.TempPathFactory
) -> ConnectionFolder:
    """The ledger of all cases, published."""
    folder = ConnectionFolder(tmp_path_factory.mktemp("published"))
    shutil.copy(case_ledger.path, folder.warehouse)
    Publisher(folder, "00801ORG").publish(
        Store(folder.store), {}, "run", datetime(2026, 9, 10, tzinfo=UTC)
    )
    return folder


@pytest.fixture(scope="module")
def seen(published: ConnectionFolder) -> Callable[[str, str], Cells]:
    """What a program makes of a book; each is asked once."""
    known: dict[tuple[str, str], Cells] = {}

    def ask(program: str, basis: str) -> Cells:
        if (program, basis) not in known:
            journal = published.path / f"{basis}.{program}"
            export_ledger(published, program, journal, basis)
            with duckdb.connect(str(published.ledger), read_only=True) as ledger:
                calendar = calendar_of(ledger, START_MONTH)
            known[program, basis] = CELLS_OF[program](journal, calendar)
        return known[program, basis]

    return ask


@pytest.mark.parametrize("basis", ["accrual", "cash"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_every_published_cell_is_what_another_program_says(
    published: ConnectionFolder,
    seen: Callable[[str, str], Cells],
    program: str,
    basis: str,
) -> None:
    """Trial balance, profit and loss, balance sheet: no cell more, none less."""
    with duckdb.connect(str(published.ledger), read_only=True) as ledger:
        ours = published_cells(ledger, basis)
    assert {table for table, *_ in ours} >= {"trial_balance", "balance_sheet"}
    assert differences(ours, seen(program, basis)) == {}


@pytest.mark.parametrize("table", sorted(COLUMNS))
@pytest.mark.parametrize("program", PROGRAMS)
def test_one_wrong_cent_in_a_table_is_seen(
    published: ConnectionFolder,
    seen: Callable[[str, str], Cells],
    tmp_path: Path,
    program: str,
    table: str,
) -> None:
    """Each column of each table is compared: a cent more shows as that one cell."""
    copy = tmp_path / "ledger.duckdb"
    shutil.copy(published.ledger, copy)
    with duckdb.connect(str(copy)) as ledger:
        for column in COLUMNS[table]:
            ledger.execute(
                f"begin; update {table} set {column} = {column} + 0.01"  # noqa: S608
                f" where rowid = (select min(rowid) from {table}"
                " where basis = 'accrual')"
            )
            wrong = differences(
                published_cells(ledger, "accrual"), seen(program, "accrual")
            )
            ledger.execute("rollback")
            (cell,) = wrong
            assert cell[:2] == (table, column)
            assert wrong[cell][0] - wrong[cell][1] == Decimal("0.01")


def test_a_missing_row_is_seen(
    published: ConnectionFolder, seen: Callable[[str, str], Cells], tmp_path: Path
) -> None:
    """What only the other program has is a difference too."""
    copy = tmp_path / "ledger.duckdb"
    shutil.copy(published.ledger, copy)
    with duckdb.connect(str(copy)) as ledger:
        ledger.execute("delete from balance_sheet where account_number = '3900'")
        ours = published_cells(ledger, "accrual")
    wrong = differences(ours, seen("beancount", "accrual"))
    assert {account for *_, account in wrong} == {"3900"}


@needs_hledger
def test_hledger_knows_who_payables_are_owed_to(published: ConnectionFolder) -> None:
    """Its pivot on the tag `party` is the open payables by party."""
    journal = published.path / "pivot.hledger"
    export_ledger(published, "hledger", journal, None)
    text = hledger(
        journal, "bal", "--pivot", "party", "acct:^Liabilities:2000", "-N", "-O", "csv"
    )
    with duckdb.connect(str(published.ledger), read_only=True) as ledger:
        rows = ledger.execute(
            "select display_name, -sum(open_home) from ap_aging"
            " inner join parties using (party_id)"
            " where as_of = (select max(as_of) from ap_aging)"
            " group by display_name having sum(open_home) <> 0 order by 1"
        ).fetchall()
    expected = [f'"{name}","USD {amount}"' for name, amount in rows]
    assert rows
    assert text.splitlines() == ['"account","balance"', *expected]


@pytest.mark.parametrize("basis", ["accrual", "cash"])
def test_bean_check_finds_no_fault(published: ConnectionFolder, basis: str) -> None:
    """The program itself, without any tolerance, says nothing and exits 0."""
    journal = published.path / f"checked-{basis}.beancount"
    export_ledger(published, "beancount", journal, basis)
    program = Path(sys.executable).with_name("bean-check")
    result = subprocess.run(
        [str(program), "--no-cache", str(journal)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout + result.stderr) == (0, "")
