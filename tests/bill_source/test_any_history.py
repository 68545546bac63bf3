"""Whatever happens to a company, what was read of it is what BILL holds.

Here belongs: the property itself. Not here: what may happen (histories.py), how raw
tables are compared with the books (mirror.py).

A longer run: ``pytest --hypothesis-profile=thorough`` with this file's name. One limit
is BILL's, not ours: a change that moves no updatedTime, of a row in no open set, shows
in no incremental pass. Where rows are looked for by their times, such changes move it
here (``histories.UNTOLD``), unless the sync that follows is a complete reading. Another
is of lists without a filter for archived rows, should BILL leave those out of them.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from histories import Reader, Round, rounds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mirror import differences

from bill_source import BillCredentials
from bill_source.policy import Policy
from bill_source.sandbox import SandboxServer

FEW = 3
"""Histories in an ordinary run; each is several syncs."""
ASKED = settings().max_examples
USUAL = settings.get_profile("usual").max_examples
HISTORIES = FEW if ASKED == USUAL else ASKED


@dataclass
class Stage:
    """A company, and a folder that was synced on its first day."""

    server: SandboxServer
    credentials: BillCredentials
    folder: Path
    plays: int = 0

    def reader(self, policy: Policy, *, is_new: bool) -> Reader:
        """Return the company on its first day, with a folder synced then or never."""
        self.server.reset()
        self.plays += 1
        folder = self.folder.with_name(f"play-{self.plays}")
        if not is_new:
            shutil.copytree(self.folder, folder)
        return Reader(self.server, self.credentials, folder, policy)


@pytest.fixture
def stage(
    sandbox: SandboxServer,
    credentials: BillCredentials,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Stage]:
    """The generated company, read once; waits after faults are short."""
    monkeypatch.setattr("bill_source.transport.backoff", lambda _: 0.001)
    found = Stage(sandbox, credentials, tmp_path / "first")
    Reader(sandbox, credentials, found.folder, Policy()).sync()
    yield found
    sandbox.reset()


@pytest.mark.timeout(0)
@settings(max_examples=HISTORIES, suppress_health_check=list(HealthCheck))
@given(
    history=st.lists(rounds(), min_size=1, max_size=3),
    small_list=st.sampled_from((0, 0, Policy().small_list)),
    package_rows=st.sampled_from((60, Policy().package_rows)),
    is_new=st.booleans(),
)
def test_any_history_is_read_right(
    stage: Stage,
    history: list[Round],
    small_list: int,
    package_rows: int,
    *,
    is_new: bool,
) -> None:
    """After each sync raw tables equal the books; so do a fresh import's."""
    policy = Policy(small_list=small_list, package_rows=package_rows, window_rows=20)
    reader = stage.reader(policy, is_new=is_new)
    for one in history:
        reader.live(one)
        reader.sync(full=one.full)
        found = differences(
            stage.server, reader.folder, hides_archives=reader.hides_archives
        )
        assert found == []
    stage.server.turn({"archived_in_lists": "include"})
    fresh = Reader(
        stage.server, stage.credentials, reader.folder.with_suffix(".new"), policy
    )
    fresh.sync()
    assert differences(stage.server, fresh.folder) == []
