"""Incremental builds against whole ones: whatever changed, every table is the same.

Here belongs: which rows an incremental build makes anew. Not here: when a sync makes
one (tests/orchestration/test_incremental.py).
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rebuilding import build_changed, build_whole

from bill_source.entities import BY_TABLE, Entity
from orchestration import changed_records, dbt_models
from orchestration.assets.dbt_nodes import MANIFEST
from orchestration.incremental import Increment
from orchestration.settings import ConnectionFolder
from orchestration.warehouse import Warehouse

pytestmark = pytest.mark.slow

PARTS = 3
HIDDEN = (
    "bills",
    "vendor_credits",
    "payments",
    "invoices",
    "credit_memos",
    "receivable_payments",
    "billing_statements",
)
"""Lists of which newest versions come later."""
SAID = ("category_overrides", "exclusions", "settlement_overrides", "manual_entries")
"""Decisions that come later."""
PARTIES = (
    ("vendors", "vendor_id", ("bills", "vendor_credits", "payments")),
    ("customers", "customer_id", ("invoices", "credit_memos", "receivable_payments")),
)
NAMED = """
insert into raw_bill.{table} by name
select distinct
    named.org_id, named.{party} as id, 'Known' as name, 1 as _version,
    false as _deleted, timestamptz '2020-01-01 00:00:00+00' as _synced_at
from ({lists}) as named
anti join raw_bill.{table} as known
    on named.org_id = known.org_id and named.{party} = known.id
where named.{party} is not null
"""
"""A name for those whom only documents name: any document could give them another."""
TABLES = """
select schema_name || '.' || table_name from duckdb_tables()
where database_name = 'warehouse' and schema_name in ('intermediate', 'ledger')
order by all
"""
DIFFERENT = """
select count(*) from (
    (from {table} except all from whole.{table})
    union all
    (from whole.{table} except all from {table})
)
"""


def different(warehouse: Warehouse, whole: Warehouse) -> dict[str, int]:
    """How many rows each table has that the other has not, where there are some."""
    with warehouse.open() as connection:
        connection.execute(f"attach '{whole.folder.warehouse}' as whole (read_only)")
        tables = [name for (name,) in connection.execute(TABLES).fetchall()]
        counts = {
            table: connection.execute(DIFFERENT.format(table=table)).fetchall()[0][0]
            for table in tables
        }
    assert len(counts) > 100
    return {table: count for table, count in counts.items() if count}


@pytest.fixture(autouse=True)
def any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a small ledger count, and all of it change."""
    monkeypatch.setattr(changed_records, "LEAST_VERSIONS", 0)
    monkeypatch.setattr(changed_records, "LARGEST_SHARE", 0)


