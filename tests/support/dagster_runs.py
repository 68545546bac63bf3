"""Runs as Dagster has them in its records, without running anything."""

import dagster as dg
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)

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
