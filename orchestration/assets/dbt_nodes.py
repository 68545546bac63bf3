"""dbt's nodes as assets and checks, without dbt: its manifest says all there is to say.

Here belongs: what dagster-dbt makes of the manifest, and which nodes a step has. Not
here: the steps themselves (transform.py), running dbt (orchestration/dbt_builds.py).

Whatever knows the assets loads this: the UI, each run, a sync without news. Where
dagster-dbt finds dbt it loads it to select nodes, and that takes longer than all else
such a process loads. Here it finds none, and a step has the nodes with its tag.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.assets.partitions import CONNECTIONS, OWNERS
from orchestration.dbt_tests import Tested
from orchestration.settings import DBT_PROJECT


@contextmanager
def _hidden(module: str) -> Iterator[None]:
    """Let the import of a module fail, as where it is not installed."""
    modules: dict[str, Any] = sys.modules
    there = modules.get(module)
    modules[module] = None
    try:
        yield
    finally:
        del modules[module]
        if there is not None:
            modules[module] = there


with _hidden("dbt.version"):
    from dagster_dbt import DagsterDbtTranslator
    from dagster_dbt.asset_utils import (
        DAGSTER_DBT_UNIQUE_ID_METADATA_KEY,
        get_asset_check_key_for_test,
        get_subset_selection_for_context,
    )
    from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage
    from dagster_dbt.dbt_manifest import validate_manifest

MANIFEST = DBT_PROJECT / "target" / "manifest.json"


class Layers(DagsterDbtTranslator):
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


TRANSLATOR = Layers()


def all_nodes() -> Mapping[str, Mapping[str, Any]]:
    """Return models, seeds and tests as the set-up parsed them, by unique id."""
    found: Mapping[str, Mapping[str, Any]] = validate_manifest(MANIFEST)["nodes"]
    return found


def all_tests() -> list[Mapping[str, Any]]:
    """Return the tests among them."""
    return [node for node in all_nodes().values() if node["resource_type"] == "test"]


def dbt_step(name: str) -> Callable[[Callable[..., Any]], dg.AssetsDefinition]:
    """Make a function the step of all models and seeds with a tag, and their tests.

    Tests are checks of what they test; as in dbt, a step runs those of its own nodes.
    """
    manifest = validate_manifest(MANIFEST)
    specs, checks = [], {}
    for unique_id, node in all_nodes().items():
        if not _is_asset(node) or name not in node["tags"]:
            continue
        spec = TRANSLATOR.get_asset_spec(manifest, unique_id, None)
        specs.append(spec)
        for test in manifest["child_map"][unique_id]:
            if test.startswith("test."):
                check = TRANSLATOR.get_asset_check_spec(spec, manifest, test, None)
                if check:
                    checks[check.key] = check
    return dg.multi_asset(
        name=name,
        specs=specs,
        check_specs=[*checks.values()],
        can_subset=True,
        partitions_def=CONNECTIONS,
    )


def _is_asset(node: Mapping[str, Any]) -> bool:
    """Whether a node is something in the warehouse, which ephemeral models are not."""
    kind, made = node["resource_type"], node["config"].get("materialized")
    return kind in ("model", "seed") and made != "ephemeral"


def selection(context: dg.AssetExecutionContext) -> list[str]:
    """Return the words by which dbt selects what Dagster did of a step."""
    whole = f"tag:{context.assets_def.op.name}"
    if not context.is_subset:
        return ["--select", whole]
    words, _ = get_subset_selection_for_context(
        context,
        validate_manifest(MANIFEST),
        select=whole,
        exclude=None,
        selector=None,
        dagster_dbt_translator=TRANSLATOR,
        current_dbt_indirect_selection_env=None,
    )
    return [*words]


def nodes_of(context: dg.AssetExecutionContext) -> dict[str, Mapping[str, Any]]:
    """Return the models and seeds that Dagster selected, by unique id."""
    selected = context.selected_asset_keys
    return {
        unique_id: node
        for unique_id, node in all_nodes().items()
        if _is_asset(node) and TRANSLATOR.get_asset_key(node) in selected
    }


def in_order(wanted: Iterable[str]) -> list[str]:
    """Return these unique ids, each after all that it reads."""
    reads = {
        unique_id: node["depends_on"].get("nodes", [])
        for unique_id, node in all_nodes().items()
    }
    asked = set(wanted)
    return [one for one in TopologicalSorter(reads).static_order() if one in asked]


def tests_of(
    context: dg.AssetExecutionContext, *, stands: bool
) -> dict[dg.AssetCheckKey, Mapping[str, Any]]:
    """Return the tests that Dagster selected, by their checks.

    ``stands``: the warehouse was built whole by the same models. That keys in between
    are unique follows from these: it is checked where they are new to a warehouse and
    after each full reading. Keys of what was read, of what is published and the
    invariants are checked every time.
    """
    manifest, selected = validate_manifest(MANIFEST), context.selected_asset_check_keys
    tests = {}
    for test in all_tests():
        if stands and test["original_file_path"].startswith("models/intermediate"):
            continue
        key = get_asset_check_key_for_test(
            manifest, TRANSLATOR, test["unique_id"], project=None
        )
        if key and key in selected:
            tests[key] = test
    return tests


def check_result(key: dg.AssetCheckKey, found: Tested) -> dg.AssetCheckResult:
    """Return what Dagster keeps of a test."""
    passed, warns = found.status == "pass", found.status == "warn"
    metadata: dict[str, Any] = {
        "status": found.status,
        "dagster_dbt/failed_row_count": found.rows,
    }
    if not passed:
        metadata["query"] = dg.MetadataValue.md(f"```sql\n{found.query}\n```")
    return dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=passed,
        severity=dg.AssetCheckSeverity.WARN if warns else dg.AssetCheckSeverity.ERROR,
        metadata=metadata,
    )


def kept_of(said: dict[str, Any], context: dg.AssetExecutionContext) -> Iterator[Any]:
    """Yield what Dagster keeps of a table's end."""
    message = DbtCoreCliEventMessage(said, event_history_metadata={})
    yield from message.to_default_asset_events(MANIFEST, TRANSLATOR, context)


def file_of(spec: dg.AssetSpec) -> Path | None:
    """Return the file that a model or seed is written in, None for other assets."""
    unique_id = spec.metadata.get(DAGSTER_DBT_UNIQUE_ID_METADATA_KEY)
    if unique_id is None:
        return None
    return DBT_PROJECT / str(all_nodes()[unique_id]["original_file_path"])
