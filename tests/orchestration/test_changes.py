"""The log of changes: what differs from one published ledger to the next, and why."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from orchestration.changes import CONTENT, record_changes
from orchestration.columns import known_columns

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
    entry_date date, party_id varchar, class_id varchar, department_id varchar,
    location_id varchar, job_id varchar, item_id varchar, local_amount decimal(18, 2),
    local_currency varchar, fx_rate decimal(18, 8), category_source varchar,
    category_confidence decimal(5, 4)
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
            " null, ?, ?, ?, '2026-01-05', 'p', null, 'd1', null, null, null, ?,"
            " 'USD', null, 'model', 0.9)",
            [
                f"{bill}-{number}",
                bill,
                account,
                bill,
                number,
                debit,
                credit,
                debit - credit,
            ],
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


@pytest.mark.parametrize(
    ("column", "value", "cause"),
    [
        *(
            (f"{name}_id", "'x'", "dimensions_changed")
            for name in ("class", "department", "location", "job", "item")
        ),
        ("department_id", "null", "dimensions_changed"),
        ("local_amount", "8", "amount_changed"),
        ("local_currency", "'EUR'", "amount_changed"),
        ("fx_rate", "0.8", "amount_changed"),
        ("category_source", "'user'", "recategorized"),
        ("description", "'x'", "details_changed"),
    ],
)
@pytest.mark.parametrize("book", ["journal_lines", "journal_lines_cash"])
def test_whatever_a_line_says_is_a_change(
    column: str, value: str, cause: str, book: str, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Split, currency, rate and who chose the account count as amounts do."""
    warehouse.execute("insert into ledger.journal_lines_cash from ledger.journal_lines")
    record_changes(warehouse, "one", FIRST)
    change = f"update ledger.{book} set {column} = {value}"  # noqa: S608
    warehouse.execute(f"{change} where line_id = 'b1-2'")

    assert record_changes(warehouse, "two", FIRST + timedelta(days=1)) == 1
    assert log(warehouse, "two") == [("b1", "restated", cause, 2)]
    assert record_changes(warehouse, "three", FIRST + timedelta(days=2)) == 0


@pytest.mark.parametrize("column", ["party_id", "category_confidence", "line_id"])
def test_what_says_nothing_of_an_entry_is_no_change(
    column: str, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Merged parties, a surer model and BILL's new numbers of lines restate nothing."""
    record_changes(warehouse, "one", FIRST)
    value = "0.95" if column == "category_confidence" else f"'new' || {column}"
    warehouse.execute(f"update ledger.journal_lines set {column} = {value}")  # noqa: S608
    assert record_changes(warehouse, "two", FIRST + timedelta(days=1)) == 0


def test_of_every_column_of_a_line_it_is_said_whether_it_counts() -> None:
    """One that is added to the books has to be judged here too."""
    columns = known_columns()["ledger.journal_lines"]
    ids = {"org_id", "line_id", "entry_id", "source_line_id", "role", "line_no"}
    names = {"party_id", "account_name", "account_type"}
    others = {"amount", "category_confidence"}
    assert {*columns} - {*CONTENT.values()} == ids | names | others


FORMER = """
create or replace table history.ledger_changes as
select * replace (
    (
        select '[' || string_agg(to_json({
            basis: line ->> 'basis', date: line ->> 'date',
            account: line ->> 'account', party: line ->> 'party',
            document_type: line ->> 'document_type', document: line ->> 'document',
            debit: line ->> 'debit', credit: line ->> 'credit',
            description: line ->> 'description'
        }), ',') || ']'
        from (select unnest(cast(after as json[])) as line)
    ) as after
)
from history.ledger_changes;
alter table history.entry_contents rename to entry_states;
update history.entry_states set lines = 7;
"""


def test_an_upgrade_restates_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    """What an older release logged is completed: a later change is seen against it."""
    record_changes(warehouse, "one", FIRST)
    logged = "select entry_id, after from history.ledger_changes order by all"
    as_of_now = warehouse.execute(logged).fetchall()
    warehouse.execute(FORMER)
    assert warehouse.execute(logged).fetchall() != as_of_now

    assert record_changes(warehouse, "upgraded", FIRST + timedelta(days=1)) == 0
    assert warehouse.execute(logged).fetchall() == as_of_now
    assert record_changes(warehouse, "again", FIRST + timedelta(days=2)) == 0
    warehouse.execute("update ledger.journal_lines set department_id = 'd2'")
    assert record_changes(warehouse, "later", FIRST + timedelta(days=3)) == 2
    assert log(warehouse, "later")[0] == ("b1", "restated", "dimensions_changed", 2)


def test_what_changes_with_an_upgrade_is_logged(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """An amount that differs from what the older release logged, or an entry gone."""
    record_changes(warehouse, "one", FIRST)
    post(warehouse, "b3")
    record_changes(warehouse, "two", FIRST)
    warehouse.execute(FORMER)
    for change in (
        "update ledger.journal_lines set debit = debit * 2 where entry_id = 'b1'",
        "delete from ledger.journal_entries where entry_id = 'b3'",
    ):
        warehouse.execute(change)
    assert record_changes(warehouse, "upgraded", FIRST + timedelta(days=1)) == 2
    assert log(warehouse, "upgraded") == [
        ("b1", "restated", "amount_changed", 2),
        ("b3", "removed", "removed", 2),
    ]


def test_the_log_replays_to_the_ledger(warehouse: duckdb.DuckDBPyConnection) -> None:
    """The newest row of each entry, where it was not removed, is the entry today."""
    record_changes(warehouse, "one", FIRST)
    warehouse.execute("update ledger.journal_lines set description = 'x'")
    post(warehouse, "b3")
    warehouse.execute("delete from ledger.journal_entries where entry_id = 'b2'")
    record_changes(warehouse, "two", FIRST + timedelta(days=1))

    replayed = warehouse.execute("""
        select entry_id, line ->> 'account', line ->> 'debit', line ->> 'description',
            line ->> 'department', line ->> 'class', line ->> 'local_amount',
            line ->> 'local_currency', line ->> 'category_source'
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
        select entry_id, account_number, cast(debit as varchar), description,
            department_id, class_id, cast(local_amount as varchar), local_currency,
            category_source
        from ledger.journal_lines
        where entry_id in (select entry_id from ledger.journal_entries)
        order by all
    """).fetchall()
    assert replayed == today


FORGET = "delete from history.entry_contents where entry_id = 'b1'"
OLDER = "drop table history.entry_contents"


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
