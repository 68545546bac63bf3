"""Reports made from the entries, against figures worked out by hand or by another road.

Here belongs: aging, decisions and categories, on the ledger of all cases. Not here: the
entries themselves (test_events.py).
"""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

pytestmark = pytest.mark.slow

MACROS = Path(__file__).parents[2] / "dbt_project" / "published_macros.sql"
AGING_COLUMNS = (
    "document_type, document_id, party_id, source_party_id, due_date, days_past_due,"
    " bucket, open_home"
)


@pytest.mark.parametrize("side", ["ap", "ar"])
def test_aging_as_of_a_day_equals_the_dated_table(side: str, case_ledger: Any) -> None:
    """The published macro and the table agree on every day the table has."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{case_ledger.path}' as built (read_only)")
        for table in ("journal_lines", "bills", "invoices", f"{side}_aging"):
            copied = f"create table {table} as from built.ledger.{table}"
            connection.execute(copied)
        connection.execute(MACROS.read_text())
        days = f"select distinct as_of from {side}_aging order by as_of"  # noqa: S608
        for (day,) in connection.execute(days).fetchall():
            dated = (
                f"select {AGING_COLUMNS} from {side}_aging"  # noqa: S608
                f" where as_of = '{day}' order by all"
            )
            asof = (
                f"select {AGING_COLUMNS} from {side}_aging_asof('{day}')"  # noqa: S608
                " order by all"
            )
            expected = connection.execute(dated).fetchall()
            assert connection.execute(asof).fetchall() == expected


@pytest.mark.parametrize(
    ("day", "open_home", "days_past_due", "bucket"),
    [
        (date(2026, 1, 31), Decimal("600.00"), 0, "current"),
        (date(2026, 2, 28), None, None, None),
    ],
)
def test_a_bill_ages_by_what_was_open_on_the_day(
    day: date,
    open_home: Decimal | None,
    days_past_due: int | None,
    bucket: str | None,
    case_ledger: Any,
) -> None:
    """A bill of 900 with 300 paid in January and 600 in February."""
    rows = case_ledger.query(
        "select open_home, days_past_due, bucket from ledger.ap_aging"
        " where document_id = 'part-b' and as_of = ?",
        [day],
    )
    assert rows == ([(open_home, days_past_due, bucket)] if open_home else [])


def test_a_fee_of_bill_ages_from_its_day(case_ledger: Any) -> None:
    """It is owed like a bill: no credit of ours, which would be unapplied."""
    rows = case_ledger.query(
        "select as_of, open_home, due_date, days_past_due, bucket from ledger.ap_aging"
        " where document_id = 'fee-s2' and as_of < '2026-06-01' order by as_of"
    )
    billed, owed = date(2026, 3, 1), Decimal("60.00")
    assert rows == [
        (date(2026, 3, 31), owed, billed, 30, "1-30"),
        (date(2026, 4, 30), owed, billed, 60, "31-60"),
        (date(2026, 5, 31), owed, billed, 91, "over 90"),
    ]


def test_an_open_bill_past_its_due_date_is_overdue(case_ledger: Any) -> None:
    """Due on 15 February, open on 10 September: 207 days."""
    rows = case_ledger.query(
        "select open_home, is_overdue, days_past_due, posted"
        " from ledger.bills where bill_id = 'later-b'"
    )
    assert rows == [(Decimal("75.00"), True, 207, True)]


def test_lines_nobody_placed_come_first_in_the_review_queue(case_ledger: Any) -> None:
    """Unplaced lines rank by amount; placed ones follow by amount times doubt."""
    rows = case_ledger.query(
        "select money_at_risk from ledger.review_queue where line_id in"
        " ('lines-1', 'lines-2') order by review_rank"
    )
    assert rows == [(Decimal("40.00"),), (Decimal("1.80"),)]


def test_a_persons_category_is_not_in_the_review_queue(case_ledger: Any) -> None:
    """What a person decided needs no second look."""
    rows = case_ledger.query(
        "select count(*) from ledger.review_queue where line_id = 'edit-new-1'"
    )
    assert rows == [(0,)]


def test_payments_show_what_is_scheduled_and_what_is_unapplied(
    case_ledger: Any,
) -> None:
    """A scheduled payment posts nothing; an overpayment stays with its payment."""
    rows = case_ledger.query(
        "select payment_id, posted, scheduled_amount, unapplied_home"
        " from ledger.payments where payment_id in ('later-p1', 'over-p2')"
        " order by payment_id"
    )
    zero = Decimal("0.00")
    assert rows == [
        ("later-p1", False, Decimal("75.00"), zero),
        ("over-p2", True, zero, Decimal("30.00")),
    ]


def test_an_overpayment_of_one_bill_applies_once(case_ledger: Any) -> None:
    """A rest beside the application does not count the application again."""
    rows = case_ledger.query(
        "select to_id, amount_local, amount_home, fx_gain_home"
        " from ledger.payment_applications where from_id = 'single-p'"
    )
    paid = Decimal("100.00")
    assert rows == [("single-b", paid, paid, Decimal("0.00"))]


def test_a_void_reverses_in_the_order_things_happened(case_ledger: Any) -> None:
    """The cash line comes first, the receipt's lines next, its applications last."""
    rows = case_ledger.query(
        "select lines.role from ledger.journal_lines as lines"
        " inner join ledger.journal_entries as entries using (entry_id)"
        " where entries.entry_key like '%|receipt|bounce-r|void'"
        " order by lines.line_no"
    )
    roles = [role for (role,) in rows]
    assert roles == ["cash", "unapplied", "held", "release", "application"]


def test_a_void_takes_its_application_back(case_ledger: Any) -> None:
    """Applications of a voided payment stand on both days and cancel out."""
    rows = case_ledger.query(
        "select event, amount_home, date from ledger.payment_applications"
        " where from_id = 'void-p' order by date"
    )
    assert rows == [
        ("apply", Decimal("180.40"), date(2026, 1, 19)),
        ("void", Decimal("-180.40"), date(2026, 2, 28)),
    ]


def test_reasons_stand_beside_the_category(case_ledger: Any) -> None:
    """What the categorizer said of a line is published as it was said."""
    (found,) = case_ledger.query(
        "select deciding_level, lines_agreeing, lines_alike, deciding_words,"
        " is_usual_amount, example_document_id, suggestion_2, runner_up_confidence"
        " from ledger.category_predictions where line_id = 'lines-1'"
    )

    assert found == (
        "vendor and text",
        9,
        10,
        "toner",
        True,
        "lines-past",
        "6330",
        Decimal("0.0200"),
    )


def test_lines_to_categorize_carry_their_account_in_bill(case_ledger: Any) -> None:
    """Number and name of BILL's account where a line has one, else nothing."""
    found = case_ledger.query(
        "select line_id, bill_account_number, bill_account_name"
        " from intermediate.int_lines_to_categorize"
        " where document_id = 'lines-b' order by line_id"
    )

    assert found == [("lines-1", "5120", "Printing"), ("lines-2", "", "")]
