"""BILL -> raw rows: the part that knows HTTP and BILL.

Here belongs: the public names of the part. Not here: Dagster, dbt, or any meaning of
the rows. Importing it is light; dlt and Arrow are loaded by the first call.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bill_source.errors import (
    BillAccessError,
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
from bill_source.report import (
    ConnectionReport,
    LoadReport,
    Progress,
    Refusal,
    TableReport,
)
from bill_source.settings import BillCredentials, credentials_from_environment

if TYPE_CHECKING:
    from bill_source.source import bill_source

__all__ = [
    "BillAccessError",
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
    "Refusal",
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
    groups: Sequence[str] = ("core",),
    full: bool = False,
    accept_empty: Sequence[str] = (),
    progress: Callable[[Progress], None] | None = None,
    shared: Path | None = None,
    wait_for_hour: bool = True,
    heed_lock: bool = True,
) -> LoadReport:
    """Read what is new in BILL into ``<folder>/warehouse.duckdb``, schema raw_bill.

    Args:
        credentials: The organization and its sync token.
        folder: The connection's own folder; dlt works in ``<folder>/dlt``.
        now: The instant this sync counts as; the clock's when left out.
        entities: Raw table names to read, such as ``bills``; all of ``groups`` when
            left out.
        groups: Which optional lists to read besides ``core``: ``documents``,
            ``audit_trail``, ``spend`` (which needs a token of its own).
        full: After the usual passes, read every list whole, as in a first load, and
            count what differs. Decides nothing else: a version is appended only where
            the content differs.
        accept_empty: Raw table names of lists that are rightly empty now, which no
            longer counts as a fault. Their rows stay; of a list from which BILL deletes
            for good, they get a last version that is ``_deleted``.
        progress: Called, possibly from other threads, as rows arrive.
        shared: Folder of sessions and call counts, private to its owner and shared by
            all connections; nothing outlives the load when left out.
        wait_for_hour: Whether to wait for the next clock hour at a limit of BILL's;
            else the load fails, and what was stored is kept.
        heed_lock: Whether to leave alone for 15 minutes what BILL has locked, even if
            somebody asks; so that nothing that runs by itself prolongs a lock.

    Raises:
        BillError: A subclass tells what to do; the warehouse stays consistent.
    """
    # Here, not above: importing dlt takes seconds.
    from bill_source.pipeline import Order, run_load

    return run_load(
        credentials,
        folder,
        now=now,
        order=Order(entities, groups, full, accept_empty),
        progress=progress,
        shared=shared,
        wait_for_hour=wait_for_hour,
        heed_lock=heed_lock,
    )


def check_connection(
    credentials: BillCredentials, shared: Path | None = None
) -> ConnectionReport:
    """Log in anew and find out which lists the credential may read.

    The session is kept in ``shared`` for the first load.

    Raises:
        BillAuthError: Says which of token, developer key and environment is wrong.
        BillOrganizationError: The token belongs to another organization.
        BillAccessError: The organization or its user may not use the API yet.
        BillError: Anything else that stood in the way.
    """
    from bill_source.connection import check

    return check(credentials, shared)


def forget_session(credentials: BillCredentials, shared: Path) -> None:
    """Remove the kept session of a credential that shall not be used any more."""
    from bill_source.sessions import SessionFile

    SessionFile(credentials, shared).forget()


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
