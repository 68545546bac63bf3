"""Statements and reports of both books, against hand-worked figures and other roads.

Here belongs: fiscal years, cash activity, vendor spend, the flat ledger. Not here:
every cell (test_oracle.py), that their checks can fail (test_invariants.py).
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

pytestmark = pytest.mark.slow

RECEIVED = """
with money as (
    select date, party_id, amount_home from ledger.payments
    where direction = 'ar' and posted
    union all
    select applications.date, invoices.party_id, applications.amount_home
    from ledger.payment_applications as applications
    inner join ledger.invoices on applications.to_id = invoices.invoice_id
    where applications.kind = 'settled_outside' and applications.to_type = 'invoice'
)
select cast(date_trunc('month', date) as date), party_id, sum(amount_home)
from money group by all
"""
RETURNED = """
select cast(date_trunc('month', void_date) as date), party_id, -sum(amount_home)
from ledger.payments where direction = 'ar' and posted and void_date is not null
group by all
"""
PAID_THROUGH_BILL = """
select cast(date_trunc('month', date) as date), party_id, sum(amount_home)
from ledger.payments where direction = 'ap' and posted and is_online group by all
"""
ACTIVITY = """
select month, party_id, sum({column}) from ledger.cash_activity
where {where} group by all having sum({column}) <> 0
"""


def test_a_fiscal_year_begins_in_its_first_month(case_ledger: Any) -> None:
    """April is month one here: 61.17 that month, of 122.34 by June, new each year."""
    rows = case_ledger.query(
        "select month_end, fiscal_year, amount, ytd from ledger.profit_and_loss"
        " cross join (select last_day(month) as month_end)"
        " where account_number = '6999' and basis = 'accrual'"
        " and month between '2026-03-01' and '2026-06-01' order by month"
    )
    years = [row[1] for row in rows]
    assert years == [2026, 2027, 2027, 2027]
    assert rows[0][3] > rows[1][3] == rows[1][2] == Decimal("61.17")
    assert rows[3][3] == Decimal("122.34")


@pytest.mark.parametrize("basis", ["accrual", "cash"])
def test_last_years_income_becomes_retained_earnings(
    case_ledger: Any, basis: str
) -> None:
    """On 30 April 3900 is what it was in March and March's net income."""
    march, april = (
        dict(
            case_ledger.query(
                "select account_number, amount from ledger.balance_sheet"
                " where basis = ? and month_end = ?"
                " and account_number in ('3900', 'net_income')",
                [basis, day],
            )
        )
        for day in ("2026-03-31", "2026-04-30")
    )
    assert march["3900"] == 0
    assert april["3900"] == march["net_income"]


@pytest.mark.parametrize(
    ("expected", "column", "where"),
    [
        (RECEIVED, "receipts", "direction = 'ar'"),
        (RETURNED, "refunds", "direction = 'ar'"),
        (PAID_THROUGH_BILL, "payments", "account_number = '1090'"),
    ],
)
def test_cash_activity_is_what_documents_moved(
    case_ledger: Any, expected: str, column: str, where: str
) -> None:
    """By month and party, as the documents themselves say."""
    activity = case_ledger.query(ACTIVITY.format(column=column, where=where))
    assert activity
    assert sorted(activity) == sorted(case_ledger.query(expected))


def test_transfers_leave_one_account_for_another(case_ledger: Any) -> None:
    """Over all accounts and cards they add up to nothing."""
    rows = case_ledger.query(
        "select sum(transfers) + (select coalesce(sum(amount), 0)"
        " from ledger.general_ledger where basis = 'accrual'"
        " and starts_with(account_number, '2100') and source_entity = 'transfer')"
        " from ledger.cash_activity"
    )
    assert rows == [(Decimal("0.00"),)]


def test_cash_activity_tells_kinds_apart(case_ledger: Any) -> None:
    """30 paid outside BILL, 50 moved from one bank to another, 50 back for a credit."""
    rows = case_ledger.query(
        "select direction, payments, receipts, refunds, transfers"
        " from ledger.cash_activity"
        " where account_number = '1020' and month = '2026-02-01' order by direction"
    )
    assert rows == [
        ("ap", Decimal("30.00"), 0, 0, 0),
        ("other", 0, 0, 0, Decimal("50.00")),
    ]
    rows = case_ledger.query(
        "select sum(refunds) from ledger.cash_activity where direction = 'ap'"
        " and account_number = '1010' and month = '2026-02-01'"
    )
    assert rows == [(Decimal("50.00"),)]


def test_a_void_seen_after_the_lock_gives_money_back(whole_ledger: Any) -> None:
    """As one that is seen in time does; it is no negative payment."""
    rows = whole_ledger.query(
        "select month, payments, refunds from ledger.cash_activity"
        " where org_id = 'void_seen_after_the_lock' and net <> 0 order by month"
    )
    assert rows == [
        (date(2026, 1, 1), Decimal("40.00"), Decimal("0.00")),
        (date(2026, 3, 1), Decimal("0.00"), Decimal("40.00")),
    ]


def test_vendor_spend_counts_bills_once(case_ledger: Any) -> None:
    """Bills by month and party, and the first of each, are those that posted."""
    spent = case_ledger.query(
        "select party_id, min(first_bill), max(first_bill)"
        " from ledger.vendor_spend where first_bill is not null"
        " group by party_id order by 1"
    )
    firsts = case_ledger.query(
        "select party_id, min(bill_date), min(bill_date)"
        " from ledger.bills where posted group by party_id order by 1"
    )
    assert spent == firsts
    toner = case_ledger.query(
        "select n_bills, accrual_amount from ledger.vendor_spend"
        " where account_number = '6500' and party_name = 'Vendor usd'"
    )
    assert toner == [(1, Decimal("50.00"))]


def test_the_flat_ledger_names_dimensions(case_ledger: Any) -> None:
    """A bill's line shows department and job by name; others stay empty."""
    rows = case_ledger.query(
        "select source_line_id, party_name, department_name, job_name, class_name"
        " from ledger.general_ledger where document_id = 'lines-b'"
        " and basis = 'accrual' and source_line_id is not null order by 1"
    )
    assert rows == [
        ("lines-1", "Vendor usd", None, None, None),
        ("lines-2", "Vendor usd", "Design", "Fair stand", None),
    ]


def test_the_flat_ledger_has_every_line_of_both_books_once(case_ledger: Any) -> None:
    """No name beside a line doubles or hides it."""
    lines = case_ledger.query(
        "select 'accrual', line_id, amount from ledger.journal_lines union all"
        " select 'cash', line_id, amount from ledger.journal_lines_cash order by all"
    )
    flat = case_ledger.query(
        "select basis, line_id, amount from ledger.general_ledger order by all"
    )
    assert flat == lines


def test_running_balances_add_up_line_by_line(case_ledger: Any) -> None:
    """Each is the one before plus the line, up to the trial balance's last closing."""
    rows = case_ledger.query(
        "select basis, account_number, account_line_no, amount, running_balance"
        " from ledger.general_ledger order by basis, account_number, account_line_no"
    )
    before: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for basis, account, number, amount, balance in rows:
        last, total = before.get((basis, account), (0, Decimal(0)))
        assert (number, balance) == (last + 1, total + amount)
        before[basis, account] = number, balance
    closing = case_ledger.query(
        "select basis, account_number, closing from ledger.trial_balance"
        " where month_end = (select max(month_end) from ledger.trial_balance)"
    )
    assert closing
    for basis, account, amount in closing:
        assert before[basis, account][1] == amount
