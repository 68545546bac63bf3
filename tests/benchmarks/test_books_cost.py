"""What each page about the books costs with a million lines: `make bench books`.

Times are of the page's script over a published ledger, wall and CPU, as people meet it:
the first time after a ledger was published.
"""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from made_ledger import connected, publish
from streamlit.testing.v1 import AppTest

from orchestration import changes
from orchestration.settings import Home
from orchestration.views import MACROS

HERE = Path(__file__).parent
BILLS = 125_000
"""With four lines each, three expenses and what is owed, and a payment of three."""
MOST = 2.0
"""CPU-seconds a page may take, on one core."""
LOG = ", ".join(f"{name} {kind}" for name, (kind, _) in changes.COLUMNS.items())
PAGES: dict[str, dict[str, Any]] = {
    "profit_and_loss": {},
    "balance_sheet": {},
    "trial_balance": {},
    "account_lines": {"accounts": "2000 Accounts Payable"},
    "account_lines, searched": {
        "accounts": "2000 Accounts Payable",
        "words": "party 77",
    },
    "account_lines, last page": {"accounts": "2000 Accounts Payable", "page": "2500"},
    "aging": {},
    "vendor_spend": {},
    "cash": {},
    "document": {"kind": "bill", "id": "00n77"},
    **{
        f"coverage, {view}": {"view": view}
        for view in (
            "Lists",
            "Not posted",
            "Against BILL",
            "Clearing",
            "Findings",
            "Changes",
            "Categories",
        )
    },
}


@pytest.fixture
def large(home: Home) -> Path:
    """A connection with a large published ledger."""
    folder = connected(home)
    made = (HERE / "large_books.sql").read_text().replace("$bills", str(BILLS))
    log = f"create table {changes.NAME} ({LOG})"
    publish(folder, {}, [log, made, MACROS.read_text(encoding="utf-8")])
    return folder.ledger


@pytest.mark.timeout(1800)
def test_pages_about_books_answer_at_once(large: Path) -> None:
    """No page takes two seconds of one core."""
    draw("aging", {})  # imports are paid once
    measured = {}
    for name, address in PAGES.items():
        large.touch()  # as published anew: nothing that was asked counts
        wall, cpu = time.perf_counter(), time.process_time()
        page = draw(name.partition(",")[0], address)
        measured[name] = (time.perf_counter() - wall, time.process_time() - cpu)
        assert not page.exception, name
    print(f"\n{os.cpu_count()} cores; the ledger has {large.stat().st_size >> 20} MB")
    for name, (wall, cpu) in measured.items():
        print(f"{name:28} {wall:6.2f} s  {cpu:6.2f} CPU-s")
    assert max(cpu for _, cpu in measured.values()) < MOST


def draw(page: str, address: dict[str, Any]) -> AppTest:
    """Draw a page with an address."""
    script = f"from orchestration.app.pages import {page}\n{page}.show()\n"
    test = AppTest.from_string(script, default_timeout=600)
    for key, words in address.items():
        test.query_params[key] = words
    return test.run()
