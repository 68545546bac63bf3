"""What dbt reports becomes the right failure."""

import contextlib
import errno
import os
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from orchestration import dbt_builds
from orchestration.assets.transform import failure
from orchestration.failures import ExitStatus, is_disk_full

FAILED = {"unique_id": "test.bill_ledger.assert_entries_balance.1a", "status": "fail"}
BROKEN = {
    "unique_id": "model.bill_ledger.int_bills_posted",
    "status": "error",
    "message": "Parser Error: near from",
}
PASSED = {"unique_id": "model.bill_ledger.accounts", "status": "success"}


@pytest.mark.parametrize(
    ("results", "status", "words"),
    [
        ([PASSED, FAILED], ExitStatus.NOT_PUBLISHED, "assert_entries_balance"),
        ([PASSED, BROKEN], ExitStatus.FAILED, "int_bills_posted failed. Parser Error"),
        ([FAILED, BROKEN], ExitStatus.FAILED, "int_bills_posted"),
        ([PASSED], ExitStatus.FAILED, "dbt failed"),
    ],
)
def test_a_failed_check_is_not_a_broken_model(
    results: list[dict[str, str]], status: ExitStatus, words: str
) -> None:
    """Checks that fail are exit 4; models that break are exit 1, with their message."""
    error = failure(results, "", Path("target"))

    assert error.status is status
    assert words in str(error)


def test_a_full_disk_is_told_however_it_is_wrapped() -> None:
    """By what Python, SQLite or DuckDB say of it; other failures are not."""
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    wrapped = RuntimeError("load failed")
    wrapped.__cause__ = sqlite3.OperationalError("database or disk is full")

    assert is_disk_full(full)
    assert is_disk_full(wrapped)
    assert not is_disk_full(OSError(errno.EACCES, os.strerror(errno.EACCES)))


def test_an_interrupt_while_the_manifest_is_read_is_not_swallowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Dbt's decoder catches whatever strikes it; the signal strikes who waits."""
    from dbt.contracts.graph.manifest import Manifest

    def decode(parsed: bytes) -> object:
        with contextlib.suppress(BaseException):
            assert parsed
            os.kill(os.getpid(), signal.SIGUSR1)
            time.sleep(0.5)
        return object()

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Manifest, "from_msgpack", decode)
    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            dbt_builds._manifest()
    finally:
        signal.signal(signal.SIGUSR1, before)
