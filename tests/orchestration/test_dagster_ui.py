"""The Dagster UI in a real browser: the graph, a run by clicking, what it shows."""

import contextlib
import re
import shutil
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
import duckdb
import pytest
from shell import Shell

from orchestration.store import Store

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
def firm(synced: Shell) -> Shell:
    """Two connections: acme has synced; beta has its data, and no ledger."""
    home = synced.home
    for file in (home.connections, home.secrets):
        entry = file.read_text()
        file.write_text(entry + entry.replace("[acme]", "[beta]"))
    shutil.copytree(home.connection("acme").path, home.connection("beta").path)
    home.connection("beta").ledger.unlink()
    return synced


@pytest.fixture(scope="module")
def ui(firm: Shell) -> Iterator[str]:
    """The UI's address, over the firm's home folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with firm.serve("ui", "--port", str(port)):
        address = f"http://127.0.0.1:{port}"
        wait_for(address)
        yield address


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
        try:
            yield page
        finally:
            page.screenshot(path=tmp_path / f"{request.node.name}.png")
            browser.close()


def launch(page: "Page", *, without: str = "") -> None:
    """Materialize every asset by clicking, for all connections or all but one."""
    page.goto("/asset-groups")
    page.get_by_role("button", name="Materialize all").click()
    page.get_by_role("button", name="All", exact=True).click()
    if without:
        tag = page.locator(f'[data-tooltip="{without}"]')
        tag.get_by_role("img", name="close").click()
        tag.wait_for(state="detached")
    page.get_by_role("button", name=re.compile("^Launch")).click()
    page.get_by_text("Launch runs to materialize").wait_for(state="hidden")
    page.goto("about:blank")  # a page that watches runs takes as much CPU as they do


def wait_for_runs(shell: Shell, **wanted: int) -> dict[str, int]:
    """Wait until connections have so many runs; return how the newest ended."""
    stores = {name: Store(shell.home.connection(name).store) for name in wanted}
    deadline = time.monotonic() + 600
    while any(len(stores[name].runs()) < number for name, number in wanted.items()):
        assert time.monotonic() < deadline, "the runs did not end"
        time.sleep(2)
    return {name: store.runs()[-1]["exit_status"] for name, store in stores.items()}


@pytest.mark.timeout(1800)
def test_runs_by_clicking(page: "Page", firm: Shell) -> None:
    """A backfill over two connections publishes both, one had nothing to publish.

    Then acme alone is materialized, whose data somebody spoiled: its check is shown as
    failed on the asset, and the ledger stays the file it was.
    """
    acme, beta = (firm.home.connection(name) for name in ("acme", "beta"))
    launch(page)
    assert wait_for_runs(firm, acme=2, beta=2) == {"acme": 0, "beta": 0}
    page.goto("/runs?view=backfills")
    page.get_by_text("2 partitions").filter(visible=True).first.wait_for()
    done = page.get_by_text(re.compile("^(Completed|Success)$"))
    done.filter(visible=True).first.wait_for()
    assert beta.ledger.exists()

    published = acme.ledger.read_bytes()
    with duckdb.connect(str(acme.warehouse)) as warehouse:
        warehouse.execute("insert into raw_bill.vendors from raw_bill.vendors limit 1")
    launch(page, without="beta")
    assert wait_for_runs(firm, acme=3, beta=2) == {"acme": 4, "beta": 0}
    assert acme.ledger.read_bytes() == published
    page.goto("/runs")
    page.get_by_text("Failure").filter(visible=True).first.wait_for()
    page.goto("/assets/staging/stg_bill__vendors?view=checks")
    page.get_by_text("key_is_unique_stg_bill__vendors").filter(
        visible=True
    ).first.wait_for()
    page.get_by_text("Failed").filter(visible=True).first.wait_for()


def test_every_layer_is_in_the_graph(page: "Page", firm: Shell) -> None:
    """A table has its place in the lineage, its rows, its file and what it is about.

    Each column says what it comes from.
    """
    page.goto("/asset-groups")
    for layer in LAYERS:
        page.get_by_text(layer, exact=True).first.wait_for()
    page.goto("/assets/ledger/journal_lines")
    page.get_by_text("Row count").wait_for()
    with firm.ledger() as ledger:
        lines = ledger.execute("select count(*) from journal_lines").fetchall()[0][0]
    page.get_by_text(f"{lines:,}", exact=True).first.wait_for()
    page.get_by_text("The general ledger").first.wait_for()
    page.locator('a[href*="models/ledger/journal_lines.sql"]').first.wait_for()
    page.get_by_text("intermediate.int_accrual_united.amount").first.wait_for()
    page.goto("/assets/ledger/journal_lines?view=lineage")
    page.get_by_text("trial_balance", exact=True).first.wait_for()


def test_checks_are_shown_on_their_asset(page: "Page") -> None:
    """The ledger's invariants are asset checks, named by what is true."""
    page.goto("/assets/ledger/journal_entries?view=checks")
    page.get_by_text(re.compile("assert|unique|balance")).first.wait_for()


def comes_to(instance: dg.DagsterInstance, status: str, seconds: float) -> bool:
    """Whether the hourly schedule gets a status within some seconds."""
    deadline = time.monotonic() + seconds
    while True:
        if status in {
            state.status.value
            for state in instance.all_instigator_state()
            if state.instigator_name == "refresh_ledger_hourly"
        }:
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.5)


@pytest.mark.timeout(1200)
def test_the_schedule_is_switched_on_by_clicking(
    page: "Page", firm: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dagster has it running then, and no more when it is switched off again.

    A click is lost until the page knows how the schedule stands, which it shows as
    stopped until then; so it is made again on the same page. The page shows a change
    later than Dagster has it.
    """
    from playwright.sync_api import expect

    expect.set_options(timeout=120_000)
    monkeypatch.setenv("DAGSTER_HOME", str(firm.home.dagster))
    row = page.locator("[data-index]").filter(has_text="refresh_ledger_hourly")
    both = row.get_by_role("checkbox")  # the row's choice, and later the switch
    switch = both.last

    def load() -> None:
        page.goto("/automation")
        expect(both).to_have_count(2)
        expect(switch).to_be_enabled()

    with dg.DagsterInstance.from_config(str(firm.home.dagster)) as instance:
        for is_on, status in ((True, "RUNNING"), (False, "STOPPED")):
            load()
            for _ in range(12):
                if comes_to(instance, status, seconds=0):
                    break
                with contextlib.suppress(AssertionError):  # it is changed just now
                    expect(switch).to_be_checked(checked=not is_on, timeout=30_000)
                    row.locator("label").last.click()
                comes_to(instance, status, seconds=15)
            load()
            expect(switch).to_be_checked(checked=is_on)
            assert comes_to(instance, status, seconds=30)
