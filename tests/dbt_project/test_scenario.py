"""A company's first quarter against statements worked out by hand, in both books.

Here belongs: every cell of what an accountant reads at each month end, read at once or
month by month; documents and reckoning stand in scenario/, a file a month. Not here:
single events (test_events.py), nor that arrival order and a second run change nothing:
tests of the whole ledger say so of this company too.
"""

import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

MONTHS = sorted((Path(__file__).parent / "scenario").glob("*.toml"))
STATEMENTS = {
    "trial_balance": (
        "select account_number, closing from ledger.trial_balance"
        " where org_id = 'scenario' and basis = ? and month_end = ? and closing <> 0"
    ),
    "profit_and_loss": (
        "select account_number, amount, ytd from ledger.profit_and_loss"
        " where org_id = 'scenario' and basis = ? and last_day(month) = ?"
        " and (amount <> 0 or ytd <> 0)"
    ),
    "balance_sheet": (
        "select account_number, amount from ledger.balance_sheet"
        " where org_id = 'scenario' and basis = ? and month_end = ? and amount <> 0"
    ),
}
AGING = """
select document_id, bucket, coalesce(cast(days_past_due as varchar), '-'), open_home
from ledger.{side}_aging where org_id = 'scenario' and as_of = ?
"""
DOCUMENTS = """
select count(distinct (source_entity, source_id)) from ledger.posting_status
where org_id = 'scenario' and reason is distinct from 'reference_data'
"""


def read_month(path: Path) -> dict[str, Any]:
    """A month of the scenario."""
    return tomllib.loads(path.read_text(), parse_float=Decimal)


def cells(table: str) -> list[list[str]]:
    """The words of each row of a table."""
    return sorted(line.split() for line in table.strip().splitlines())


def as_written(rows: list[tuple[Any, ...]]) -> list[list[str]]:
    """Rows of the ledger as they would stand in a file."""
    return sorted([str(cell) for cell in row] for row in rows)


def test_the_scenario_is_a_company_of_some_size(whole_ledger: Any) -> None:
    """It has at least forty documents, payments and receipts."""
    assert whole_ledger.query(DOCUMENTS)[0][0] >= 40


@pytest.mark.parametrize("basis", ["accrual", "cash"])
@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("path", MONTHS, ids=lambda path: path.stem)
def test_every_cell_of_a_statement_is_as_worked_out(
    path: Path, statement: str, basis: str, whole_ledger: Any
) -> None:
    """No account is missing, none is there that should not be."""
    month = read_month(path)
    rows = whole_ledger.query(STATEMENTS[statement], [basis, month["month_end"]])
    assert as_written(rows) == cells(month["expected"][statement][basis])


@pytest.mark.parametrize("side", ["ap", "ar"])
@pytest.mark.parametrize("path", MONTHS, ids=lambda path: path.stem)
def test_every_open_item_has_the_age_worked_out(
    path: Path, side: str, whole_ledger: Any
) -> None:
    """Each document, its bucket, its days and what is open of it."""
    month = read_month(path)
    rows = whole_ledger.query(AGING.format(side=side), [month["month_end"]])
    assert as_written(rows) == cells(month["expected"]["aging"][side])


@pytest.mark.parametrize("basis", ["accrual", "cash"])
@pytest.mark.parametrize("statement", STATEMENTS)
def test_january_read_alone_is_as_worked_out(
    statement: str, basis: str, months: list[Any]
) -> None:
    """Nobody knew of February then, and January is locked since."""
    january = read_month(MONTHS[0])
    rows = months[0].query(STATEMENTS[statement], [basis, january["month_end"]])
    assert as_written(rows) == cells(january["expected"][statement][basis])


def test_a_company_read_month_by_month_has_the_ledger_of_one_read_at_once(
    months: list[Any],
    scenario_ledger: Any,
    same_tables: Callable[[Any, Any], None],
) -> None:
    """What earlier builds left in the warehouse changes nothing."""
    same_tables(months[-1], scenario_ledger)


def test_each_month_brought_news(months: list[Any]) -> None:
    """The builds differ but for the last, whose only news is the hour."""
    counts = [
        ledger.query("select count(*) from ledger.journal_lines")[0][0]
        for ledger in months
    ]
    assert counts == sorted(counts)
    assert len(set(counts)) == len(MONTHS)
