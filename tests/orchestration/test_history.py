"""Dagster's records in our keeping: whole, shared, few files open."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pytest

from orchestration.history import KEPT_OPEN, RunHistory
from orchestration.running import prepare
from orchestration.settings import Home


@dg.asset(check_specs=[dg.AssetCheckSpec("is_there", asset="books")])
def books() -> Iterator[Any]:
    """An asset with a check."""
    yield dg.Output(None)
    yield dg.AssetCheckResult(passed=True, check_name="is_there")


@pytest.mark.parametrize("runs", [1, KEPT_OPEN + 2])
def test_every_run_is_read_back_by_another_process(home: Home, runs: int) -> None:
    """Each run's events, and the asset's and the check's last ones, are all there."""
    prepare(home)
    with dg.DagsterInstance.get() as instance:
        assert isinstance(instance.event_log_storage, RunHistory)
        ids = [dg.materialize([books], instance=instance).run_id for _ in range(runs)]

    with dg.DagsterInstance.get() as instance:
        for run_id in ids:
            kinds = [record.event_type for record in events(instance, run_id)]
            assert kinds.count(dg.DagsterEventType.ASSET_MATERIALIZATION) == 1
            assert kinds.count(dg.DagsterEventType.ASSET_CHECK_EVALUATION) == 1
            assert kinds.count(dg.DagsterEventType.RUN_SUCCESS) == 1
        newest = instance.get_latest_materialization_event(dg.AssetKey("books"))
        assert newest is not None
        assert newest.run_id == ids[-1]


def test_a_partition_is_there_until_it_is_taken_away(home: Home) -> None:
    """One that comes later is seen at once."""
    prepare(home)
    seen = []
    with dg.DagsterInstance.get() as instance:
        seen.append(instance.has_dynamic_partition("connections", "acme"))
        for _ in range(2):
            instance.add_dynamic_partitions("connections", ["acme"])
            seen.append(instance.has_dynamic_partition("connections", "acme"))
            instance.delete_dynamic_partition("connections", "acme")
            seen.append(instance.has_dynamic_partition("connections", "acme"))

    assert seen == [False, True, False, True, False]


def events(instance: dg.DagsterInstance, run_id: str) -> list[dg.DagsterEvent]:
    """The events of a run, logs apart."""
    found = [record.dagster_event for record in instance.all_logs(run_id)]
    return [event for event in found if event is not None]
