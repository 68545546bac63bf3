"""Pages about the books: empty ones say what to do, and names are only text."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from made_ledger import connected, publish
from streamlit.testing.v1 import AppTest

from orchestration import changes
from orchestration.settings import ConnectionFolder, Home
from orchestration.views import MACROS

Draw = Callable[[str], AppTest]
EVIL = "<b>*Brisk*</b> [Paper](http://127.0.0.1) :red[Co] $x$"
LOG = ", ".join(f"{name} {kind}" for name, (kind, _) in changes.COLUMNS.items())
REST = [MACROS.read_text(encoding="utf-8"), f"create table {changes.NAME} ({LOG})"]
"""What a published ledger has beside the tables of dbt's contract."""


@pytest.fixture
def place(home: Home) -> ConnectionFolder:
    """A connection whose books are empty."""
    folder = connected(home)
    publish(folder, {}, REST)
    return folder


@pytest.mark.parametrize(
    "page",
    [
        "profit_and_loss",
        "balance_sheet",
        "trial_balance",
        "account_lines",
        "aging",
        "vendor_spend",
        "cash",
    ],
)
@pytest.mark.usefixtures("place")
def test_empty_books_say_where_to_look(page: str, draw: Draw) -> None:
    """Instead of tables without rows."""
    drawn = draw(page)
    assert not drawn.exception
    assert "Coverage says" in drawn.info[0].value
    assert not drawn.dataframe


@pytest.mark.usefixtures("place")
def test_books_that_were_never_closed_say_how_to_close(draw: Draw) -> None:
    """The view of changes names the kind of decision."""
    drawn = draw("coverage")
    drawn.segmented_control(key="view").set_value("Changes").run()
    assert not drawn.exception
    assert "period_locks" in drawn.info[0].value


def test_a_name_from_bill_is_text(place: ConnectionFolder) -> None:
    """Whoever sends a bill chooses name and number; neither is markup on the page."""
    bill = {
        "bill_id": "00n1",
        "party_id": "p1",
        "number": EVIL,
        "currency": "USD",
        "amount": Decimal("12.30"),
        "amount_home": Decimal("12.30"),
        "open_home": Decimal("12.30"),
        "bill_date": date(2026, 3, 1),
        "flags": [],
    }
    party = {"party_id": "p1", "display_name": EVIL, "org_id": "o"}
    publish(place, {"bills": [bill], "parties": [party]}, REST)

    page = AppTest.from_string(
        "from orchestration.app.pages import document\ndocument.show()\n",
        default_timeout=60,
    )
    page.query_params["kind"], page.query_params["id"] = "bill", "00n1"
    page.run()

    assert not page.exception
    assert page.text[0].value == EVIL
    title = page.title[0].value
    assert "\\<b\\>\\*Brisk\\*" in title
    assert "\\[Paper\\]\\(" in title
    assert "\\:red\\[Co\\] \\$x\\$" in title
