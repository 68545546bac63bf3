"""Locked periods against entries worked out by hand, one company per file.

Here belongs: what a change after a lock does to both books; one TOML file per case
under locked/, each a company of its own. Not here: what events post (test_events.py).
"""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

CASES = sorted((Path(__file__).parent / "locked").glob("*.toml"))
ENTRIES = """
select
    strftime(lines.entry_date, '%Y-%m-%d') || ' '
    || substr(entries.entry_key, length(entries.org_id) + 2)
    || coalesce(
        ' ' || entries.reason || ' ' || strftime(entries.adjusts_period, '%Y-%m-%d'), ''
    ) as entry,
    lines.account_number || ' ' || cast(lines.amount as varchar) || ' '
    || coalesce(lines.document_type, '-') || ' ' || coalesce(lines.document_id, '-')
    as line
from ledger.{table} as lines
inner join ledger.journal_entries as entries using (entry_id)
where lines.org_id = ?
"""


def blocks(entries: str) -> dict[str, list[str]]:
    """Entries with their lines, sorted, so that only content counts."""
    found: dict[str, list[str]] = {}
    entry = ""
    for line in entries.strip().splitlines():
        if line.startswith(" "):
            found[entry].append(line.strip())
        else:
            entry = line
            found[entry] = []
    return {entry: sorted(lines) for entry, lines in found.items()}


def in_book(ledger: Any, table: str, org_id: str) -> dict[str, list[str]]:
    """The entries of one book of one company."""
    found: dict[str, list[str]] = {}
    for entry, line in ledger.query(ENTRIES.format(table=table), [org_id]):
        found.setdefault(entry, []).append(line)
    return {entry: sorted(lines) for entry, lines in found.items()}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_change_after_a_lock_stands_on_the_first_open_day(
    path: Path, whole_ledger: Any
) -> None:
    """Nothing at or before the lock date moves; the difference explains itself."""
    case = tomllib.loads(path.read_text(), parse_float=Decimal)

    found = in_book(whole_ledger, "journal_lines", path.stem)
    assert found == blocks(case["expected"])
    if "expected_cash" in case:
        cash = in_book(whole_ledger, "journal_lines_cash", path.stem)
        assert cash == blocks(case["expected_cash"])


@pytest.mark.parametrize("book", ["accrual", "cash"])
def test_all_generations_together_are_what_is_known_now(
    book: str, whole_ledger: Any
) -> None:
    """I19: what stands and what was adjusted sums to the ledger without locks."""
    totals = """
        select org_id, account_number, document_id, sum(amount) as amount
        from {source} group by all having sum(amount) <> 0 order by all
    """
    known_now = f"""(
        select united.* from intermediate.int_{book}_united as united
        where united.is_booked and united.snapshot_id = united.org_id
    )"""
    lines = "journal_lines" if book == "accrual" else "journal_lines_cash"
    journal = totals.format(source=f"ledger.{lines}")
    desired = totals.format(source=known_now)
    assert whole_ledger.query(journal) == whole_ledger.query(desired)


def test_what_a_locked_period_saw_later_is_posted_by_what_adjusts_it(
    whole_ledger: Any,
) -> None:
    """posting_status gives it no reason why it would not post."""
    statuses = """
        select source_id, event, posted, reason from ledger.posting_status
        where org_id = 'backdated_and_archived' and source_entity = 'bill' order by all
    """
    assert whole_ledger.query(statuses) == [
        ("gone", "post", True, None),
        ("gone", "post|adj|2026-02-28", True, None),
        ("late", "post|adj|2026-01-31", True, None),
    ]


@pytest.mark.parametrize(
    ("org_id", "source_id", "changed_at"),
    [
        ("redated", "b", "2026-03-06 12:00:00+00"),
        ("backdated_and_archived", "gone", "2026-03-20 12:00:00+00"),
        ("backdated_and_archived", "late", "2026-02-20 12:00:00+00"),
    ],
)
def test_an_adjusting_entry_says_since_when_bill_shows_it(
    org_id: str, source_id: str, changed_at: str, whole_ledger: Any
) -> None:
    """Also where the document is only taken back: when that became known."""
    rows = whole_ledger.query(
        "select source_changed_at = cast(? as timestamptz) from ledger.journal_entries"
        " where entry_type = 'adjusting' and org_id = ? and source_id = ?",
        [changed_at, org_id, source_id],
    )
    assert rows == [(True,)]


def test_a_bill_that_moved_to_another_vendor_is_reconciled_once(
    whole_ledger: Any,
) -> None:
    """Its open item is the second vendor's, the first one's is closed."""
    aged = """
        select source_party_id, open_home from ledger.ap_aging
        where org_id = 'vendor_changed_after_the_lock' and as_of = ? order by all
    """
    assert whole_ledger.query(aged, ["2026-01-31"]) == [("v", Decimal("70.00"))]
    assert whole_ledger.query(aged, ["2026-02-28"]) == [("other", Decimal("70.00"))]
    rows = """
        select document_id, ledger_open from ledger.reconciliation
        where org_id = 'vendor_changed_after_the_lock' and grain = 'document'
    """
    assert whole_ledger.query(rows) == [("b", Decimal("0.00"))]


def test_a_write_off_of_a_locked_day_is_no_difference_of_the_books(
    whole_ledger: Any,
) -> None:
    """The cash book recognizes nothing for it, also where it adjusts the period."""
    issues = """
        select document_id from ledger.data_quality
        where org_id = 'written_off_after_the_lock'
            and check_name = 'cash_recognition_differs'
    """
    assert whole_ledger.query(issues) == []


def test_a_document_posts_anew_only_where_it_posts_something_else(
    whole_ledger: Any,
) -> None:
    """Lines stand once for all snapshots in which a document posts the same."""
    states = """
        select document_id, count(*), count(distinct state_snapshot_id)
        from intermediate.int_documents_judged
        where org_id = 'posts_the_same_after_the_lock' group by all order by all
    """
    assert whole_ledger.query(states) == [
        ("moved", 3, 2),
        ("returned", 3, 3),
        ("same", 2, 1),
        ("split", 3, 2),
    ]


@pytest.mark.parametrize("book", ["accrual", "cash"])
def test_no_line_holds_twice_in_one_generation(book: str, whole_ledger: Any) -> None:
    """Else a lock would freeze it twice."""
    twice = f"""
        select entry_key, role, line_reference, account_number, member_id,
            document_id, generation_no
        from intermediate.int_{book}_united as united
        inner join intermediate.int_snapshots as snapshots
            on united.org_id = snapshots.org_id
            and generation_no between from_generation and to_generation
        where is_booked
        group by all having count(*) > 1
    """
    assert whole_ledger.query(twice) == []


def test_whom_nobody_but_an_entry_names_is_no_party(whole_ledger: Any) -> None:
    """An entry that waits for a vendor makes none."""
    who = "select source_id from ledger.party_members where org_id = ? order by all"
    found = whole_ledger.query(who, ["named_before_bill_shows_them"])
    assert found == [("late",), ("v",)]
