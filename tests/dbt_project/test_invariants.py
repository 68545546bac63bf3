"""Every invariant of the ledger can fail: data is broken, and its test finds it.

Here belongs: ways of breaking the tables, at least one for each dbt test of
dbt_project/tests. Not here: that a sound ledger passes them (the build of every case
does).
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.dbt_tests import QUERIES

pytestmark = pytest.mark.slow

TESTS = Path(__file__).parents[2] / "dbt_project" / "tests"
ONE_LINE = "line_id = (select min(line_id) from ledger.journal_lines where {where})"
MORE_ON = "update ledger.journal_lines set amount = amount + 1 where " + ONE_LINE
BREAKS = {
    "assert_aging_equals_control_accounts": (
        "update ledger.ap_aging set open_home = open_home + 1"
        " where document_id = (select min(document_id) from ledger.ap_aging)"
    ),
    "assert_control_accounts_equal_documents_less_settlements": MORE_ON.format(
        where="account_number = '2000'"
    ),
    "assert_documents_are_not_oversettled": (
        "update ledger.payment_applications set amount_local = amount_local + 1000000"
        " where to_type = 'bill'"
    ),
    "assert_entries_balance": (
        "update ledger.journal_lines set debit = debit + 0.01 where "
        + ONE_LINE.format(where="debit > 0")
    ),
    "assert_every_record_has_a_posting_status": (
        "delete from ledger.posting_status where source_entity = 'vendor'"
    ),
    "assert_every_reference_has_its_row": (
        "update ledger.journal_lines set party_id = null where "
        + ONE_LINE.format(where="party_id is not null")
    ),
    "assert_lines_have_one_positive_side": (
        "update ledger.journal_lines set credit = debit where "
        + ONE_LINE.format(where="debit > 0")
    ),
    "assert_trial_balance_is_zero": (
        "update ledger.trial_balance set opening = opening + 0.01"
        " where account_number = '1010'"
    ),
    "assert_balance_sheet_balances": (
        "update ledger.balance_sheet set amount = amount + 0.01"
        " where account_number = '2000'"
    ),
    "assert_net_income_is_what_the_lines_earned": (
        "update ledger.profit_and_loss set ytd = ytd + 0.01"
        " where account_number = '6999'"
    ),
    "assert_vendor_spend_is_what_documents_booked": (
        "update ledger.vendor_spend set accrual_amount = accrual_amount + 0.01"
        " where account_number = '6999'"
    ),
    "assert_cash_activity_closes_on_the_ledger": (
        "delete from ledger.cash_activity where transfers <> 0"
    ),
    "assert_unapplied_cash_is_on_the_cash_book_only": (
        "update ledger.journal_lines set account_number = '6990'"
        " where account_number = '6300'"
    ),
    "assert_cash_book_moves_the_same_money": (
        "update ledger.journal_lines_cash set amount = amount + 0.01"
        " where account_number = '1010'"
    ),
    "assert_little_is_left_in_suspense": (
        "update ledger.profit_and_loss set amount = amount * 100"
        " where account_number = '6999'"
    ),
    "assert_paid_documents_are_settled": (
        "update ledger.bills set status = 'PAID', open_home = 1, posted = true"
        " where bill_id = 'feed-b'"
    ),
    "assert_every_document_is_reconciled": (
        "delete from ledger.reconciliation where document_id = 'recon-way'"
    ),
    "assert_party_balances_are_reconciled": (
        "update ledger.reconciliation set unexplained = 0.01"
        " where document_id = 'recon-v'"
    ),
    "assert_clearing_holds_explained_items_only": (
        "update ledger.clearing_items set cause = 'unexplained'"
        " where account_number = '1090'"
    ),
    "assert_settled_documents_are_recognized_in_full": (
        "update ledger.journal_lines_cash set amount = amount + 0.01"
        " where document_id = 'part-b' and account_number = '6999'"
    ),
    "assert_locked_balances_are_what_they_were": (
        "update ledger.lock_balances set difference = 0.01"
        " where org_id = 'recategorized'"
    ),
    "assert_control_lines_name_their_open_item": (
        "update ledger.journal_lines set document_id = 'another'"
        " where document_id = 'feed-b' and account_number = '6999'"
    ),
    "assert_categories_stay_on_their_accounts": (
        "update ledger.journal_lines set category_source = 'user'"
        " where document_id = 'recon-way' and account_number = '2000'"
    ),
    "assert_sync_matrix_adds_up": (
        "insert into ledger.sync_matrix by name"
        " select 'o' as org_id, 'bills' as element, 5 as loaded, 3 as posted,"
        " 1 as not_posted, 5 as records_in_source, 0 as deleted_in_source,"
        " 0 as waiting_in_quarantine"
    ),
    "assert_aging_buckets_follow_due_dates": (
        "update ledger.ap_aging set bucket = 'current'"
    ),
    "assert_applications_add_up_to_what_is_settled": (
        "delete from ledger.payment_applications where from_id = 'feed-p1'"
    ),
    "assert_reconciled_amounts_add_up": (
        "update ledger.reconciliation set posted_not_cleared = posted_not_cleared + 5"
        " where document_id = 'recon-way'"
    ),
    "assert_settled_foreign_documents_are_relieved_in_full": (
        "update ledger.payment_applications set amount_home = amount_home - 0.01"
        " where to_id = 'fx-b'"
    ),
    "assert_lines_of_documents_add_up_to_them": (
        "update ledger.journal_lines set amount = amount + sign(amount)"
        " where document_id = 'sum-b'"
    ),
    "assert_statements_are_the_trial_balance": (
        "update ledger.balance_sheet set amount = amount"
        " + case account_number when '1300' then 9 when '1010' then -9 else 0 end"
    ),
    "assert_open_amounts_are_those_of_the_lines": (
        "update ledger.bills set open_home = open_home + 5,"
        " settled_home = settled_home - 5 where bill_id = 'feed-b'"
    ),
}
FURTHER_BREAKS = {
    "lines of one vendor's bill are another vendor's": (
        "assert_control_accounts_equal_documents_less_settlements",
        (
            "update ledger.journal_lines set source_party_id = 'eur'"
            " where account_number = '2000' and document_id = 'feed-b'"
        ),
    ),
    "a payment's line is on another bill": (
        "assert_control_accounts_equal_documents_less_settlements",
        (
            "update ledger.journal_lines set document_id = 'recon-way'"
            " where account_number = '2000' and document_id = 'feed-b' and debit > 0"
        ),
    ),
    "nothing is left of what a company owes": (
        "assert_control_accounts_equal_documents_less_settlements",
        "delete from ledger.journal_lines where org_id = 'recategorized'",
    ),
    "money on account is another vendor's": (
        "assert_control_accounts_equal_documents_less_settlements",
        (
            "update ledger.journal_lines set source_party_id = 'eur'"
            " where account_number = '2000' and document_type = 'payment'"
        ),
    ),
    "lines of one customer's invoice are another customer's": (
        "assert_control_accounts_equal_documents_less_settlements",
        (
            "update ledger.journal_lines set source_party_id = 'gbp'"
            " where account_number = '1100' and document_id = 'web-i'"
        ),
    ),
    "aged items are another party's": (
        "assert_aging_equals_control_accounts",
        (
            "update ledger.ap_aging set party_id = source_party_id,"
            " source_party_id = party_id"
        ),
    ),
    "items of one day are aged as of the next": (
        "assert_aging_equals_control_accounts",
        "update ledger.ar_aging set as_of = as_of + 1",
    ),
    "an aged invoice is another customer's": (
        "assert_aging_equals_control_accounts",
        (
            "update ledger.ar_aging set source_party_id = 'gbp'"
            " where document_id = 'web-i'"
        ),
    ),
    "items are late by other days than since they were due": (
        "assert_aging_buckets_follow_due_dates",
        "update ledger.ap_aging set days_past_due = 5 where days_past_due is not null",
    ),
    "an invoice is due on another day than it says": (
        "assert_aging_buckets_follow_due_dates",
        (
            "update ledger.ar_aging set due_date = as_of, days_past_due = 0,"
            " bucket = 'current' where bucket = '1-30'"
        ),
    ),
    "bills are due on no day": (
        "assert_aging_buckets_follow_due_dates",
        (
            "update ledger.ap_aging set due_date = null, days_past_due = null,"
            " bucket = 'unapplied'"
        ),
    ),
    "a payment is applied beyond its amount": (
        "assert_documents_are_not_oversettled",
        (
            "insert into ledger.payment_applications by name"
            " select * replace ('recon-eur' as to_id, date + 1 as date)"
            " from ledger.payment_applications where from_id = 'feed-p3'"
        ),
    ),
    "a receipt is applied beyond its amount": (
        "assert_documents_are_not_oversettled",
        (
            "insert into ledger.payment_applications by name"
            " select * replace ('recon-i' as to_id, date + 1 as date)"
            " from ledger.payment_applications where from_id = 'web-r'"
        ),
    ),
    "a bill is settled by a payment that is not there": (
        "assert_documents_are_not_oversettled",
        (
            "update ledger.payment_applications set from_id = 'nobody'"
            " where from_id = 'feed-p3'"
        ),
    ),
    "more is applied to an invoice than settles it": (
        "assert_applications_add_up_to_what_is_settled",
        (
            "update ledger.payment_applications set amount_home = amount_home + 0.01"
            " where from_id = 'web-r'"
        ),
    ),
    "open and explained are too much by the same": (
        "assert_reconciled_amounts_add_up",
        (
            "update ledger.reconciliation set ledger_open = ledger_open + 5,"
            " explained = explained + 5 where document_id = 'recon-way'"
        ),
    ),
    "what is due differs from the bill's own row": (
        "assert_reconciled_amounts_add_up",
        (
            "update ledger.reconciliation set source_due = source_due + 5,"
            " explained = explained + 5, ledger_open = ledger_open + 5"
            " where document_id = 'recon-eur'"
        ),
    ),
    "a party's balance is too much, and what explains it": (
        "assert_reconciled_amounts_add_up",
        (
            "update ledger.reconciliation set ledger_open = ledger_open + 5,"
            " explained = explained + 5 where grain = 'party'"
        ),
    ),
    "the issue of an open document shown as paid is resolved": (
        "assert_paid_documents_are_settled",
        (
            "update ledger.data_quality set resolved_at = first_seen"
            " where document_id = 'ahead-i'"
        ),
    ),
    "a foreign bill's open item is relieved of too much": (
        "assert_settled_foreign_documents_are_relieved_in_full",
        (
            "update ledger.journal_lines set debit = debit + 1, amount = amount + 1"
            " where account_number = '2000' and document_id = 'fx-b' and debit > 0"
        ),
    ),
    "what adjusts a document's lines is lost": (
        "assert_lines_of_documents_add_up_to_them",
        (
            "delete from ledger.journal_lines where role = 'adjusting'"
            " and account_number = '6999'"
        ),
    ),
    "no issue says that BILL's lines do not add up": (
        "assert_lines_of_documents_add_up_to_them",
        "delete from ledger.data_quality where check_name = 'lines_do_not_sum'",
    ),
    "lines of the cash book are below zero": (
        "assert_lines_have_one_positive_side",
        (
            "update ledger.journal_lines_cash set debit = - credit, credit = 0"
            " where account_number = '1010' and credit > 0"
        ),
    ),
    "lines of the cash book have no amount": (
        "assert_lines_have_one_positive_side",
        (
            "update ledger.journal_lines_cash set debit = 0, credit = 0, amount = 0"
            " where document_id = 'feed-b'"
        ),
    ),
    "an account of profit and loss has more than the trial balance": (
        "assert_statements_are_the_trial_balance",
        (
            "update ledger.profit_and_loss set amount = amount + 9, ytd = ytd + 9"
            " where account_number = '6999' and month = (select max(month)"
            " from ledger.profit_and_loss)"
        ),
    ),
    "a year to date is more than its months": (
        "assert_statements_are_the_trial_balance",
        "update ledger.profit_and_loss set ytd = ytd + 9 where account_number = '6999'",
    ),
    "both sides of an account are too much by the same": (
        "assert_statements_are_the_trial_balance",
        (
            "update ledger.trial_balance set debits = debits + 9, credits = credits + 9"
            " where account_number = '1010'"
        ),
    ),
    "a bill is settled by more than is not open": (
        "assert_open_amounts_are_those_of_the_lines",
        (
            "update ledger.bills set settled_home = settled_home + 5"
            " where bill_id = 'feed-b'"
        ),
    ),
    "an invoice has more open than its lines": (
        "assert_open_amounts_are_those_of_the_lines",
        (
            "update ledger.invoices set open_home = open_home + 5,"
            " settled_home = settled_home - 5 where invoice_id = 'web-i'"
        ),
    ),
    "a payment has more left than its lines": (
        "assert_open_amounts_are_those_of_the_lines",
        (
            "update ledger.payments set unapplied_home = unapplied_home + 5"
            " where payment_id = 'over-p2'"
        ),
    ),
    "an entry's total is not that of its lines": (
        "assert_entries_balance",
        (
            "update ledger.journal_entries set total = total + 5"
            " where source_id = 'feed-b'"
        ),
    ),
    "an entry's date is not that of its lines": (
        "assert_entries_balance",
        (
            "update ledger.journal_entries set entry_date = entry_date + 1"
            " where source_id = 'feed-b'"
        ),
    ),
}
"""More ways, where a test looks at more than one column or table: test and SQL."""
WARNING_OF_CASES = {
    "assert_little_is_left_in_suspense",  # hardly any line of theirs has a category
    "assert_locked_balances_are_what_they_were",  # one case has lost its log
}
"""Warnings that the cases give as they are."""


@pytest.fixture(scope="module")
def copy(whole_ledger: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A copy of the built warehouse that may be broken, open for writing."""
    path = tmp_path_factory.mktemp("broken") / whole_ledger.path.name
    shutil.copy(whole_ledger.path, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection


@pytest.fixture(scope="module")
def queries() -> dict[str, str]:
    """The query of each test, as every warehouse is asked."""
    found: dict[str, str] = json.loads(QUERIES.read_text())
    return found


def test_every_invariant_is_broken_here() -> None:
    """A new test of the ledger comes with a way to make it fail."""
    assert {path.stem for path in TESTS.glob("assert_*.sql")} == set(BREAKS)


@pytest.mark.parametrize(
    ("name", "broken"),
    [*BREAKS.items(), *FURTHER_BREAKS.values()],
    ids=[*BREAKS, *FURTHER_BREAKS],
)
def test_a_broken_ledger_is_found_out(
    name: str, broken: str, copy: Any, queries: dict[str, str]
) -> None:
    """The test is silent about the sound ledger and names the broken row."""
    question = queries[f"test.bill_ledger.{name}"]
    sound = copy.execute(question).fetchall()
    assert (sound == []) is (name not in WARNING_OF_CASES)

    copy.execute("begin")
    try:
        copy.execute(broken)
        assert copy.execute(question).fetchall() not in ([], sound)
    finally:
        copy.execute("rollback")
