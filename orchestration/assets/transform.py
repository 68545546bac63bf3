"""dbt: raw rows -> documents, and documents with categories -> the ledger.

Here belongs: the two dbt steps, one asset per model, its tests as checks. Not here:
the models (dbt_project).

Two steps, because the categorizer stands between documents and postings.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import dagster_dbt

from orchestration.assets.partitions import CONNECTIONS, OWNERS
from orchestration.builds import Builds
from orchestration.failures import ChecksFailedError, LedgerError
from orchestration.resources import ConnectionRun, dbt_for
from orchestration.settings import DBT_PROJECT

MANIFEST = DBT_PROJECT / "target" / "manifest.json"


class Layers(dagster_dbt.DagsterDbtTranslator):
    """Layer names for dbt nodes: asset key and group are schema and table."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """Return the node's schema; seeds too have one."""
        return str(dbt_resource_props["schema"])

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Return schema and table, for models, seeds and sources alike."""
        if dbt_resource_props["resource_type"] == "source":
            layer = dbt_resource_props["source_name"]
        else:
            layer = dbt_resource_props["schema"]
        return dg.AssetKey([layer, dbt_resource_props["name"]])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """Return who looks after the node."""
        del dbt_resource_props
        return OWNERS


TRANSLATOR = Layers(
    settings=dagster_dbt.DagsterDbtTranslatorSettings(enable_code_references=False)
)


@dagster_dbt.dbt_assets(
    name="documents",
    manifest=MANIFEST,
    select="tag:documents",
    partitions_def=CONNECTIONS,
    dagster_dbt_translator=TRANSLATOR,
)
def documents(context: dg.AssetExecutionContext, run: ConnectionRun) -> Iterator[Any]:
    """Build staging and the documents as known now."""
    with run.doing(f"{run.name}: reading documents"):
        Builds(run.warehouse).keep("")
        yield from build(context, run)
        if not context.is_subset:
            run.keep_documents()


@dagster_dbt.dbt_assets(
    name="ledger",
    manifest=MANIFEST,
    select="tag:ledger",
    partitions_def=CONNECTIONS,
    dagster_dbt_translator=TRANSLATOR,
)
def ledger(context: dg.AssetExecutionContext, run: ConnectionRun) -> Iterator[Any]:
    """Build postings, the ledger and its reports, and check its invariants."""
    with run.doing(f"{run.name}: posting the ledger"):
        builds = Builds(run.warehouse)
        builds.keep("")
        fingerprint = builds.fingerprint()
        yield from build(context, run)
        if run.has_documents and not context.is_subset:
            builds.keep(fingerprint)


def build(context: dg.AssetExecutionContext, run: ConnectionRun) -> Iterator[Any]:
    """Run ``dbt build`` for the selected models against this run's warehouse.

    Unit tests are left to the project's own tests: their data never changes.

    Raises:
        ChecksFailedError: A test of severity error failed.
        LedgerError: dbt itself could not do its work.
    """
    target = run.folder.dbt / "target"  # one, so that both steps parse once
    with run.warehouse.open():
        pass  # another program that holds the file is waited for here, not inside dbt
    invocation = dbt_for(run).cli(
        ["build", "--exclude-resource-type", "unit_test"],
        context=context,
        target_path=target,
        raise_on_error=False,
    )
    events = list(invocation.stream())
    rows = run.warehouse.row_counts()
    yield from (_with_rows(context, event, rows) for event in events)
    if not invocation.is_successful():
        raise failure(invocation.get_artifact("run_results.json"), target)


def _with_rows(
    context: dg.AssetExecutionContext, event: Any, rows: Mapping[str, int]
) -> Any:
    """Add the row count to an event that says a table was built."""
    if not isinstance(event, dg.Output):
        return event
    table = ".".join(context.asset_key_for_output(event.output_name).path)
    if table not in rows:
        return event
    return event.with_metadata({**event.metadata, "dagster/row_count": rows[table]})


def failure(results: Mapping[str, Any], target: Path) -> LedgerError:
    """Return the error that a dbt run's results stand for."""
    failed = [result for result in results["results"] if result["status"] == "fail"]
    broken = [result for result in results["results"] if result["status"] == "error"]
    if broken or not failed:
        names = ", ".join(_name(result) for result in broken) or "dbt"
        return LedgerError(
            f"Building the ledger: {names} failed."
            f" {_first_message(broken)} The details are in {target / 'dbt.log'}."
        )
    names = ", ".join(_name(result) for result in failed)
    return ChecksFailedError(
        f"Checking the ledger: {names} found rows that must not be, so nothing new was"
        f" published and the last good ledger stays. The failing rows: run the query in"
        f" {target / 'compiled'} on warehouse.duckdb."
    )


def _name(result: Mapping[str, Any]) -> str:
    return str(result["unique_id"]).split(".")[2]


def _first_message(results: list[Mapping[str, Any]]) -> str:
    return str(results[0]["message"]).strip() if results else ""
