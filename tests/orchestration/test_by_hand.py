"""Assets materialized one at a time, as a person clicks them in the Dagster UI."""

from collections.abc import Callable

import dagster as dg
import duckdb
import pytest
from shell import Shell, as_process

from orchestration.assets.categorize import CategorizeConfig, line_categories
from orchestration.assets.publish import ledger_file
from orchestration.assets.transform import ledger
from orchestration.definitions import defs
from orchestration.resources import ConnectionRun
from orchestration.settings import apply_environment
from orchestration.upkeep import PARTITIONS

TRIAL_BALANCE = dg.AssetKey(["ledger", "trial_balance"])
Materialize = Callable[..., dg.ExecuteInProcessResult]


@pytest.fixture
def clicked(synced_alone: Shell) -> Materialize:
    """Materialize some of an asset's tables for connection acme."""

    def materialize(
        asset: dg.AssetsDefinition, *keys: dg.AssetKey, **config: object
    ) -> dg.ExecuteInProcessResult:
        with as_process(synced_alone.environment(), ("ui",)):
            apply_environment(synced_alone.home)
            instance = dg.DagsterInstance.ephemeral()
            instance.add_dynamic_partitions(PARTITIONS, ["acme"])
            return dg.materialize(
                [asset],
                selection=[*keys] or None,
                instance=instance,
                partition_key="acme",
                resources={"run": ConnectionRun()},
                run_config=dg.RunConfig(**config),  # type: ignore[arg-type]
                raise_on_error=False,
            )

    return materialize


def failure(result: dg.ExecuteInProcessResult) -> dg.Failure:
    """What a run that failed says."""
    (step,) = result.filter_events(lambda event: event.is_step_failure)
    failed = step.step_failure_data.user_failure_data
    assert failed is not None
    return dg.Failure(failed.description, failed.metadata)


def test_the_published_ledger_alone_is_published_again(
    clicked: Materialize, synced_alone: Shell
) -> None:
    """Nothing was built since its checks: the same ledger is in a new file."""
    before = synced_alone.tables()
    file = synced_alone.home.connection("acme").ledger.stat()

    assert clicked(ledger_file).success

    assert synced_alone.home.connection("acme").ledger.stat().st_ino != file.st_ino
    assert synced_alone.tables() == before


def test_one_table_alone_is_built_and_not_published(
    clicked: Materialize, synced_alone: Shell
) -> None:
    """Its own checks passed, the ledger's as a whole did not run: what stands stays."""
    file = synced_alone.home.connection("acme").ledger.stat()

    built = clicked(ledger, TRIAL_BALANCE)
    refused = clicked(ledger_file)

    assert built.success
    assert [event.asset_key for event in built.get_asset_materialization_events()] == [
        TRIAL_BALANCE
    ]
    assert not refused.success
    assert failure(refused).metadata["exit_status"].value == 4
    assert "bill-ledger sync acme" in str(failure(refused).description)
    assert synced_alone.home.connection("acme").ledger.stat().st_ino == file.st_ino


def test_a_failing_check_shows_its_query(
    clicked: Materialize, synced_alone: Shell
) -> None:
    """With the check, and in a file; the others of the table are made all the same."""
    folder = synced_alone.home.connection("acme")
    with duckdb.connect(str(folder.warehouse)) as warehouse:
        warehouse.execute("delete from ledger.accounts where account_number = '2000'")

    result = clicked(ledger, TRIAL_BALANCE)

    checks = result.get_asset_check_evaluations()
    [found] = [check for check in checks if not check.passed]
    assert len(checks) == 3
    assert found.check_name == "assert_trial_balance_is_zero"
    assert found.metadata["dagster_dbt/failed_row_count"].value > 0
    [kept] = (folder.dbt / "failed").iterdir()
    assert kept.read_text() in str(found.metadata["query"].value)
    assert found.check_name in str(failure(result).description)
    assert str(kept.parent) in str(failure(result).description)


def test_the_categorizer_alone_learns_when_it_is_told_to(
    clicked: Materialize,
) -> None:
    """No line waits after a sync; trained, it says of what it learned."""
    idle = metadata(clicked(line_categories))
    trained = metadata(
        clicked(
            line_categories,
            ops={line_categories.op.name: CategorizeConfig(train=True)},
        )
    )

    assert (idle["new_lines"].value, trained["new_lines"].value) == (0, 0)
    assert idle["model"].value == {}
    assert trained["model"].value["model_version"]


def metadata(result: dg.ExecuteInProcessResult) -> dict[str, dg.MetadataValue]:
    """What the one materialization of a run says."""
    assert result.success
    (event,) = result.get_asset_materialization_events()
    return dict(event.materialization.metadata)


def test_what_was_never_synced_says_what_to_do(
    clicked: Materialize, synced_alone: Shell
) -> None:
    """No document, no ledger: no stack trace of a missing table."""
    synced_alone.home.connection("acme").warehouse.unlink()

    for asset in (line_categories, ledger_file):
        assert "bill-ledger sync acme" in str(failure(clicked(asset)).description)


def test_training_has_a_job_and_a_schedule() -> None:
    """The job is the categorizer alone, told to learn."""
    job = defs.resolve_job_def("train_categorizer")
    schedule = defs.resolve_schedule_def("train_categorizer_nightly")

    assert {key.path[0] for key in job.asset_layer.executable_asset_keys} == {
        "categorizer"
    }
    told = job.get_run_config_for_partition_key("acme")["ops"]
    assert told == {line_categories.op.name: {"config": {"train": True}}}
    assert schedule.job_name == job.name
