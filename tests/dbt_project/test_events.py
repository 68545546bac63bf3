"""Business events against entries worked out by hand, all in one company.

Here belongs: one TOML file per event under cases/, with BILL's records and the
expected entries side by side. A new case is a new file; its ids start with a word of
its own. Not here: reports made from the entries (test_reports.py).
"""

import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

CASES = sorted((Path(__file__).parent / "cases").glob("*.toml"))
ENTRIES = """
select
    strftime(lines.entry_date, '%Y-%m-%d') || ' '
    || substr(entries.entry_key, length(entries.org_id) + 2) as entry,
    '    ' || lines.account_number || ' ' || cast(lines.amount as varchar) || ' '
    || coalesce(lines.document_type, '-') || ' ' || coalesce(lines.document_id, '-')
    as line
from ledger.{table} as lines
inner join ledger.journal_entries as entries using (entry_id)
where entries.source_id like ? || '-%'
order by entry, lines.account_number, lines.document_type = 'bill' desc, lines.line_no
"""


def read_case(path: Path) -> dict[str, Any]:
    """Return a case with its numbers exact."""
    return tomllib.loads(path.read_text(), parse_float=Decimal)


def first_word(case: dict[str, Any]) -> str:
    """The word all ids of a case start with."""
    tables = (rows for name, rows in case.items() if not name.startswith("expected"))
    return str(next(tables)[0]["id"]).partition("-")[0]


def in_order(entries: str) -> list[tuple[str, list[str]]]:
    """Entries with their lines, both sorted, so that only content counts."""
    blocks: dict[str, list[str]] = {}
    entry = ""
    for line in entries.strip().splitlines():
        if line.startswith(" "):
            blocks[entry].append(line.strip())
        else:
            entry = line
            blocks[entry] = []
    return sorted((entry, sorted(lines)) for entry, lines in blocks.items())


def in_book(ledger: Any, table: str, word: str) -> list[tuple[str, list[str]]]:
    """The entries of one book that come from a case's records."""
    actual: dict[str, list[str]] = {}
    for entry, line in ledger.query(ENTRIES.format(table=table), [word]):
        actual.setdefault(entry, []).append(line.strip())
    return sorted((entry, sorted(lines)) for entry, lines in actual.items())


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_event_posts_the_entries_worked_out_by_hand(
    path: Path, case_ledger: Any
) -> None:
    """The ledger's entries for the case's records are exactly the expected ones."""
    case = read_case(path)
    books = {"expected": "journal_lines", "expected_cash": "journal_lines_cash"}
    for block, table in books.items():
        if block in case:
            found = in_book(case_ledger, table, first_word(case))
            assert found == in_order(case[block]), table


@pytest.mark.parametrize(
    ("source_id", "reason"),
    [
        ("none-draft", "draft"),
        ("none-archived", "archived"),
        ("none-denied", "denied"),
        ("none-zero", "zero_amount"),
        ("rate-none", "fx_rate_missing"),
        ("later-p1", "scheduled"),
        ("later-p2", "cancelled"),
        ("later-p3", "scheduled"),
        ("excl-twin", "excluded_by_user"),
        ("excl-p2", "excluded_by_user"),
        ("excl-i", "excluded_by_user"),
        ("excl-r", "excluded_by_user"),
        ("excl-c", "excluded_by_user"),
        ("excl-m", "excluded_by_user"),
        ("fee-s3", "zero_amount"),
        ("ahead-r", "scheduled"),
        ("norate-p", "fx_rate_missing"),
    ],
)
def test_a_record_without_entry_says_why(
    source_id: str, reason: str, case_ledger: Any
) -> None:
    """posting_status names the one reason from the closed list."""
    sql = "select posted, reason from ledger.posting_status where source_id = ?"
    assert case_ledger.query(sql, [source_id]) == [(False, reason)]


@pytest.mark.parametrize(
    ("document_id", "flag"),
    [
        ("sum-b", "lines_do_not_sum"),
        ("pcts-i", "lines_do_not_sum"),
        ("clash-c1", "application_inferred"),
        ("clash-c2", "application_inferred"),
        ("norate-b", "fx_rate_missing"),
        ("norate-p", "fx_rate_missing"),
        ("over-p2", "overpayment"),
        ("orphan-p", "orphan_reference"),
        ("rate-none", "fx_rate_missing"),
        ("direct-c", "application_date_inferred"),
        ("fifo-m", "application_inferred"),
        ("gone-p1", "orphan_reference"),
        ("short-none", "unexplained_settlement"),
        ("twice-1", "possible_duplicate"),
        ("status-b", "unknown_value"),
        ("status-i", "unknown_value"),
        ("excl-twin", "settlement_override_rejected"),
        ("man-wrong", "manual_entry_rejected"),
    ],
)
def test_an_unusual_document_is_an_open_issue(
    document_id: str, flag: str, case_ledger: Any
) -> None:
    """A flag that holds is an open row of data_quality."""
    sql = (
        "select check_name from ledger.data_quality"
        " where document_id = ? and check_name = ? and resolved_at is null"
    )
    assert case_ledger.query(sql, [document_id, flag]) == [(flag,)]