@pytest.fixture(scope="module")
def whole(whole_ledger: Any, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The companies of all cases, but for what makes each record depend on all."""
    folder = ConnectionFolder(tmp_path_factory.mktemp("whole"))
    shutil.copy(whole_ledger.path, folder.warehouse)
    warehouse = Warehouse(folder)
    with warehouse.open() as connection:
        connection.execute("delete from decisions.bank_transactions")
        connection.execute("delete from decisions.category_rules")
        for table, party, lists in PARTIES:
            named = " union all ".join(
                f"select org_id, {party} from raw_bill.{name}" for name in lists
            )
            connection.execute(NAMED.format(table=table, party=party, lists=named))
    build_whole(warehouse)
    return warehouse


@pytest.fixture
def again(whole: Warehouse, tmp_path: Path) -> Warehouse:
    """A copy of that warehouse."""
    folder = ConnectionFolder(tmp_path)
    shutil.copy(whole.folder.warehouse, folder.warehouse)
    return Warehouse(folder)


def newest(entity: Entity, part: int) -> str:
    """The newest version of every third record of a list."""
    return (
        f"select id, max(_version) as _version from raw_bill.{entity.table}"
        f" group by id having hash(id) % {PARTS} = {part}"
    )


def hide(connection: duckdb.DuckDBPyConnection, table: str, part: int) -> None:
    """Take away the newest version of every third record, lines and all."""
    entity = BY_TABLE[table]
    connection.execute(f"create or replace temp table hidden as {newest(entity, part)}")
    children = [
        (nested.table, entity.parent_key)
        for child in entity.children
        for nested in (child, *child.children)
    ]
    for name, key in [*children, (table, "id")]:
        connection.execute(
            f"delete from raw_bill.{name} as rows using hidden"
            f" where rows.{key} = hidden.id and rows._version = hidden._version"
        )


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_comes_later_the_ledger_is_as_if_built_whole(
    part: int, again: Warehouse, whole: Warehouse
) -> None:
    """Every third record gets a version, or comes, when the others have been built."""
    with again.open() as connection:
        for table in HIDDEN:
            hide(connection, table, part)
    build_whole(again)
    assert different(again, whole)
    restore(again, whole, "raw_bill")

    records = build_changed(again)

    assert different(again, whole) == {}
    with again.open() as connection:
        [(every,)] = connection.execute(
            "select count(distinct record_key) from intermediate.int_records_versioned"
        ).fetchall()
    assert 0 < records < every


def restore(warehouse: Warehouse, whole: Warehouse, schema: str) -> None:
    """Bring back the rows that were taken from the tables of a schema."""
    with warehouse.open() as connection:
        connection.execute(f"attach '{whole.folder.warehouse}' as whole (read_only)")
        tables = connection.execute(
            "select table_name from duckdb_tables()"
            " where database_name = 'warehouse' and schema_name = ?",
            [schema],
        ).fetchall()
        for (table,) in tables:
            name = f'{schema}."{table}"'
            connection.execute(
                f"insert into {name} (from whole.{name} except all from {name})"
            )


def test_other_names_of_vendors_reach_their_documents(
    again: Warehouse, whole: Warehouse
) -> None:
    """Entries that people wrote may name them too, so the ledger is built whole."""
    with again.open() as connection:
        for table in ("vendors", "customers"):
            connection.execute(f"update raw_bill.{table} set name = 'Before'")
    build_whole(again)
    assert different(again, whole)
    with again.open() as connection:
        for table in ("vendors", "customers"):
            connection.execute(f"delete from raw_bill.{table}")
    restore(again, whole, "raw_bill")

    build_changed(again, all_because="other records have another party")

    assert different(again, whole) == {}


def test_another_balance_of_a_vendor_reaches_no_document(
    again: Warehouse, tmp_path: Path
) -> None:
    """BILL counts with each bill what a vendor is owed; who it is stays."""
    build_whole(again)
    with again.open() as connection:
        connection.execute("update raw_bill.vendors set balance_amount = 7")
    copy = ConnectionFolder(tmp_path / "copy")
    copy.path.mkdir()
    shutil.copy(again.folder.warehouse, copy.warehouse)
    anew = Warehouse(copy)
    build_whole(anew)
    assert "ledger.reconciliation" in different(again, anew)

    assert build_changed(again) == 0
    assert different(again, anew) == {}


@pytest.mark.parametrize("kind", SAID)
def test_what_people_say_later_changes_only_whom_it_is_about(
    kind: str, again: Warehouse, whole: Warehouse
) -> None:
    """Decisions of each kind about one record, and answers of the categorizer."""
    with again.open() as connection:
        connection.execute(f"delete from decisions.{kind}")
        connection.execute(
            "delete from categorizer.line_categories where decision_id > ("
            "select median(decision_id) from categorizer.line_categories)"
        )
    build_whole(again)
    assert different(again, whole)
    restore(again, whole, "decisions")
    restore(again, whole, "categorizer")

    build_changed(again)

    assert different(again, whole) == {}


def test_a_day_brings_what_comes_due(again: Warehouse, tmp_path: Path) -> None:
    """Money known beforehand posts on its day without a new version.

    A line without an answer counts as changed with every run: since when is one run's
    instant or another's, and no lock lies between.
    """
    days = ("2026-09-10", "2026-12-31")
    copy = ConnectionFolder(tmp_path / "copy")
    copy.path.mkdir()
    with again.open() as connection:
        connection.execute(
            "update settings.connection_settings set as_of = cast(? as timestamptz)",
            [f"{days[0]} 12:00:00+00"],
        )
    build_whole(again)
    with again.open() as connection:
        connection.execute(
            "update settings.connection_settings set as_of = cast(? as timestamptz)",
            [f"{days[1]} 12:00:00+00"],
        )
    shutil.copy(again.folder.warehouse, copy.warehouse)
    anew = Warehouse(copy)
    build_whole(anew)
    assert different(again, anew)

    build_changed(again)

    assert different(again, anew).keys() <= {"intermediate.int_records_changed"}


CHANGES: dict[str, Callable[[duckdb.DuckDBPyConnection], Any]] = {
    "decisions.period_locks": lambda c: c.execute(
        "insert into decisions.period_locks select * replace (decision_id + 900 as"
        " decision_id) from decisions.period_locks limit 1"
    ),
    "settings.connection_settings": lambda c: c.execute(
        "update settings.connection_settings set bill_posting_policy = 'all'"
    ),
    "raw_bill.departments": lambda c: c.execute(
        "insert into raw_bill.departments select * replace (_version + 1 as _version)"
        " from raw_bill.departments"
    ),
    "a bank feed": lambda c: c.execute(
        "insert into decisions.bank_transactions (org_id) values ('scenario')"
    ),
    "versions of records are gone": lambda c: c.execute(
        "delete from raw_bill.bills where _version > 1"
    ),
    "decisions are gone": lambda c: c.execute("delete from decisions.exclusions"),
    "a later instant": lambda c: c.execute(
        "update settings.connection_settings set as_of = as_of - interval 1 day"
    ),
    "of an earlier build": lambda c: c.execute("drop schema builds cascade"),
}


@pytest.mark.parametrize("said", CHANGES)
def test_what_reaches_every_record_builds_all(said: str, again: Warehouse) -> None:
    """It says what that is, and the build after it is whole as well."""
    build_whole(again)
    with again.open() as connection:
        CHANGES[said](connection)
    increment = Increment(again)

    reasons = [increment.begin(), increment.begin()]
    increment.end()

    assert said in reasons[0] or "bank feed" in said
    assert "bank" in reasons[0] or "bank feed" not in said
    assert "earlier build" in reasons[1]


def test_every_input_of_records_is_compared() -> None:
    """What rows of a record come from is a version of one, or compared as a whole.

    A model that reads more than that needs its input among those of changed_records.
    """
    models, manifest = dbt_models.compiled_models(), all_parents()
    partial = {name for name, model in models.items() if model.record or model.entry}
    staged = {name for name in partial if "staging" in models[name].name}
    waiting, read = [*(partial - staged)], set()
    while waiting:
        name = waiting.pop()
        if name not in read | staged:
            read.add(name)
            waiting += manifest.get(name, [])
    sources = {name.split(".", 2)[2] for name in read if name.startswith("source.")}

    assert sources == (
        changed_records.FAR.keys()
        | {f"decisions.{kind}" for kind in changed_records.DECIDED}
        | {"raw_bill.vendors", "raw_bill.customers"}
        | {f"categorizer.party_{name}" for name in ("members", "redirects")}
        | {"decisions.party_answers"}  # a view of FAR_BY_RULES
    )


def all_parents() -> dict[str, list[str]]:
    """What each node of the project reads."""
    parents: dict[str, list[str]] = json.loads(MANIFEST.read_text())["parent_map"]
    return parents


def test_a_small_ledger_is_built_whole(
    again: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is looked for then, and nothing is left of an earlier note."""
    build_whole(again)
    monkeypatch.setattr(changed_records, "LEAST_VERSIONS", 1_000_000)
    increment = Increment(again)

    assert "small" in increment.begin()
    assert not increment.file.exists()
    increment.keep()
    monkeypatch.setattr(changed_records, "LEAST_VERSIONS", 0)
    assert "earlier build" in increment.begin()


def test_what_other_models_built_is_not_compared(again: Warehouse) -> None:
    """It may have other columns; the inputs are noted for the build after this one."""
    with again.open() as connection:
        connection.execute("alter table intermediate.int_vendors_known rename to old")
        connection.execute("drop table intermediate.int_snapshots")
    increment = Increment(again)

    reason = increment.begin(stands=False)

    assert "new" in reason
    increment.keep()
    with again.open() as connection:
        [(inputs,)] = connection.execute(
            "select count(*) from builds.seen_inputs"
        ).fetchall()
    assert inputs == len(changed_records.FAR)


def test_where_much_changed_all_is_built(
    again: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One record in so many at most."""
    build_whole(again)
    monkeypatch.setattr(changed_records, "LARGEST_SHARE", 1_000_000)
    with again.open() as connection:
        connection.execute(
            "insert into raw_bill.bills select * replace (_version + 1 as _version)"
            " from raw_bill.bills order by id, _version limit 1"
        )

    assert "records changed" in Increment(again).begin()
