"""A sandbox BILL, a home folder and the command line, as a person has them."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from once import made_once
from shell import FIRST_DAY, Shell

from bill_source.sandbox import SandboxServer
from orchestration.settings import Home


def small_company() -> SandboxServer:
    """A small company's BILL; two of them differ in nothing but their address."""
    return SandboxServer(seed=3, months=3, today=FIRST_DAY)


@pytest.fixture(scope="module")
def bill() -> Iterator[SandboxServer]:
    """A small company's BILL; tests of a module share it and say what they change."""
    with small_company() as server:
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


@pytest.fixture(scope="session")
def first_sync(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A connection after its first sync, by commands called by their path.

    Tests copy it: a sync takes half a minute, a copy none.
    """

    def sync(folder: Path) -> None:
        shell = Shell(Home(folder / "home"), folder)
        with small_company() as bill:
            shell.connect(bill)
            shell.done_apart("sync", "acme")

    folder = made_once(tmp_path_factory, "first-sync", sync)
    return Shell(Home(folder / "home"), folder)


@pytest.fixture(scope="module")
def synced(shared_shell: Shell, bill: SandboxServer, first_sync: Shell) -> Shell:
    """A connection after its first sync, which the tests of a module share."""
    return copied(first_sync, shared_shell, bill)


@pytest.fixture
def synced_alone(shell: Shell, bill: SandboxServer, first_sync: Shell) -> Shell:
    """A connection after its first sync, of the test's own."""
    return copied(first_sync, shell, bill)


@pytest.fixture(scope="module")
def connected_once(shared_shell: Shell, bill: SandboxServer) -> Shell:
    """A connection that has not synced, to be copied."""
    shared_shell.connect(bill)
    return shared_shell


@pytest.fixture
def connected(shell: Shell, connected_once: Shell) -> Shell:
    """A connection that has not synced, of the test's own."""
    shutil.copytree(connected_once.home.path, shell.home.path)
    return shell


def copied(first: Shell, shell: Shell, bill: SandboxServer) -> Shell:
    """Copy a home folder, and let its connection find its BILL at another address."""
    shutil.copytree(first.home.path, shell.home.path)
    entry = re.sub(
        r'^api_url = ".*"$',
        f'api_url = "{bill.api_url}"',
        shell.home.connections.read_text(),
        flags=re.MULTILINE,
    )
    shell.home.connections.write_text(entry)
    return shell


@pytest.fixture
def shells(tmp_path: Path) -> Callable[[str], Shell]:
    """Make command lines, each over a home folder of its own."""

    def make(name: str) -> Shell:
        (tmp_path / name).mkdir()
        return Shell(Home(tmp_path / name / "home"), tmp_path / name)

    return make
