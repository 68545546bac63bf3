"""BILL -> raw rows: the part that knows HTTP and BILL.

Here belongs: the public names of the part. Not here: Dagster, dbt, or any meaning of
the rows. Importing it is light; dlt and Arrow are loaded by the first call.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bill_source.errors import (
    BillAuthError,
    BillError,
    BillForbiddenError,
    BillLimitError,
    BillLockedError,
    BillOrganizationError,
    BillRejectedError,
    BillResponseError,
    BillSessionError,
    BillSettingsError,
    BillUnavailableError,
    WarehouseError,
)
from bill_source.report import ConnectionReport, LoadReport, Progress, TableReport
from bill_source.settings import BillCredentials, credentials_from_environment

if TYPE_CHECKING:
    from bill_source.source import bill_source

__all__ = [
    "BillAuthError",
    "BillCredentials",
    "BillError",
    "BillForbiddenError",
    "BillLimitError",
    "BillLockedError",
    "BillOrganizationError",
    "BillRejectedError",
    "BillResponseError",
    "BillSessionError",
    "BillSettingsError",
    "BillUnavailableError",
    "ConnectionReport",
    "LoadReport",
    "Progress",
    "TableReport",
    "WarehouseError",
    "bill_source",
    "build_pipeline",
    "check_connection",
    "credentials_from_environment",
    "load",
]


def load(
    credentials: BillCredentials,
    folder: Path,
    *,
    now: datetime | None = None,
    entities: Sequence[str] | None = None,
    full: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> LoadReport:
    """Read what is new in BILL into ``<folder>/warehouse.duckdb``, schema raw_bill.

    Args:
        credentials: The organization and its sync token.
        folder: The connection's own folder; dlt works in ``<folder>/dlt``.
        now: The instant this sync counts as; the clock's when left out.
        entities: Raw table names to read, such as ``bills``; all when left out.
        full: Read every list whole, as in a first load. Decides nothing else: a
            version is appended only where the content differs.
        progress: Called, possibly from other threads, as rows arrive.

    Raises:
        BillError: A subclass tells what to do; the warehouse stays consistent.
    """
    # Here, not above: importing dlt takes seconds.
    from bill_source.pipeline import run_load

    return run_load(
        credentials, folder, now=now, entities=entities, full=full, progress=progress
    )


def check_connection(credentials: BillCredentials) -> ConnectionReport:
    """Log in and find out which lists the credential may read.

    Raises:
        BillAuthError: Says which of token and developer key BILL refused.
        BillOrganizationError: The token belongs to another organization.
        BillError: Anything else that stood in the way.
    """
    from bill_source.connection import check

    return check(credentials)


def build_pipeline(folder: Path) -> Any:
    """Return the dlt pipeline that fills ``<folder>/warehouse.duckdb``."""
    from bill_source.pipeline import build_pipeline as build

    return build(folder)


def __getattr__(name: str) -> Any:
    """Load the dlt source on first use; dlt takes seconds to import."""
    if name == "bill_source":
        from bill_source.source import bill_source as source

        return source
    raise AttributeError(name)
