"""What every test gets: a home of its own and an environment that leaks nothing."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from orchestration.settings import Home, apply_environment

settings.register_profile("usual", derandomize=True, deadline=None)
settings.register_profile("thorough", max_examples=2_000, deadline=None)
settings.load_profile("usual")


LONGEST = ("test_disturbed_syncs", "test_sync", "test_kill", "test_dagster_ui")
"""Files of several minutes each: `--durations` says which."""


def pytest_configure() -> None:
    """Hear Ctrl-C, and so what tests start: in a script's background nobody would."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switches that `make bench` uses."""
    parser.addoption("--benchmarks", action="store_true", help="run measurements too")
    parser.addoption("--hours", default="24", help="how long the simulated week is")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave measurements out of ordinary runs."""
    if collection_path.name == "benchmarks" and not config.getoption("--benchmarks"):
        return True
    return None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes minutes, so that no worker is alone with it at the end."""
    syncs = "orchestration"
    items.sort(
        key=lambda item: (
            item.path.stem not in LONGEST,
            item.get_closest_marker("slow") is None,
            syncs not in item.path.parts,
        )
    )


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide every variable of ours that the developer's shell may have."""
    for name in list(os.environ):
        if name.startswith(("BILL_", "DAGSTER_", "DBT_")):
            monkeypatch.delenv(name)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A home folder of the test's own, in use."""
    folder = Home(tmp_path / "home")
    before = dict(os.environ)
    monkeypatch.setenv("BILL_LEDGER_HOME", str(folder.path))
    apply_environment(folder)
    yield folder
    os.environ.clear()
    os.environ.update(before)
