"""The log of changes: what differs from one published ledger to the next, and why."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from orchestration.changes import record_changes

FIRST = datetime(2026, 3, 1, tzinfo=UTC)
LEDGER = """
create schema ledger;
create table ledger.journal_entries (
    org_id varchar, entry_id varchar, entry_key varchar, entry_type varchar,
    reason varchar, revision integer, entry_date date
);
create table ledger.journal_lines (
    org_id varchar, line_id varchar, entry_id varchar, account_number varchar,
    source_party_id varchar, document_type varchar, document_id varchar,
    description varchar, line_no integer, debit decimal(18, 2), credit decimal(18, 2),
    entry_date date
);
create table ledger.journal_lines_cash as from ledger.journal_lines;
create table ledger.posting_status (org_id varchar, source_id varchar, reason varchar);
"""


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """A ledger of two bills, in memory."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(LEDGER)
        for bill in ("b1", "b2"):
            post(connection, bill)
        yield connection


def post(connection: duckdb.DuckDBPyConnection, bill: str) -> None:
    """Add a bill's entry of 10.00."""
    key = f"o|bill|{bill}|post"
    connection.execute(
        "insert into ledger.journal_entries values"
        " ('o', ?, ?, 'bill', null, 1, '2026-01-05')",
        [bill, key],
    )
    for number, account, debit, credit in ((1, "2000", 0, 10), (2, "6300", 10, 0)):
        connection.execute(
            "insert into ledger.journal_lines values ('o', ?, ?, ?, 'v', 'bill', ?,"
            " null, ?, ?, ?, '2026-01-05')",
            [f"{bill}-{number}", bill, account, bill, number, debit, credit],
        )


def log(connection: duckdb.DuckDBPyConnection, run: str) -> list[tuple[Any, ...]]:
    """What a run changed."""
    return connection.execute(
        "select entry_id, change, cause, revision from history.ledger_changes"
        " where run_id = ? order by all",
        [run],
    ).fetchall()


def test_the_first_run_logs_every_entry_and_the_same_again_none(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Importing history is said to be that; an unchanged ledger adds nothing."""
    assert record_changes(warehouse, "one", FIRST) == 2
    assert record_changes(warehouse, "two", FIRST + timedelta(days=1)) == 0
    assert log(warehouse, "one") == [
        ("b1", "new", "first_import", 1),
        ("b2", "new", "first_import", 1),
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            (
                "update ledger.journal_lines set account_number = '6350'"
                " where line_no = 2 and entry_id = 'b1'"
            ),
            ("b1", "restated", "recategorized", 2),
        ),
        (
            (
                "update ledger.journal_lines set debit = debit * 2, credit = credit * 2"
                " where entry_id = 'b1'"
            ),
            ("b1", "restated", "amount_changed", 2),
        ),
        (
            (
                "update ledger.journal_lines set source_party_id = 'w'"
                " where entry_id = 'b1'"
            ),
            ("b1", "restated", "party_changed", 2),
        ),
        (
            (
                "update ledger.journal_lines set entry_date = '2026-01-06'"
                " where entry_id = 'b1';"
                " update ledger.journal_entries set entry_date = '2026-01-06'"
                " where entry_id = 'b1'"
            ),
            ("b1", "restated", "redated", 2),
        ),
        (
            (
                "delete from ledger.journal_entries where entry_id = 'b1';"
                " insert into ledger.posting_status values ('o', 'b1', 'archived')"
            ),
            ("b1", "removed", "archived", 2),
        ),
    ],
)
def test_a_change_is_logged_with_its_cause(
    change: str, expected: tuple[Any, ...], warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Only the entry that changed is named, and the entry counts its revisions."""
    record_changes(warehouse, "one", FIRST)
    warehouse.execute(change)

    assert record_changes(warehouse, "two", FIRST + timedelta(days=1)) == 1

    assert log(warehouse, "two") == [expected]
    revisions = "select entry_id, revision from ledger.journal_entries order by all"
    expected_revisions = [("b1", 2), ("b2", 1)]
    if expected[1] == "removed":
        expected_revisions = [("b2", 1)]
    assert warehouse.execute(revisions).fetchall() == expected_revisions


def test_the_log_replays_to_the_ledger(warehouse: duckdb.DuckDBPyConnection) -> None:
    """The newest row of each entry, where it was not removed, is the entry today."""
    record_changes(warehouse, "one", FIRST)
    warehouse.execute("update ledger.journal_lines set description = 'x'")
    post(warehouse, "b3")
    warehouse.execute("delete from ledger.journal_entries where entry_id = 'b2'")
    record_changes(warehouse, "two", FIRST + timedelta(days=1))

    replayed = warehouse.execute("""
        select entry_id, line ->> 'account', line ->> 'debit', line ->> 'description'
        from (
            select entry_id, unnest(cast(after as json[])) as line
            from (
                select *, row_number() over (
                    partition by entry_id order by revision desc
                ) as newness
                from history.ledger_changes
            )
            where newness = 1 and after is not null
        )
        order by all
    """).fetchall()
    today = warehouse.execute("""
        select entry_id, account_number, cast(debit as varchar), description
        from ledger.journal_lines
        where entry_id in (select entry_id from ledger.journal_entries)
        order by all
    """).fetchall()
    assert replayed == today


FORGET = "delete from history.entry_states where entry_id = 'b1'"
OLDER = "drop table history.entry_states"


@pytest.mark.parametrize("lost", [FORGET, OLDER])
def test_a_log_without_its_states_is_compared_as_a_whole(
    lost: str, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """An older release wrote it, or it came from an export: what is gone is seen."""
    record_changes(warehouse, "one", FIRST)
    warehouse.execute("update ledger.journal_lines set description = 'x'")
    record_changes(warehouse, "two", FIRST + timedelta(days=1))
    warehouse.execute(lost)
    assert record_changes(warehouse, "three", FIRST + timedelta(days=2)) == 0

    warehouse.execute(lost)
    warehouse.execute("delete from ledger.journal_entries where entry_id = 'b1'")
    assert record_changes(warehouse, "four", FIRST + timedelta(days=3)) == 1
    assert log(warehouse, "four") == [("b1", "removed", "removed", 3)]
    assert record_changes(warehouse, "five", FIRST + timedelta(days=4)) == 0


def test_what_comes_back_is_a_change_again(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """To the lines of an earlier revision, or from having been removed."""
    record_changes(warehouse, "one", FIRST)
    change = "update ledger.journal_lines set description = {} where entry_id = 'b1'"
    for day, text in enumerate(("'x'", "null"), 1):
        warehouse.execute(change.format(text))
        assert record_changes(warehouse, f"{day}", FIRST + timedelta(days=day)) == 1
    warehouse.execute("create table kept as from ledger.journal_entries")
    warehouse.execute("delete from ledger.journal_entries where entry_id = 'b1'")
    assert record_changes(warehouse, "gone", FIRST + timedelta(days=3)) == 1
    assert record_changes(warehouse, "still", FIRST + timedelta(days=4)) == 0
    warehouse.execute(
        "insert into ledger.journal_entries from kept semi join"
        " (select 'b1' as entry_id) using (entry_id)"
    )
    assert record_changes(warehouse, "back", FIRST + timedelta(days=5)) == 1
    assert log(warehouse, "back") == [("b1", "new", "new", 5)]
    revision = "select revision from ledger.journal_entries where entry_id = 'b1'"
    assert warehouse.execute(revision).fetchall() == [(5,)]
