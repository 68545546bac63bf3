"""What dbt has to be told besides decisions: the matrix, what was there before.

Here belongs: tables of schema settings that are neither today's settings nor people's
word, written before each build, and what is remembered after one. Not here: what is
kept between runs (remembered.py), how rows are written (warehouse.py).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bill_source.matrix import Element, elements
from orchestration.remembered import LockBalance, Remembered
from orchestration.settings import DBT_PROJECT
from orchestration.warehouse import replace_table

if TYPE_CHECKING:
    import duckdb

ELEMENT_COLUMNS = {
    "org_id": "VARCHAR",
    "element": "VARCHAR",
    "source_entity": "VARCHAR",
    "synced": "VARCHAR",
    "direction": "VARCHAR",
    "list_group": "VARCHAR",
    "note": "VARCHAR",
    "loaded": "BIGINT",
    "gone": "BIGINT",
    "last_synced_at": "TIMESTAMPTZ",
}
LOCK_BALANCE_COLUMNS = {
    "org_id": "VARCHAR",
    "lock_date": "DATE",
    "locked_at": "TIMESTAMPTZ",
    "basis": "VARCHAR",
    "account_number": "VARCHAR",
    "balance": "DECIMAL(18, 2)",
}
SETTINGS_VERSION_COLUMNS = {
    "org_id": "VARCHAR",
    "version_id": "BIGINT",
    "org_timezone": "VARCHAR",
    "home_currency": "VARCHAR",
    "bill_posting_policy": "VARCHAR",
    "ledger_start_date": "DATE",
    "effective_at": "TIMESTAMPTZ",
}
RAW_TABLES = """
select table_name from duckdb_tables()
where schema_name = 'raw_bill' and database_name = current_database()
"""
LOADED = """
select count(*), count(*) filter (where gone)
from (
    select id, arg_max(coalesce(_deleted, false), _version) as gone
    from raw_bill.{table}
    where _synced_at <= ?
    group by id
)
"""
STAGED = DBT_PROJECT / "models" / "staging" / "bill"
"""Where each list that models read has its first one, ``stg_bill__<list>.sql``."""
UNREAD_COLUMNS = {
    "org_id": "VARCHAR",
    "source_entity": "VARCHAR",
    "source_id": "VARCHAR",
}
UNREAD = """
insert into settings.records_unread
select distinct ?, ?, id from raw_bill.{table} where _synced_at <= ?
"""
LOCKED = """
select
    cast(lock_date as varchar),
    strftime(locked_at, '%Y-%m-%dT%H:%M:%S.%fZ'),
    basis,
    account_number,
    cast(balance as varchar)
from ledger.lock_balances
"""


def write_facts(
    connection: "duckdb.DuckDBPyConnection",
    org_id: str,
    remembered: Remembered,
    as_of: datetime,
) -> None:
    """Replace the tables of facts as of an instant."""
    there = {table for (table,) in connection.execute(RAW_TABLES).fetchall()}
    readings = remembered.readings()
    rows = list(_element_rows(connection, org_id, readings, there, as_of))
    replace_table(connection, "settings.sync_elements", ELEMENT_COLUMNS, rows)
    _write_unread(connection, org_id, there, as_of)
    balances = [
        (org_id, *vars(balance).values()) for balance in remembered.lock_balances()
    ]
    replace_table(connection, "settings.lock_balances", LOCK_BALANCE_COLUMNS, balances)
    columns = SETTINGS_VERSION_COLUMNS
    versions = [
        tuple({**version, "org_id": org_id}[name] or None for name in columns)
        for version in remembered.settings_versions()
    ]
    replace_table(connection, "settings.settings_versions", columns, versions)


def remember_locks(
    connection: "duckdb.DuckDBPyConnection", remembered: Remembered
) -> int:
    """Keep what every account stands at, for each lock that is published anew.

    Returns:
        How many balances were new.
    """
    rows = connection.execute(LOCKED).fetchall()
    return remembered.keep_lock_balances(LockBalance(*row) for row in rows)


def _write_unread(
    connection: "duckdb.DuckDBPyConnection",
    org_id: str,
    there: set[str],
    as_of: datetime,
) -> None:
    """Name the records of lists that no model reads: they have a status too."""
    replace_table(connection, "settings.records_unread", UNREAD_COLUMNS, [])
    for element in elements():
        table = element.element
        if table in there and not (STAGED / f"stg_bill__{table}.sql").exists():
            values = [org_id, element.record, as_of]
            connection.execute(UNREAD.format(table=table), values)


def _element_rows(
    connection: "duckdb.DuckDBPyConnection",
    org_id: str,
    readings: dict[str, str],
    there: set[str],
    as_of: datetime,
) -> Iterator[tuple[Any, ...]]:
    for element in elements():
        counts = (0, 0)
        if element.element in there:
            counts = _counts(connection, element, as_of)
        last = readings.get(element.element)
        yield (org_id, *vars(element).values(), *counts, last)


def _counts(
    connection: "duckdb.DuckDBPyConnection", element: Element, as_of: datetime
) -> tuple[int, int]:
    query = LOADED.format(table=element.element)
    loaded, gone = connection.execute(query, [as_of]).fetchall()[0]
    return int(loaded), int(gone)
