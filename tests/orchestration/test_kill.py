"""A killed sync: run again, it gives the ledger of an undisturbed run."""

import time
from collections.abc import Callable

import pytest
from shell import Shell, differences, said_until

from bill_source.sandbox import SandboxServer

pytestmark = pytest.mark.slow
AS_OF = "select value from meta where key = 'as_of'"
MOMENTS = (("loading from BILL", "posting the ledger"), ("reading documents",))
"""What the first load is doing when it is killed, then what the update is doing."""


@pytest.mark.timeout(900)
def test_kill_9_at_any_moment_costs_nothing(
    synced_alone: Shell, bill: SandboxServer, shells: Callable[[str], Shell]
) -> None:
    """First load and update are killed again and again, at ever later moments."""
    calm, hurried = synced_alone, shells("hurried")
    hurried.connect(bill)
    with calm.ledger() as ledger:
        [(at,)] = ledger.execute(AS_OF).fetchall()
    for day, moments in enumerate(MOMENTS):
        if day > 0:
            bill.advance_days(1)
            calm.sync("--now", at)
        for moment in moments:
            kill_amid(hurried, moment, at)
        hurried.sync("--now", at)
        assert differences(hurried.tables(), calm.tables()) == {}


def kill_amid(shell: Shell, moment: str, at: str) -> None:
    """Start a sync and kill its process, and only it, a second into a step of it."""
    with shell.start("sync", "acme", "--now", at) as process:
        assert moment in said_until(process, moment)
        time.sleep(1)
        process.kill()
        process.communicate()
