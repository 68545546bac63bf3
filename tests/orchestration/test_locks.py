"""A lock is held by one, and freed when its holder dies."""

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.failures import BusyError, UsageError
from orchestration.locks import exclusive, is_free, is_held

HOLDER = """
import sys, time, pathlib
from orchestration.locks import exclusive
with exclusive(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_holder_waits_and_then_gives_up(tmp_path: Path) -> None:
    """The message says to wait; the first holder keeps the lock."""
    waited = []
    with exclusive(tmp_path / "lock"):
        assert is_held(tmp_path / "lock")
        with (
            pytest.raises(BusyError, match="Another run"),
            exclusive(tmp_path / "lock", 0.3, lambda: waited.append(True)),
        ):
            pass
    assert waited == [True]
    assert not is_held(tmp_path / "lock")


def test_a_reader_keeps_writers_out_and_is_none(tmp_path: Path) -> None:
    """Who shares the lock is waited for, and is not taken for a holder."""
    lock = tmp_path / "lock"
    assert is_free(lock)
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        assert not is_held(lock)
        assert not is_free(lock)
        with pytest.raises(BusyError), exclusive(lock, 0.1):
            pass
    assert is_free(lock)


def test_a_lock_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    """The folder is named; asking whether the lock is held writes nothing."""
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(UsageError, match="Cannot keep state in"),
        exclusive(tmp_path / "file" / "lock"),
    ):
        pass
    lock = tmp_path / "lock"
    lock.touch(mode=0o444)
    assert not is_held(lock)


@pytest.mark.slow
def test_a_killed_holder_frees_the_lock(tmp_path: Path) -> None:
    """Kill -9 leaves no lock behind."""
    lock = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock)], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert is_held(lock)
        holder.kill()
        holder.wait()
        with exclusive(lock, 5):
            pass