def test_likely_duplicates_name_each_other_and_how_sure_it_is(case_ledger: Any) -> None:
    """Equal numbers flag always, near ones in sixty days, missing ones in seven."""
    sql = (
        "select bill_id, partner_id, tier"
        " from intermediate.int_bill_duplicates_suspected"
        " where bill_id like 'twice-%' order by all"
    )
    assert case_ledger.query(sql) == [
        ("twice-1", "twice-2", "exact"),
        ("twice-2", "twice-1", "exact"),
        ("twice-2", "twice-3", "near"),
        ("twice-3", "twice-2", "near"),
        ("twice-4", "twice-5", "amount_only"),
        ("twice-5", "twice-4", "amount_only"),
    ]


def test_a_likely_duplicate_says_which_of_the_two_is_paid(case_ledger: Any) -> None:
    """As the ledger has it: BILL counts a payment only when it has cleared."""
    sql = (
        "select bill_id, is_paid, is_partner_paid"
        " from intermediate.int_bill_duplicates_suspected"
        " where bill_id like 'flight-%' order by all"
    )
    assert case_ledger.query(sql) == [
        ("flight-a", True, False),
        ("flight-b", False, True),
    ]


def test_an_excluded_bill_is_no_duplicate_of_a_live_one(case_ledger: Any) -> None:
    """Neither of the two is flagged, though party, amount and number are equal."""
    sql = (
        "select count(*) from ledger.data_quality"
        " where document_id like 'excl-%' and check_name = 'possible_duplicate'"
    )
    assert case_ledger.query(sql) == [(0,)]


def test_what_people_settle_is_an_application_from_the_document_itself(
    case_ledger: Any,
) -> None:
    """payment_applications shows it with the document on both sides, as cut."""
    sql = (
        "select to_id, kind, event, amount_home from ledger.payment_applications"
        " where from_id = to_id and to_id like 'dec-%' order by all"
    )
    assert case_ledger.query(sql) == [
        ("dec-b", "settled_outside", "settled_outside", Decimal("30.00")),
        ("dec-b", "writeoff", "writeoff", Decimal("10.00")),
        ("dec-c", "settled_outside", "settled_outside", Decimal("50.00")),
        ("dec-i", "settled_outside", "settled_outside", Decimal("54.00")),
        ("dec-i", "writeoff", "writeoff", Decimal("54.00")),
        ("dec-m", "writeoff", "writeoff", Decimal("20.00")),
    ]


def test_a_bank_sub_account_is_an_account_of_its_own(case_ledger: Any) -> None:
    """It has its main account's kind, a name, and stands where anything was posted."""
    sql = (
        "select account_number, account_name, account_subtype, is_active"
        " from ledger.accounts where org_id = ? and account_number like '%-%'"
        " order by account_number"
    )
    assert case_ledger.query(sql, ["00801ORG"]) == [
        ("1010-1", "Operating Checking 1", "bank", False),
        ("1010-2", "Operating Checking 2", "bank", True),
        ("1010-9", "Operating Checking 9", "bank", True),
        ("2100-7", "Credit Cards Payable 7", "credit_card", True),
    ]


def test_what_came_before_the_ledger_starts_says_so(whole_ledger: Any) -> None:
    """A bill and a payment of an earlier day: not posted, reason before_start."""
    sql = (
        "select source_entity, source_id, event, reason from ledger.posting_status"
        " where org_id = 'ledger_starts_in_february' and not posted"
        " and reason <> 'reference_data' order by all"
    )
    assert whole_ledger.query(sql) == [
        ("bill", "b", "post", "before_start"),
        ("payment", "p1", "pay", "before_start"),
    ]
    bill = (
        "select posted, not_posted_reason, open_home from ledger.bills"
        " where org_id = 'ledger_starts_in_february' and bill_id = 'b'"
    )
    assert whole_ledger.query(bill) == [(False, "before_start", Decimal("40.00"))]


def test_running_again_changes_no_table(
    whole_ledger: Any, rebuild: Callable[[Any], Any], same_tables: Callable[..., None]
) -> None:
    """The ledger is a function of its inputs: a second build gives the same rows."""
    same_tables(whole_ledger, rebuild(whole_ledger))


def test_the_order_in_which_rows_arrived_does_not_matter(
    whole_ledger: Any,
    case_books: Any,
    build: Callable[..., Any],
    same_tables: Callable[..., None],
) -> None:
    """Raw rows loaded in reverse give the same ledger."""
    backwards = build(case_books, lambda rows: list(reversed(rows)))
    same_tables(whole_ledger, backwards)
