"""Tables and views of the project take the place of whatever has their name."""

import shutil
from pathlib import Path
from typing import Any

import duckdb

from orchestration import dbt_builds

SELECTED = ["--select", "stg_bill__vendors", "accounts"]
OTHER_KIND = """
drop view staging.stg_bill__vendors;
create table staging.stg_bill__vendors as select 1 as id;
drop table ledger.accounts;
create view ledger.accounts as select 1 as id;
"""
KINDS = """
select table_schema, table_name, table_type from information_schema.tables
where table_name in ('stg_bill__vendors', 'accounts') order by all
"""
COLUMNS = """
select column_name, data_type, comment from duckdb_columns()
where schema_name = 'ledger' and table_name = 'accounts' order by column_index
"""


def test_a_model_replaces_what_stands_under_its_name(
    whole_ledger: Any, tmp_path: Path
) -> None:
    """A table in a view's place and a view in a table's, columns and comments kept."""
    place = tmp_path / "warehouse.duckdb"
    shutil.copy(whole_ledger.path, place)
    with duckdb.connect(str(place)) as connection:
        connection.execute(OTHER_KIND)

    built = dbt_builds.build(place, tmp_path / "dbt", SELECTED)

    assert built.succeeded, built
    with duckdb.connect(str(place)) as connection:  # dbt has let the file go
        kinds = connection.execute(KINDS).fetchall()
        columns = connection.execute(COLUMNS).fetchall()
    assert kinds == [
        ("ledger", "accounts", "BASE TABLE"),
        ("staging", "stg_bill__vendors", "VIEW"),
    ]
    assert columns == whole_ledger.query(COLUMNS)


def test_what_dbt_could_not_do_is_told(whole_ledger: Any, tmp_path: Path) -> None:
    """A missing table breaks its model, and what is below is skipped."""
    place = tmp_path / "warehouse.duckdb"
    shutil.copy(whole_ledger.path, place)
    with duckdb.connect(str(place)) as connection:
        connection.execute("drop table raw_bill.vendors cascade")

    built = dbt_builds.build(place, tmp_path / "dbt", SELECTED)

    broken = [row for row in built.results if row["status"] == "error"]
    assert not built.succeeded
    assert [row["unique_id"] for row in broken] == [
        "model.bill_ledger.stg_bill__vendors"
    ]
    assert "vendors does not exist" in broken[0]["message"]


def test_dbt_that_cannot_start_says_why(tmp_path: Path) -> None:
    """A selection dbt does not understand builds nothing and is no success."""
    built = dbt_builds.build(
        tmp_path / "warehouse.duckdb", tmp_path / "dbt", ["--select", "state:new"]
    )

    assert not built.succeeded
    assert built.results == []
    assert "state" in built.error
