"""What can go wrong, as exit statuses and as Dagster failures.

Here belongs: the errors of this part, which exit status each failure has, how any of
our errors becomes a `dg.Failure`. Not here: BILL's own errors (bill_source/errors.py).
"""

from enum import IntEnum

from bill_source import BillAuthError


class ExitStatus(IntEnum):
    """What a command answers to the shell."""

    DONE = 0
    FAILED = 1
    BAD_INPUT = 2
    CREDENTIAL_REFUSED = 3
    NOT_PUBLISHED = 4


SEVERITY = (
    ExitStatus.CREDENTIAL_REFUSED,
    ExitStatus.FAILED,
    ExitStatus.NOT_PUBLISHED,
    ExitStatus.BAD_INPUT,
    ExitStatus.DONE,
)
"""Of several connections' statuses the first of these is the command's."""


DISK_FULL = (
    "No space is left on the disk of the home folder, so what was under way ended. Make"
    " room, then run it again: the ledger is the one that was published last."
)


class LedgerError(Exception):
    """A failure a person can act on: what we did, what came back, what to do."""

    status = ExitStatus.FAILED


class UsageError(LedgerError):
    """Bad usage or bad input; nothing was changed."""

    status = ExitStatus.BAD_INPUT


class BusyError(LedgerError):
    """Another run of the same connection is going on."""


class WarehouseError(LedgerError):
    """The pipeline's own database cannot be used."""


class StoreError(LedgerError):
    """A connection's own SQLite file cannot be read or written."""


class ChecksFailedError(LedgerError):
    """A blocking ledger check failed, so nothing new was published."""

    status = ExitStatus.NOT_PUBLISHED


def is_disk_full(error: BaseException) -> bool:
    """Tell whether somebody found the disk full, however it was wrapped."""
    said = f"{getattr(error, 'strerror', '')} {error}".lower()
    if any(words in said for words in ("no space left", "disk is full")):
        return True
    cause = error.__cause__ or error.__context__
    return cause is not None and is_disk_full(cause)


def exit_status(error: Exception) -> ExitStatus:
    """Return the exit status a failure stands for."""
    if isinstance(error, BillAuthError):
        return ExitStatus.CREDENTIAL_REFUSED
    return error.status if isinstance(error, LedgerError) else ExitStatus.FAILED
