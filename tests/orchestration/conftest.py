"""A sandbox BILL, a home folder and the command line, as a person has them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from shell import FIRST_DAY, Shell

from bill_source.sandbox import SandboxServer
from orchestration.settings import Home


@pytest.fixture(scope="module")
def bill() -> Iterator[SandboxServer]:
    """A small company's BILL; tests of a module share it and say what they change."""
    with SandboxServer(seed=3, months=3, today=FIRST_DAY) as server:
        yield server


@pytest.fixture
def shell(home: Home, tmp_path: Path) -> Shell:
    """A command line over a home folder of the test's own."""
    return Shell(home, tmp_path)


@pytest.fixture(scope="module")
def shared_shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A command line over a home folder that the tests of a module share."""
    folder = tmp_path_factory.mktemp("shared")
    return Shell(Home(folder / "home"), folder)


@pytest.fixture(scope="module")
def synced(shared_shell: Shell, bill: SandboxServer) -> Shell:
    """A connection after its first sync."""
    shared_shell.connect(bill)
    assert shared_shell.sync()["versions_appended"] > 0
    return shared_shell


@pytest.fixture
def shells(tmp_path: Path) -> Callable[[str], Shell]:
    """Make command lines, each over a home folder of its own."""

    def make(name: str) -> Shell:
        (tmp_path / name).mkdir()
        return Shell(Home(tmp_path / name / "home"), tmp_path / name)

    return make
