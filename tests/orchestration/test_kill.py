"""A killed sync: run again, it gives the ledger of an undisturbed run."""

import time
from collections.abc import Callable

import pytest
from shell import FIRST_DAY, Shell, differences, said_until

from bill_source.sandbox import SandboxServer

pytestmark = pytest.mark.slow
AT = "2026-06-20T12:00:00Z"
MOMENTS = (("loading from BILL", "posting the ledger"), ("reading documents",))
"""What the first load is doing when it is killed, then what the update is doing."""


@pytest.mark.timeout(900)
def test_kill_9_at_any_moment_costs_nothing(shells: Callable[[str], Shell]) -> None:
    """First load and update are killed again and again, at ever later moments."""
    calm, hurried = shells("calm"), shells("hurried")
    with SandboxServer(seed=6, months=2, today=FIRST_DAY) as bill:
        for shell in (calm, hurried):
            shell.connect(bill)
        for moments in MOMENTS:
            calm.sync("--now", AT)
            for moment in moments:
                kill_amid(hurried, moment)
            hurried.sync("--now", AT)
            assert differences(hurried.tables(), calm.tables()) == {}
            bill.advance_days(1)


def kill_amid(shell: Shell, moment: str) -> None:
    """Start a sync and kill its process, and only it, a second into a step of it."""
    with shell.start("sync", "acme", "--now", AT) as process:
        assert moment in said_until(process, moment)
        time.sleep(1)
        process.kill()
        process.communicate()
