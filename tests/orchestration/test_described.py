"""What Dagster is told of each table: its columns, their origins, what makes it."""

import json
from pathlib import Path

import dagster as dg
import pytest

from orchestration.assets.dbt_nodes import MANIFEST
from orchestration.definitions import defs
from orchestration.settings import PROJECT

GRAPH = defs.resolve_asset_graph()
NODES = json.loads(MANIFEST.read_text())["nodes"].values()
MODELS = [
    dg.AssetKey([node["schema"], node["name"]])
    for node in NODES
    if node["resource_type"] == "model"
    and node["config"]["materialized"] != "ephemeral"
]
BILLS = "raw_bill.bills"
LINES, CASH_LINES = "ledger.journal_lines", "ledger.journal_lines_cash"


def schema(key: dg.AssetKey) -> dg.TableSchema:
    """Return the columns of a table as Dagster has them."""
    found = GRAPH.get(key).metadata["dagster/column_schema"]
    assert isinstance(found, dg.TableSchema)
    return found


def origins(table: str) -> dict[str, set[str]]:
    """Return ``schema.table.column`` of what each column of a table comes from."""
    lineage = GRAPH.get(dg.AssetKey(table.split("."))).metadata[
        "dagster/column_lineage"
    ]
    assert isinstance(lineage, dg.TableColumnLineage)
    return {
        column: {".".join([*dep.asset_key.path, dep.column_name]) for dep in deps}
        for column, deps in lineage.deps_by_column.items()
    }


def links(key: dg.AssetKey) -> list[tuple[Path, int | None]]:
    """Return the files, and the lines in them, that an asset links to."""
    found = GRAPH.get(key).metadata["dagster/code_references"]
    return [(Path(link.file_path), link.line_number) for link in found.code_references]


@pytest.mark.parametrize(
    ("table", "column", "wanted"),
    [
        ("staging.stg_bill__bills", "invoice_date", {f"{BILLS}.invoice_invoice_date"}),
        (
            "staging.stg_bill__bills",
            "is_archived",
            {f"{BILLS}.archived", f"{BILLS}._deleted"},
        ),
        ("ledger.trial_balance", "debits", {f"{LINES}.debit", f"{CASH_LINES}.debit"}),
        ("ledger.trial_balance", "account_name", {"ledger.accounts.account_name"}),
        ("ledger.trial_balance", "basis", set()),
        ("ledger.general_ledger", "class_name", {"ledger.dimensions.name"}),
        ("ledger.general_ledger", "memo", {"ledger.journal_entries.memo"}),
        # Through an ephemeral model, which is no asset.
        (
            "intermediate.int_document_lines_known",
            "document_number",
            {"intermediate.int_documents_judged.document_number"},
        ),
    ],
)
def test_a_column_names_what_it_comes_from(
    table: str, column: str, wanted: set[str]
) -> None:
    """Worked out by reading the SQL: renamed, computed, united, written, joined."""
    assert origins(table)[column] == wanted


def test_a_sum_comes_from_what_is_summed_and_from_what_it_runs_over() -> None:
    """A closing balance runs over the months of each account of each organization."""
    assert origins("ledger.trial_balance")["closing"] == {
        *(f"{lines}.amount" for lines in (LINES, CASH_LINES)),
        *(f"{lines}.account_number" for lines in (LINES, CASH_LINES)),
        "intermediate.int_months_spanned.org_id",
        "intermediate.int_months_spanned.month",
    }


def test_every_column_of_every_model_is_known() -> None:
    """Origins are columns of tables that the model reads, and few have none."""
    without = 0
    for model in MODELS:
        found = origins(".".join(model.path))
        assert [column.name for column in schema(model).columns] == [*found]
        parents = GRAPH.get(model).parent_keys
        there = {
            ".".join([*parent.path, column.name])
            for parent in parents
            for column in schema(parent).columns
        }
        assert set().union(*found.values()) <= there, model
        without += sum(not wanted for wanted in found.values())
    columns = sum(len(schema(model).columns) for model in MODELS)
    assert without < columns / 10


def test_what_is_published_has_the_columns_it_promises() -> None:
    """With the type that the contract gives, and what it says of them."""
    for node in NODES:
        if not node["config"].get("contract", {}).get("enforced"):
            continue
        found = schema(dg.AssetKey([node["schema"], node["name"]])).columns
        assert {column.name: plain(column.type) for column in found} == {
            name: plain(column["data_type"]) for name, column in node["columns"].items()
        }
        for column in found:
            words = node["columns"][column.name]["description"]
            assert (column.description or "").startswith(words), column.name


def plain(kind: str) -> str:
    """Return a type as both spell it."""
    plain = (
        kind.lower().replace(" ", "").replace("timestamptz", "timestampwithtimezone")
    )
    return {"text": "varchar", "int": "integer"}.get(plain, plain)


def test_a_column_says_where_it_is_from() -> None:
    """Dagster's own UI shows a column's description and no lineage."""
    (debits,) = (
        column
        for column in schema(dg.AssetKey(["ledger", "trial_balance"])).columns
        if column.name == "debits"
    )
    assert debits.description == (
        f"Debits of the month.\n\nFrom `{LINES}.debit`, `{CASH_LINES}.debit`."
    )


def test_every_asset_links_to_what_makes_it() -> None:
    """To its model's file first, and to the function that runs it."""
    for key in GRAPH.materializable_asset_keys:
        *files, (function, line) = links(key)
        assert function.is_relative_to(PROJECT / "orchestration" / "assets")
        assert line is not None
        assert function.read_text().splitlines()[line - 1].startswith("@"), key
        assert [file.stem for file, _ in files] == ([key.path[-1]] if files else [])
        assert all(file.is_file() for file, _ in files)
        assert bool(files) == (key.path[0] in {node["schema"] for node in NODES})


def test_every_test_of_the_ledger_is_a_check() -> None:
    """None is an observation that nobody looks for."""
    tests = {node["name"] for node in NODES if node["resource_type"] == "test"}
    assert tests <= {key.name for key in GRAPH.asset_check_keys}
