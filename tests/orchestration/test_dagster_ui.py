"""The Dagster UI in a real browser: the graph, a run by clicking, what it shows."""

import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from shell import FIRST_DAY, Shell

from bill_source.sandbox import SandboxServer

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LAYERS = ("raw_bill", "staging", "intermediate", "categorizer", "ledger", "published")


@pytest.fixture(scope="module")
def connected(shared_shell: Shell) -> Iterator[Shell]:
    """A connection that has never been synced, and its BILL."""
    with SandboxServer(seed=8, months=1, today=FIRST_DAY) as bill:
        shared_shell.connect(bill)
        yield shared_shell


@pytest.fixture(scope="module")
def ui(connected: Shell) -> Iterator[str]:
    """The UI's address, over the connected home folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with connected.serve("ui", "--port", str(port)) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(address)
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_for(address: str) -> None:
    """Wait until the UI answers."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/server_info", timeout=5):  # noqa: S310
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(1)
    raise AssertionError(f"{address} did not answer within three minutes")


@pytest.fixture
def page(ui: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator["Page"]:
    """A browser page; a picture of its end is kept beside the test's files."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 900}, base_url=ui)
        page.set_default_timeout(120_000)
        yield page
        page.screenshot(path=tmp_path / f"{request.node.name}.png")
        browser.close()


@pytest.mark.timeout(900)
def test_a_partition_is_materialized_by_clicking(
    page: "Page", connected: Shell
) -> None:
    """Every layer is in the graph, one click syncs, the ledger is published."""
    page.goto("/asset-groups")
    for layer in LAYERS:
        page.get_by_text(layer, exact=True).first.wait_for()
    page.get_by_role("button", name="Materialize all").click()
    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_role("button", name=re.compile("^Launch")).click()
    page.get_by_text("Launch runs to materialize").wait_for(state="hidden")
    page.goto("/runs")
    page.get_by_text("Success").first.wait_for(timeout=600_000)

    assert connected.home.connection("acme").ledger.exists()
    page.goto("/assets/ledger/journal_lines")
    page.get_by_text("Row count").wait_for()
    with connected.ledger() as ledger:
        lines = ledger.execute("select count(*) from journal_lines").fetchall()[0][0]
    page.get_by_text(f"{lines:,}", exact=True).first.wait_for()
    page.get_by_text("The general ledger").first.wait_for()


def test_checks_are_shown_on_their_asset(page: "Page") -> None:
    """The ledger's invariants are asset checks, named by what is true."""
    page.goto("/assets/ledger/journal_entries?view=checks")
    page.get_by_text(re.compile("assert|unique|balance")).first.wait_for()


def test_the_schedule_is_listed(page: "Page") -> None:
    """A data team switches the hourly schedule on here."""
    page.goto("/automation")
    page.get_by_text("refresh_ledger_hourly").first.wait_for()
