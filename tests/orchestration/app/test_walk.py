"""The app in a real browser: connect, sync, review, see the books change."""

import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from shell import FIRST_DAY, Shell

from bill_source.sandbox import SandboxServer
from orchestration.app.contents import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
CHOSEN = "6500"
SPENT = """
select coalesce(sum(amount), 0) from profit_and_loss
where basis = 'accrual' and account_number = ?
"""
TITLES = {page.title for page in PAGES}


@pytest.fixture(scope="module")
def company() -> Iterator[SandboxServer]:
    """A month of a company's BILL."""
    with SandboxServer(seed=8, months=1, today=FIRST_DAY) as bill:
        yield bill


@pytest.fixture(scope="module")
def app(shared_shell: Shell) -> Iterator[str]:
    """The app's address, over a home folder in which nothing is yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with shared_shell.serve("app", "--port", str(port)) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(f"{address}/_stcore/health")
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_for(address: str) -> None:
    """Wait until the app answers."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - ours
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    raise AssertionError(f"{address} did not answer within two minutes")


@pytest.fixture
def page(app: str, tmp_path: Path) -> Iterator["Page"]:
    """A browser page; a picture of its end is kept beside the test's files."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, base_url=app)
        page.set_default_timeout(60_000)
        yield page
        page.screenshot(path=tmp_path / "end.png")
        browser.close()


@pytest.mark.timeout(900)
def test_a_person_connects_reviews_and_sees_the_books_change(
    page: "Page", company: SandboxServer, shared_shell: Shell
) -> None:
    """From nothing to a corrected profit and loss, without a command line."""
    page.goto("/")
    connect(page, company, "wrong")
    page.get_by_role("alert").filter(has_text="BDC_1101").wait_for()
    connect(page, company, company.token_password)
    page.get_by_role("button", name="Sync now").click()
    page.get_by_text("The sync is done").wait_for(timeout=400_000)
    assert company.token_password not in page.content()
    before = spent(shared_shell)

    page.get_by_role("link", name="Review").click()
    choose_account(page)
    for number in range(2, 11):
        decide_by_key(page, number)
    make_rule(page)
    page.keyboard.press("u")
    waits(page, 10)
    page.get_by_role("button", name="Sync now").click()
    page.get_by_text("A sync is going on").or_(page.get_by_text("acme:")).wait_for()
    page.get_by_text("for the next sync").wait_for(state="hidden", timeout=400_000)

    assert spent(shared_shell) > before
    if "Profit and loss" in TITLES:
        report(page)


def connect(page: "Page", bill: SandboxServer, password: str) -> None:
    """Fill the form in and press its button."""
    for label, value in {
        "Name here": "acme",
        "Organization id": bill.organization_id,
        "Token name": bill.token_name,
        "Token password": password,
        "Developer key": bill.dev_key,
    }.items():
        page.get_by_label(label, exact=True).fill(value)
    address = page.get_by_role("combobox", name="Environment")
    address.fill(bill.api_url)
    address.press("Enter")
    page.get_by_role("button", name="Test and connect").click()


def spent(shell: Shell) -> Decimal:
    """What the published ledger has on the chosen account."""
    with shell.ledger() as ledger:
        return Decimal(ledger.execute(SPENT, [CHOSEN]).fetchall()[0][0])


def choose_account(page: "Page") -> None:
    """Book the first line on an account of our own choice, without the mouse."""
    account = page.get_by_role("combobox", name="Another account")
    account.fill(CHOSEN)
    account.press("Enter")
    page.get_by_label("Why", exact=True).fill("Seen on the ticket")
    page.get_by_label("Why", exact=True).press("Enter")
    page.get_by_role("button", name="Book it").click()
    waits(page, 1)


def decide_by_key(page: "Page", number: int) -> None:
    """Take the first suggestion by pressing 1; skip lines that have none."""
    first = page.locator(".st-key-suggestion_1 button").first
    while not first.is_visible():
        place = page.get_by_text(re.compile(r"^\d+ of [\d,]+$")).inner_text()
        page.keyboard.press("s")
        page.get_by_text(place, exact=True).wait_for(state="hidden")
        settled(page)
    page.keyboard.press("1")
    waits(page, number)


def make_rule(page: "Page") -> None:
    """Say the same of every line like the one at hand, after seeing what moves."""
    page.keyboard.press("a")
    page.get_by_text("The same for similar lines").wait_for()
    account = page.get_by_role("combobox", name="Account", exact=True)
    account.fill("6310")
    account.press("Enter")
    page.get_by_text("would change now").wait_for()
    page.get_by_role("button", name="Keep the rule").click()
    waits(page, 11)


def waits(page: "Page", number: int) -> None:
    """Wait until the page says that so many decisions wait."""
    noun = "decision" if number == 1 else "decisions"
    page.get_by_text(f"{number} {noun}", exact=True).wait_for()
    settled(page)


def settled(page: "Page") -> None:
    """Wait until the page's script is done and what is old is gone."""
    page.wait_for_timeout(200)
    page.locator("[data-test-script-state=notRunning]").wait_for()


def report(page: "Page") -> None:
    """The statements show it, the aging is as of last month's end, a file comes."""
    page.get_by_role("link", name="Profit and loss").click()
    page.get_by_role("heading", name="Profit and loss").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").first.click()
    assert CHOSEN in Path(download.value.path()).read_text("utf-8-sig")
    page.get_by_role("link", name="Aging").click()
    page.get_by_text("2026-05-31").or_(page.get_by_label("As of")).first.wait_for()
