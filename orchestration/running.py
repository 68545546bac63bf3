"""Running the job in this process, as the command line does.

Here belongs: Dagster's home, one connection's run from start to outcome. Not here:
what a run does (assets/), how it is shown (cli/).
"""

import contextlib
import logging
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orchestration.failures import ExitStatus, UsageError
from orchestration.progress import Listener, ignore, listening
from orchestration.settings import PROJECT, Home, apply_environment
from orchestration.store import Store, instant_text
from orchestration.upkeep import NOW_TAG, tidy

SKIPPER = "dagster._core.execution.plan.active"
INTERRUPTED = "Interrupted; nothing is lost, run it again."


@dataclass(frozen=True)
class Outcome:
    """How one connection's run ended."""

    name: str
    status: ExitStatus
    message: str = ""
    run_id: str = ""


def prepare(home: Home) -> None:
    """Make the home folder and Dagster's, and keep our libraries inside it."""
    home.create()
    home.dagster.mkdir(exist_ok=True)
    shutil.copy(PROJECT / "dagster.yaml", home.dagster / "dagster.yaml")
    # Where dlt finds no secrets at all it loads Streamlit, to ask that for some.
    (home.dlt / ".dlt").mkdir(parents=True, exist_ok=True)
    (home.dlt / ".dlt" / "secrets.toml").touch()
    apply_environment(home)


def enroll(home: Home) -> None:
    """Prepare a home folder whose connections the UI and the schedule shall know."""
    import dagster as dg

    prepare(home)
    with dg.DagsterInstance.get() as instance:
        tidy(instance, home)


def check_instant(home: Home, name: str, now: datetime | None) -> None:
    """Refuse an instant before one that already counts.

    Raises:
        UsageError: The connection was synced as of a later instant.
    """
    if now is None:
        return
    last = Store(home.connection(name).store).state().last_as_of
    if last is not None and instant_text(now) < last:
        raise UsageError(
            f"{name} was synced as of {last}, so it cannot be synced as of the earlier"
            f" {instant_text(now)}: what is known cannot become unknown. Use that"
            " instant or a later one."
        )


def refresh(
    home: Home,
    name: str,
    *,
    now: datetime | None = None,
    full: bool = False,
    entities: Sequence[str] = (),
    accept_empty: Sequence[str] = (),
    listener: Listener = ignore,
) -> Outcome:
    """Run job ``refresh_ledger`` for one connection and say how it ended.

    Args:
        home: The home folder, prepared.
        name: A registered connection.
        now: The instant the run counts as; the clock's when left out.
        full: Read BILL's whole history again.
        entities: Raw tables to read; all when empty.
        accept_empty: Raw tables whose lists a person says are rightly empty.
        listener: Told what the run does.
    """
    import dagster as dg

    from orchestration.definitions import defs

    with dg.DagsterInstance.get() as instance:
        tidy(instance, home)
        with listening(listener), _quiet():
            result = defs.resolve_job_def("refresh_ledger").execute_in_process(
                instance=instance,
                partition_key=name,
                run_config=_run_config(
                    full=full, entities=[*entities], accept_empty=[*accept_empty]
                ),
                tags={NOW_TAG: instant_text(now)} if now else {},
                raise_on_error=False,
            )
    if result.success:
        return Outcome(name, ExitStatus.DONE, run_id=result.run_id)
    status, message = _failure(result)
    return Outcome(name, status, message, result.run_id)


@contextlib.contextmanager
def _quiet() -> Any:
    """Keep what dbt prints out of our output; it is in dbt's own log.

    Dagster warns of checks without a result when it skips what nothing new came for.
    """
    logging.getLogger(SKIPPER).setLevel(logging.ERROR)
    with (
        open(os.devnull, "w", encoding="utf-8") as nowhere,  # noqa: PTH123 - a device
        contextlib.redirect_stdout(nowhere),
    ):
        yield


def _run_config(**ingest: bool | list[str]) -> dict[str, Any]:
    return {
        "ops": {"raw_bill": {"config": ingest}},
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
    }


def _failure(result: Any) -> tuple[ExitStatus, str]:
    """Return the status and message of the first thing that failed."""
    for event in result.filter_events(lambda event: event.is_step_failure):
        data = event.step_failure_data
        failure = data.user_failure_data
        if failure is not None:
            status = failure.metadata.get("exit_status")
            code = int(status.value) if status is not None else ExitStatus.FAILED
            return ExitStatus(code), str(failure.description)
        if data.error is not None:
            return ExitStatus.FAILED, _innermost(data.error)
    for event in result.filter_events(lambda event: event.is_failure):
        data = event.event_specific_data
        error = getattr(data, "error", None)
        if error is not None:
            return ExitStatus.FAILED, _innermost(error)
    return ExitStatus.FAILED, "The run failed; its log in the Dagster UI says why."


def _innermost(error: Any) -> str:
    while error.cause is not None:
        error = error.cause
    if "ExecutionInterrupted" in error.message:
        return INTERRUPTED
    return str(error.message).strip()
