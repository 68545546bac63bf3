"""Building a warehouse again as a sync does: whole, or only what changed."""

from functools import cache

import duckdb

from orchestration import dbt_models
from orchestration.assets.dbt_nodes import all_nodes
from orchestration.incremental import Increment
from orchestration.warehouse import Warehouse


@cache
def models_of(step: str) -> list[str]:
    """The models of one of a sync's two steps."""
    nodes = all_nodes()
    return [
        name for name in dbt_models.compiled_models() if step in nodes[name]["tags"]
    ]


def build_whole(warehouse: Warehouse) -> None:
    """Build every table anew, and note what it was built from."""
    increment = Increment(warehouse)
    increment.begin()
    for step in ("documents", "ledger"):
        models = models_of(step)
        built = dbt_models.rebuild(warehouse, models, warehouse.folder.dbt)
        assert {each.status for each in built} == {"success"}
    increment.keep()


def build_changed(warehouse: Warehouse, all_because: str = "") -> int:
    """Build what changed since; return how many records that were.

    ``all_because``: why the ledger, other than documents, is built whole all the same.
    """
    increment, place = Increment(warehouse), warehouse.folder.dbt
    assert increment.begin() == ""
    built = increment.build(models_of("documents"), place)
    reason = increment.go_on()
    assert reason == all_because
    if reason:
        built += dbt_models.rebuild(warehouse, models_of("ledger"), place)
    else:
        built += increment.build(models_of("ledger"), place)
    assert {each.status for each in built} == {"success"}
    with duckdb.connect(str(increment.file)) as connection:
        [(records,)] = connection.execute("select count(*) from scope").fetchall()
    increment.keep()
    return int(records)
