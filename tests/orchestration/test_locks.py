"""A lock is held by one, and freed when its holder dies."""

import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.failures import BusyError
from orchestration.locks import exclusive, is_held

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
