"""However a step of a run ends, the connection's state says it."""

from types import SimpleNamespace

import dagster as dg
import pytest

from bill_source import BillAuthError
from bill_source.errors import BillUnavailableError
from orchestration.connections import Connection, Credentials, Registry
from orchestration.failures import ChecksFailedError
from orchestration.resources import PAUSES, ConnectionRun
from orchestration.settings import Home

ACME = Connection("acme", "00801AAAAAAAAAA00001")


@pytest.fixture
def run(home: Home) -> ConnectionRun:
    """A run of a connection, past its lock."""
    Registry(home).save(ACME, Credentials("nightly", "p", "k"))
    run = ConnectionRun()
    run._home, run._connection = home, ACME
    run._run = SimpleNamespace(run_id="r1", tags={})  # type: ignore[assignment]
    run.record_start()
    return run


@pytest.mark.parametrize(
    ("error", "state", "exit_status"),
    [
        (
            BillAuthError("BILL said no.", part="token", code="BDC_1101"),
            "needs_reconnection",
            3,
        ),
        (ChecksFailedError("Rows that must not be."), "error", 4),
    ],
)
def test_an_error_of_ours_becomes_state_and_history(
    run: ConnectionRun, error: Exception, state: str, exit_status: int
) -> None:
    """The failure carries the exit status, and nothing is retried by itself."""
    with pytest.raises(dg.Failure) as failed, run.doing("posting"):
        raise error

    assert failed.value.metadata["exit_status"].value == exit_status
    assert not failed.value.allow_retries
    assert (run.states.state().state, run.states.state().cause) == (state, str(error))
    assert [row["exit_status"] for row in run.store.runs()] == [exit_status]


def test_a_mistake_of_ours_is_told_without_what_it_saw(run: ConnectionRun) -> None:
    """Its text may hold anything; it goes on to Dagster unchanged."""
    with pytest.raises(KeyError), run.doing("posting"):
        raise KeyError("a-secret-perhaps")

    state = run.states.state()
    assert state.state == "error"
    assert "stopped unexpectedly by KeyError" in state.cause
    assert "a-secret-perhaps" not in state.cause


def test_an_interruption_says_nothing_of_the_connection(run: ConnectionRun) -> None:
    """A person stopped the run: nothing is wrong."""
    with pytest.raises(KeyboardInterrupt), run.doing("posting"):
        raise KeyboardInterrupt

    assert run.states.state().state == "connected"
    assert run.store.runs() == []


def test_a_good_end_clears_the_cause(run: ConnectionRun) -> None:
    """The state is connected, with the instant of success."""
    with pytest.raises(dg.Failure), run.doing("posting"):
        raise ChecksFailedError("Rows that must not be.")
    run.record_success()
    assert run.states.state().state == "error"
    run.succeed()

    state = run.states.state()
    assert (state.state, state.cause) == ("connected", "")
    assert state.last_success is not None
    assert [row["status"] for row in run.store.runs()] == ["success"]


def test_what_failed_to_be_published_is_no_success(run: ConnectionRun) -> None:
    """The run is in the history as failed, and the last success is none."""
    with pytest.raises(OSError, match="disk"), run.doing("publishing"):
        publish_on_a_full_disk(run)

    assert run.states.state().last_success is None
    assert [row["status"] for row in run.store.runs()] == ["failure"]


def publish_on_a_full_disk(run: ConnectionRun) -> None:
    """Do what comes before the file, and fail to write it."""
    run.record_success()
    raise OSError("The disk is full.")


@pytest.mark.parametrize(
    ("tags", "by_itself"),
    [
        ({}, False),
        ({"dagster/partition": "acme"}, False),
        ({"dagster/schedule_name": "refresh_ledger_hourly"}, True),
        ({"dagster/sensor_name": "on_bill_notification"}, True),
    ],
)
def test_what_may_pass_is_tried_again_where_nobody_waits(
    run: ConnectionRun,
    tags: dict[str, str],
    by_itself: bool,  # noqa: FBT001 - a parameter of the case
) -> None:
    """Twice, each after a longer pause; a person is told at once."""
    run._run.tags.update(tags)
    silent = BillUnavailableError("BILL does not answer.")

    for retried, pause in enumerate(PAUSES):
        with (
            pytest.raises(dg.RetryRequested if by_itself else dg.Failure) as ended,
            run.doing("loading", retried),
        ):
            raise silent
        if by_itself:
            assert ended.value.seconds_to_wait == pause
    assert (run.store.runs() == []) is by_itself
    with pytest.raises(dg.Failure), run.doing("loading", len(PAUSES)):
        raise silent
    assert run.states.state().state == "error"


def test_what_cannot_pass_is_not_tried_again(run: ConnectionRun) -> None:
    """A credential that BILL refused stays refused."""
    run._run.tags["dagster/schedule_name"] = "refresh_ledger_hourly"

    with pytest.raises(dg.Failure), run.doing("loading", 0):
        raise BillAuthError("BILL said no.", part="token", code="BDC_1101")
