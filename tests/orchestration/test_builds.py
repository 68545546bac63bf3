"""Fingerprints: what makes a build give another ledger, and what does not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.builds import Builds
from orchestration.connections import Connection
from orchestration.settings import ConnectionFolder
from orchestration.store import Store, SyncRun, instant_text
from orchestration.warehouse import Warehouse

OWNER = Connection("acme", "008", timezone="America/Los_Angeles")
BILLS = """
create schema raw_bill;
create table raw_bill.bills (
    id varchar, _version bigint, _synced_at timestamptz, _raw varchar
);
insert into raw_bill.bills values
    ('1', 1, '2026-06-15 18:00:00+00', '{}'), ('2', 1, '2026-06-15 21:00:00+00', '{}');
create table raw_bill._dlt_loads (load_id varchar);
"""
NOON = datetime(2026, 6, 15, 19, tzinfo=UTC)


@pytest.fixture
def builds(tmp_path: Path) -> Builds:
    """A warehouse with two bills, the second from two hours after noon."""
    warehouse = Warehouse(ConnectionFolder(tmp_path))
    with warehouse.open() as connection:
        connection.execute(BILLS)
    at = instant_text(NOON)
    Store(warehouse.folder.store).add_run(SyncRun("first", at, at, at, "success"))
    return Builds(warehouse)


def as_of(builds: Builds, instant: datetime, owner: Connection = OWNER) -> str:
    """The fingerprint with settings and decisions as of an instant."""
    store = Store(builds.warehouse.folder.store)
    builds.warehouse.write_inputs(owner, store, instant)
    return builds.fingerprint()


@pytest.mark.parametrize(
    ("instant", "is_same"),
    [
        (NOON, True),
        (datetime(2026, 6, 15, 20, 59, tzinfo=UTC), True),
        (datetime(2026, 6, 15, 21, tzinfo=UTC), False),  # the second bill counts now
        (datetime(2026, 6, 16, 7, tzinfo=UTC), False),  # midnight in Los Angeles
    ],
)
def test_time_changes_a_ledger_only_where_something_comes_due(
    builds: Builds, instant: datetime, *, is_same: bool
) -> None:
    """A later instant counts once a row's instant or midnight lies between."""
    assert (as_of(builds, instant) == as_of(builds, NOON)) is is_same


def test_midnight_is_the_organizations(builds: Builds) -> None:
    """The second instant is the next day in Greenwich, not in Los Angeles."""
    late = [
        datetime(2026, 6, day, hour, tzinfo=UTC) for day, hour in ((15, 22), (16, 2))
    ]
    assert as_of(builds, late[0]) == as_of(builds, late[1])


@pytest.mark.parametrize(
    "change",
    [
        "insert into raw_bill.bills select * from raw_bill.bills limit 1",
        "update raw_bill.bills set _version = 2 where id = '1'",
        "delete from raw_bill.bills where id = '1'",
        "create table raw_bill.vendors (id varchar)",
        "alter table raw_bill.bills add column amount decimal(18, 2)",
        "update settings.connection_settings set home_currency = 'EUR'",
        "insert into decisions.category_rules (rule_id) values ('rent')",
        "insert into categorizer.line_categories (line_id) values ('1-1')",
    ],
)
def test_every_input_counts(builds: Builds, change: str) -> None:
    """A row more, less or other, a table, column, setting, decision or answer."""
    before = as_of(builds, NOON)
    with builds.warehouse.open() as connection:
        connection.execute(change)

    assert builds.fingerprint() != before


@pytest.mark.parametrize(
    "change",
    [
        "insert into raw_bill._dlt_loads values ('1')",
        "create schema ledger; create table ledger.journal_lines (line_id varchar)",
    ],
)
def test_what_dbt_does_not_read_does_not_count(builds: Builds, change: str) -> None:
    """The loader's own tables and dbt's results leave the fingerprint as it is."""
    before = as_of(builds, NOON)
    with builds.warehouse.open() as connection:
        connection.execute(change)

    assert builds.fingerprint() == before


def test_the_note_of_a_build_is_kept_and_forgotten(builds: Builds) -> None:
    """A new warehouse has none; the newest counts; an unknown build leaves none."""
    found = [builds.built_from()]
    for fingerprint in ("one", "two", ""):
        builds.keep(fingerprint)
        found.append(builds.built_from())

    assert found == ["", "one", "two", ""]


def test_structure_is_code_and_columns_and_no_rows(builds: Builds) -> None:
    """A new column is another structure, a new row is not."""
    before = builds.structure()
    with builds.warehouse.open() as connection:
        connection.execute("insert into raw_bill.bills from raw_bill.bills limit 1")
        after_row = builds.structure()
        connection.execute("alter table raw_bill.bills alter id type integer")

    assert after_row == before
    assert builds.structure() != before


def test_the_structure_of_each_step_is_kept_until_all_is_forgotten(
    builds: Builds,
) -> None:
    """Steps have their own note, the newest counts, '' takes one away."""
    builds.keep_structure("documents", "old")
    builds.keep_structure("documents", "new")
    builds.keep_structure("ledger", "old")
    builds.keep_structure("ledger", "")
    builds.keep("whole")
    found = [
        builds.was_built_in(step, structure)
        for step in ("documents", "ledger")
        for structure in ("old", "new")
    ]
    builds.forget()

    assert found == [False, True, False, False]
    assert not builds.was_built_in("documents", "new")
    assert builds.built_from() == ""
