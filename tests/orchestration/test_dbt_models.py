"""Tables that dbt compiled, built again without it: the same, or a clear error."""

import json
from pathlib import Path
from typing import Any

import pytest
from shell import Shell

from orchestration import dbt_models
from orchestration.builds import Builds
from orchestration.dbt_models import Model, compiled_models
from orchestration.failures import LedgerError
from orchestration.settings import ConnectionFolder
from orchestration.warehouse import Warehouse

BROKEN = "select vanished from bills"
DECIDED = "intermediate.int_records_decided"
"""Built before the categorizer, and reads its answers: those of the sync before."""
ROWS = "select count(*), sum(hash(rows)) from {} as rows"


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """An empty warehouse."""
    return Warehouse(ConnectionFolder(tmp_path))


def compile_as(
    place: Path, monkeypatch: pytest.MonkeyPatch, **models: tuple[str, list[str]]
) -> None:
    """Keep models of table name, query and what they read as if dbt had made them."""
    kept = {}
    for name, (query, parents) in models.items():
        reads = [f"model.books.{parent}" for parent in parents]
        model = Model(
            name,
            is_table=True,
            query=f"({query})",
            comments="",
            reads=reads,
            record="",
            entry="",
            together="",
            names="",
        )
        kept[f"model.books.{name}"] = vars(model)
    place.write_text(json.dumps(kept))
    monkeypatch.setattr(dbt_models, "QUERIES", place)


def test_a_table_is_built_after_what_it_reads(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever order they are asked for in; the ones not asked for stay."""
    compile_as(
        tmp_path / "models.json",
        monkeypatch,
        totals=("select sum(amount) as amount from bills", ["bills"]),
        bills=("select unnest([1, 2]) as amount", []),
        asides=("select 1 as amount", []),
    )
    wanted = ["model.books.totals", "model.books.bills"]

    built = dbt_models.rebuild(warehouse, wanted, tmp_path / "failed")

    assert [(each.unique_id, each.status) for each in built] == [
        ("model.books.bills", "success"),
        ("model.books.totals", "success"),
    ]
    with warehouse.open() as connection:
        assert connection.execute("from totals").fetchall() == [(3,)]
    assert set(warehouse.row_counts()) == {"main.bills", "main.totals"}


def test_after_a_table_that_fails_none_is_begun(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its error says why and its query is kept, until it is built."""
    failed = tmp_path / "failed"
    for query in (BROKEN, "select 1 as vanished"):
        compile_as(
            tmp_path / "models.json",
            monkeypatch,
            bills=(query, []),
            totals=("select sum(vanished) from bills", ["bills"]),
        )
        wanted = ["model.books.bills", "model.books.totals"]
        built = dbt_models.rebuild(warehouse, wanted, failed)
        kept = {file.name: file.read_text() for file in failed.iterdir()}
        if query == BROKEN:
            assert [each.status for each in built] == ["error"]
            assert "bills" in built[0].message
            assert kept == {"bills.sql": f"({BROKEN})"}

    assert [each.status for each in built] == ["success", "success"]
    assert kept == {}


@pytest.mark.parametrize("written", [None, "{"])
def test_without_compiled_models_it_says_to_set_up(
    written: str | None,
    warehouse: Warehouse,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is built then."""
    queries = tmp_path / "models.json"
    if written:
        queries.write_text(written)
    monkeypatch.setattr(dbt_models, "QUERIES", queries)

    with pytest.raises(LedgerError, match="make setup"):
        dbt_models.rebuild(warehouse, [], tmp_path / "failed")


def contents(warehouse: Warehouse) -> dict[str, Any]:
    """Every table: its rows as one number, its columns and what is said of them."""
    found: dict[str, Any] = {}
    with warehouse.open() as connection:
        for table in warehouse.row_counts():
            rows = connection.execute(ROWS.format(table)).fetchall()
            columns = connection.execute(
                "select column_name, data_type, comment from duckdb_columns()"
                " where schema_name || '.' || table_name = ? order by column_index",
                [table],
            ).fetchall()
            said = connection.execute(
                "select comment from duckdb_tables()"
                " where schema_name || '.' || table_name = ?",
                [table],
            ).fetchall()
            found[table] = (rows, columns, said)
    return found


def test_built_again_every_table_is_as_dbt_made_it(
    synced_alone: Shell, tmp_path: Path
) -> None:
    """Rows, columns in their order, types and comments: from the tables' own SQL."""
    warehouse = Warehouse(synced_alone.home.connection("acme"))
    made_by_dbt = contents(warehouse)
    models = compiled_models()
    tables = [name for name, model in models.items() if model.is_table]
    with warehouse.open() as connection:
        for name in tables:
            connection.execute(f"drop table {models[name].name}")

    built = dbt_models.rebuild(warehouse, models, tmp_path)

    assert {each.status for each in built} == {"success"}
    assert len(built) == len(tables) > 100
    again = contents(warehouse)
    assert again.pop(DECIDED) != made_by_dbt.pop(DECIDED)
    assert again == made_by_dbt


def test_what_an_older_release_built_is_published_no_more(synced_alone: Shell) -> None:
    """Tables and views that no model makes go when dbt builds all; others stay."""
    warehouse = Warehouse(synced_alone.home.connection("acme"))
    published = set(synced_alone.tables())
    with warehouse.open() as connection:
        connection.execute("create table ledger.former_report as select 1 as amount")
        connection.execute("create view staging.former as from ledger.former_report")
        connection.execute("create table history.kept as from ledger.former_report")
    Builds(warehouse).forget()

    synced_alone.sync()

    assert set(synced_alone.tables()) == published
    for schema, table in (("ledger", "former_report"), ("staging", "former")):
        assert not warehouse.has_table(schema, table)
    assert warehouse.has_table("history", "kept")
