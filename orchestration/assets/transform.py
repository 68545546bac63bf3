"""dbt: raw rows -> documents, and documents with categories -> the ledger.

Here belongs: the two dbt steps, one asset per model, its tests as checks. Not here:
the models (dbt_project).

Two steps, because the categorizer stands between documents and postings.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration import dbt_builds, dbt_tests
from orchestration.assets.dbt_nodes import (
    TRANSLATOR,
    all_nodes,
    check_result,
    dbt_step,
    kept_of,
    selection,
    tests_of,
)
from orchestration.builds import CHECKED_ALONE, Builds
from orchestration.failures import ChecksFailedError, LedgerError
from orchestration.resources import ConnectionRun


@dbt_step("documents")
def documents(context: dg.AssetExecutionContext, run: ConnectionRun) -> Iterator[Any]:
    """Build staging and the documents as known now."""
    with run.doing(f"{run.name}: reading documents"):
        Builds(run.warehouse).keep("")
        yield from build(context, run)
        if not context.is_subset:
            run.keep_documents()


@dbt_step("ledger")
def ledger(context: dg.AssetExecutionContext, run: ConnectionRun) -> Iterator[Any]:
    """Build postings, the ledger and its reports, and check its invariants."""
    with run.doing(f"{run.name}: posting the ledger"):
        builds = Builds(run.warehouse)
        builds.keep("")
        fingerprint = builds.fingerprint()
        yield from build(context, run)
        if not context.is_subset:
            builds.keep(fingerprint if run.has_documents else CHECKED_ALONE)


def build(context: dg.AssetExecutionContext, run: ConnectionRun) -> Iterator[Any]:
    """Build the selected models in this run's warehouse, then make their tests.

    Of a structure that was built whole before, only the tables are built again.

    Raises:
        ChecksFailedError: A test of severity error failed.
        LedgerError: dbt itself could not do its work.
    """
    builds, step = Builds(run.warehouse), context.assets_def.op.name
    structure = builds.structure()
    stands = not context.is_subset and builds.was_built_in(step, structure)
    if not stands:
        builds.keep_structure(step, "")
    selected = selection(context, stands=stands)
    built = dbt_builds.build(run.folder.warehouse, run.folder.dbt, selected)
    standing = _standing(context, built) if stands else {}
    yield from _events(context, run, built, standing)
    if not built.succeeded:
        raise failure(
            built.results, built.error, run.folder.dbt / "target" / "compiled"
        )
    yield from _outputs(standing, list(standing))
    yield from _tested(context, run, stands=stands)
    if not stands and not context.is_subset:
        builds.keep_structure(step, structure)


def _tested(
    context: dg.AssetExecutionContext, run: ConnectionRun, *, stands: bool
) -> Iterator[dg.AssetCheckResult]:
    """Make the tests of what was built; where one fails, say so after all of them."""
    tests, failed = tests_of(context, stands=stands), run.folder.dbt / "failed"
    found = [*dbt_tests.run(run.warehouse, tests.values(), failed)]
    yield from map(check_result, tests, found)
    results = [asdict(tested) for tested in found]
    if any(result["status"] in ("fail", "error") for result in results):
        raise failure(results, "", failed)


def _events(
    context: dg.AssetExecutionContext,
    run: ConnectionRun,
    built: dbt_builds.Built,
    standing: dict[str, list[str]],
) -> Iterator[Any]:
    """Yield what Dagster keeps of a build, tables with their rows.

    Dagster takes assets in the order in which they depend on each other: before each,
    those above it that stand as they were.
    """
    rows = run.warehouse.row_counts()
    nodes = all_nodes()
    for said in built.events:
        node = nodes[said["data"]["node_info"]["unique_id"]]
        yield from _outputs(standing, node["depends_on"].get("nodes", []))
        for event in kept_of(said, context):
            yield _with_rows(context, event, rows)


def _standing(
    context: dg.AssetExecutionContext, built: dbt_builds.Built
) -> dict[str, list[str]]:
    """Return the selected nodes that were not built again, with what they read."""
    done = {row["unique_id"] for row in built.results}
    return {
        unique_id: node["depends_on"].get("nodes", [])
        for unique_id, node in all_nodes().items()
        if unique_id not in done
        and TRANSLATOR.get_asset_key(node) in context.selected_asset_keys
    }


def _outputs(
    standing: dict[str, list[str]], wanted: Sequence[str]
) -> Iterator[dg.Output[None]]:
    """Yield the wanted nodes that stand and are not told yet, what they read first."""
    nodes = all_nodes()
    for unique_id in wanted:
        if unique_id in standing:
            yield from _outputs(standing, standing.pop(unique_id))
            key = TRANSLATOR.get_asset_key(nodes[unique_id])
            said = {"state": "stands as built before"}
            yield dg.Output(None, key.to_python_identifier(), said)


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


def failure(
    results: Sequence[Mapping[str, Any]], error: str, queries: Path
) -> LedgerError:
    """Return the error that results of models or tests stand for.

    ``error`` is dbt's own, ``queries`` the folder with what was run.
    """
    failed = [row for row in results if row["status"] == "fail"]
    broken = [row for row in results if row["status"] == "error"]
    if broken or error or not failed:
        names = ", ".join(_name(row) for row in broken) or "dbt"
        why = broken[0]["message"] if broken else error
        return LedgerError(
            f"Building the ledger: {names} failed. {why.strip()}"
            f" The queries are in {queries}."
        )
    names = ", ".join(_name(row) for row in failed)
    return ChecksFailedError(
        f"Checking the ledger: {names} found rows that must not be, so nothing new was"
        f" published and the last good ledger stays. The failing rows: run the query in"
        f" {queries} on warehouse.duckdb."
    )


def _name(result: Mapping[str, Any]) -> str:
    return str(result["unique_id"]).split(".")[2]
