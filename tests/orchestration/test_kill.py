"""A killed sync: run again, it gives the ledger of an undisturbed run."""

import time
from collections.abc import Callable

import pytest
from shell import FIRST_DAY, Shell, differences

from bill_source.sandbox import SandboxServer

pytestmark = pytest.mark.slow
AT = "2026-06-20T12:00:00Z"


@pytest.mark.timeout(900)
def test_kill_9_at_any_moment_costs_nothing(shells: Callable[[str], Shell]) -> None:
    """First load and update are killed again and again, at ever later moments."""
    calm, hurried = shells("calm"), shells("hurried")
    with SandboxServer(seed=6, months=2, today=FIRST_DAY) as bill:
        for shell in (calm, hurried):
            shell.connect(bill)
        for parts in ((0.35, 0.75), (0.5,)):
            took = -time.monotonic()
            calm.sync("--now", AT)
            took += time.monotonic()
            for part in parts:
                kill_after(hurried, took * part)
            hurried.sync("--now", AT)
            assert differences(hurried.tables(), calm.tables()) == {}
            bill.advance_days(1)


def kill_after(shell: Shell, seconds: float) -> None:
    """Start a sync and kill its process, and only it, after a while."""
    with shell.start("sync", "acme", "--now", AT) as process:
        time.sleep(seconds)
        process.kill()
        process.communicate()
