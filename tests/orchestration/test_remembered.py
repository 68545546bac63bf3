"""What runs remember for later ones, and the facts dbt is told."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from bill_source.entities import ENTITIES
from bill_source.matrix import LEFT_OUT
from orchestration.facts import remember_locks, write_facts
from orchestration.remembered import LockBalance, PostingSettings, Remembered

ORG = "00801ORG"
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
LOCKED_AT = "2026-04-10T12:00:00.000000Z"
BALANCE = LockBalance("2026-03-31", LOCKED_AT, "accrual", "1010", "-100.00")
RAW_BILLS = """
create schema raw_bill;
create table raw_bill.bills (
    id varchar, _version bigint, _deleted boolean, _synced_at timestamptz
);
insert into raw_bill.bills values
    ('a', 1, false, '2026-04-01 00:00:00+00'),
    ('a', 2, true, '2026-04-20 00:00:00+00'),
    ('b', 1, null, '2026-04-01 00:00:00+00'),
    ('later', 1, false, '2026-05-02 00:00:00+00');
"""
PUBLISHED = """
create schema ledger;
create table ledger.lock_balances (
    lock_date date, locked_at timestamptz, basis varchar, account_number varchar,
    balance decimal(18, 2)
);
insert into ledger.lock_balances values
    ('2026-03-31', '2026-04-10 12:00:00+00', 'accrual', '1010', -100.00);
"""


@pytest.fixture
def remembered(tmp_path: Path) -> Remembered:
    """A connection's memory, empty."""
    return Remembered(tmp_path / "acme" / "store.sqlite")


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """A small warehouse in UTC."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(RAW_BILLS)
        yield connection


def test_balances_of_a_lock_stay_as_first_published(
    remembered: Remembered, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Publishing again, with other balances, changes none that is kept."""
    warehouse.execute(PUBLISHED)
    assert remember_locks(warehouse, remembered) == 1
    warehouse.execute("update ledger.lock_balances set balance = -120.00")
    assert remember_locks(warehouse, remembered) == 0

    assert remembered.lock_balances() == [BALANCE]


def test_what_is_kept_of_a_lock_is_handed_to_dbt_exactly(
    remembered: Remembered, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Dates, instants and cents come back as they were."""
    remembered.keep_lock_balances([BALANCE])
    write_facts(warehouse, ORG, remembered, NOW)

    rows = warehouse.execute("from settings.lock_balances").fetchall()
    at = datetime(2026, 4, 10, 12, tzinfo=UTC)
    expected = (ORG, date(2026, 3, 31), at, "accrual", "1010", Decimal("-100.00"))
    assert rows == [expected]


def test_settings_have_a_version_for_each_change(
    remembered: Remembered, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """What stays as it was adds none; each says since when it holds."""
    first = PostingSettings("America/New_York", "USD", "exclude_denied", "")
    second = PostingSettings("America/New_York", "USD", "approved_only", "2026-01-01")
    later = datetime(2026, 6, 1, tzinfo=UTC)

    assert remembered.keep_settings(first, NOW)
    assert not remembered.keep_settings(first, later)
    assert remembered.keep_settings(second, later)
    write_facts(warehouse, ORG, remembered, later)

    rows = warehouse.execute("from settings.settings_versions").fetchall()
    assert rows == [
        (ORG, 1, "America/New_York", "USD", "exclude_denied", None, NOW),
        (
            *(ORG, 2, "America/New_York", "USD", "approved_only"),
            *(date(2026, 1, 1), later),
        ),
    ]


def test_lists_are_counted_as_of_the_run(
    remembered: Remembered, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Newest versions count, those of later syncs do not, deleted ones stand apart."""
    remembered.keep_readings(["bills"], NOW)
    remembered.keep_readings(["bills"], datetime(2026, 4, 1, tzinfo=UTC))
    write_facts(warehouse, ORG, remembered, NOW)

    rows = warehouse.execute(
        "select source_entity, synced, loaded, gone, last_synced_at"
        " from settings.sync_elements where element = 'bills'"
    ).fetchall()
    assert rows == [("bill", "yes", 2, 1, NOW)]


def test_records_of_lists_that_no_model_reads_are_named(
    remembered: Remembered, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Once each, as of the run; records that models read have their status there."""
    warehouse.execute("create table raw_bill.exports as from raw_bill.bills")
    write_facts(warehouse, ORG, remembered, NOW)

    rows = warehouse.execute("from settings.records_unread order by all").fetchall()
    assert rows == [(ORG, "export", "a"), (ORG, "export", "b")]


def test_every_element_of_the_matrix_reaches_dbt(
    remembered: Remembered, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """What is read and what is left out, each once, with its reason."""
    write_facts(warehouse, ORG, remembered, NOW)

    rows = warehouse.execute(
        "select element, note from settings.sync_elements where synced = 'no'"
    ).fetchall()
    assert dict(rows) == LEFT_OUT
    count = "select count(distinct element) from settings.sync_elements"
    everything = len(ENTITIES) + len(LEFT_OUT)
    assert warehouse.execute(count).fetchall() == [(everything,)]
