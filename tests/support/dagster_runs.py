"""Runs as Dagster has them in its records, without running anything."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)

from orchestration.connections import Connection, Credentials, Registry
from orchestration.locks import exclusive
from orchestration.settings import Home
from orchestration.store import State, Store
from orchestration.upkeep import PARTITION_TAG

JOB = "refresh_ledger"


def run_of(name: str, status: dg.DagsterRunStatus) -> dg.DagsterRun:
    """Return a run of one connection; Dagster wants to know where a queued one is."""
    place = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("here"), "ledger")
    return dg.DagsterRun(
        job_name=JOB,
        status=status,
        tags={PARTITION_TAG: name},
        remote_job_origin=RemoteJobOrigin(place, JOB),
    )


@contextmanager
def clients(home: Home, folder: Path, *others: str) -> Iterator[dg.DagsterInstance]:
    """Connect "busy", whose lock is held, "paused", and others; keep runs in folder."""
    for name in ("busy", "paused", *others):
        Registry(home).save(Connection(name, "1"), Credentials("nightly", "pass", "k"))
    Store(home.connection("paused").store).set_state(
        State("paused", "", "", None, None)
    )
    home.connection("busy").path.mkdir()
    with (
        dg.DagsterInstance.local_temp(str(folder)) as instance,
        exclusive(home.connection("busy").lock),
    ):
        yield instance
