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

from orchestration import dbt_builds, dbt_models, dbt_tests
from orchestration.assets.dbt_nodes import (
    TRANSLATOR,
    check_result,
    dbt_step,
    in_order,
    kept_of,
    nodes_of,
    selection,
    tests_of,
)
from orchestration.builds import CHECKED_ALONE, Builds
from orchestration.failures import ChecksFailedError, LedgerError
from orchestration.incremental import Increment
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

    Of a structure that dbt built whole before, the tables are built again without it,
    where that is enough only the rows of records that changed.

    Raises:
        ChecksFailedError: A test of severity error failed.
        LedgerError: A model could not be built.
    """
    builds, step = Builds(run.warehouse), context.assets_def.op.name
    structure, increment = builds.structure(), Increment(run.warehouse)
    stands = not context.is_subset and builds.was_built_in(step, structure)
    all_because = _reason(context, run, increment, stands=stands)
    if stands:
        yield from _rebuilt(context, run, increment, all_because)
    else:
        builds.keep_structure(step, "")
        yield from _built(context, run)
        if step == "ledger" and (gone := dbt_models.drop_others(run.warehouse)):
            context.log.info("Dropped, as no model makes them: %s.", ", ".join(gone))
    if step == "ledger":
        increment.keep()
    yield from _tested(context, run, stands=stands)
    if not stands and not context.is_subset:
        builds.keep_structure(step, structure)


def _reason(
    context: dg.AssetExecutionContext,
    run: ConnectionRun,
    increment: Increment,
    *,
    stands: bool,
) -> str:
    """Return why all records must be built, '' where the changed ones are enough."""
    reason = run.all_built_because
    if context.is_subset:
        reason = "only some tables are built"
        increment.forget()
    elif context.assets_def.op.name == "documents":
        reason = increment.begin(stands=stands)
    elif not run.has_documents:
        reason = "documents were not built in this run"
        increment.forget()
    elif not reason:
        reason = increment.go_on()
    run.keep_reason(reason)
    return reason


def _built(context: dg.AssetExecutionContext, run: ConnectionRun) -> Iterator[Any]:
    """Let dbt build what is selected; yield what Dagster keeps, tables with rows."""
    built = dbt_builds.build(run.folder.warehouse, run.folder.dbt, selection(context))
    rows = run.warehouse.row_counts()
    for said in built.events:
        for event in kept_of(said, context):
            yield _with_rows(context, event, rows)
    if not built.succeeded:
        raise failure(
            built.results, built.error, run.folder.dbt / "target" / "compiled"
        )


def _rebuilt(
    context: dg.AssetExecutionContext,
    run: ConnectionRun,
    increment: Increment,
    all_because: str,
) -> Iterator[Any]:
    """Build the step's tables again; yield them, and views and seeds, which stand.

    Dagster takes assets in the order in which they depend on each other.
    """
    failed, nodes = run.folder.dbt / "failed", nodes_of(context)
    models = [one for one, node in nodes.items() if node["resource_type"] == "model"]
    if all_because:
        context.log.info("All records are built: %s.", all_because)
        built = dbt_models.rebuild(run.warehouse, models, failed)
    else:
        context.log.info("Only records that changed are built.")
        built = increment.build(models, failed)
    if any(each.status == "error" for each in built):
        raise failure([asdict(each) for each in built], "", failed)
    seconds = {each.unique_id: each.seconds for each in built}
    rows = run.warehouse.row_counts()
    for unique_id in in_order(nodes):
        said: dict[str, Any] = {"state": "stands as built before"}
        if nodes[unique_id]["config"]["materialized"] == "table":
            said = {"Execution Duration": seconds[unique_id]}
        name = TRANSLATOR.get_asset_key(nodes[unique_id]).to_python_identifier()
        yield _with_rows(context, dg.Output(None, name, said), rows)


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
