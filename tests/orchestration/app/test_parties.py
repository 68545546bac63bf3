"""Page Parties & duplicates: pairs are judged, and what is judged leaves the list."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from made_ledger import connected, publish
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from orchestration.settings import ConnectionFolder, Home
from orchestration.store import Store

Draw = Callable[[str], AppTest]
PAIR = {
    "source_entity": "vendor",
    "source_id": "v1",
    "other_entity": "vendor",
    "other_id": "v2",
    "raw_name": "Quillon",
    "other_raw_name": "Quillon [Hosting](http://evil)",
    "why": "alike; same e-mail",
    "score": Decimal("0.9"),
}


def bill(key: str, number: str, amount: str) -> dict[str, object]:
    """A posted bill of vendor v1."""
    return {
        "bill_id": key,
        "party_id": "p1",
        "source_party_id": "v1",
        "number": number,
        "status": "PAID",
        "amount": Decimal(amount),
        "amount_home": Decimal(amount),
        "bill_date": date(2026, 3, 1),
    }


def suspicion(key: str, other: str) -> dict[str, object]:
    """What data_quality says of a bill that may be another."""
    return {
        "check_name": "possible_duplicate",
        "document_type": "bill",
        "document_id": key,
        "message": f"May be the same bill as 7 ({other}, exact); this one is paid, the"
        " other not paid",
    }


@pytest.fixture
def folder(home: Home) -> ConnectionFolder:
    """A pair of vendors that look alike, and a pair of bills."""
    place = connected(home)
    publish(
        place,
        {
            "party_suggestions": [PAIR],
            "parties": [{"party_id": "p1", "display_name": "Quillon"}],
            "bills": [bill("00n1", "7", "120.50"), bill("00n2", "7", "120.50")],
            "data_quality": [suspicion("00n1", "00n2"), suspicion("00n2", "00n1")],
        },
    )
    return place


def button(page: AppTest, label: str) -> Button:
    """The button whose label begins with these words."""
    return next(one for one in page.button if one.label.startswith(label))


def said(folder: ConnectionFolder, kind: str) -> dict[str, str]:
    """The one decision of a kind."""
    (decision,) = Store(folder.store).decisions(kind)
    body: dict[str, str] = json.loads(decision.body)
    return body


@pytest.mark.parametrize(
    ("label", "action"), [("They are one", "merge"), ("They are two", "split")]
)
def test_a_pair_is_judged(
    folder: ConnectionFolder, draw: Draw, label: str, action: str
) -> None:
    """The younger record joins the older one, or stays apart from it."""
    page = draw("parties")
    assert not page.exception
    assert [tab.label for tab in page.tabs] == [
        "Parties that look alike (1)",
        "Bills twice? (1)",
    ]
    page.text_input(key="why_party").set_value("Asked them").run()
    button(page, label).click().run()

    body = said(folder, "party_overrides")
    assert (body["action"], body["source_id"], body["into_id"]) == (action, "v2", "v1")
    assert body["note"] == "Asked them"
    assert body["decided_by"]
    assert page.tabs[0].label == "Parties that look alike (0)"


def test_one_bill_of_a_pair_is_kept_out(folder: ConnectionFolder, draw: Draw) -> None:
    """The pair is listed once, with what it takes to judge it."""
    page = draw("parties")
    assert "120.50" in " ".join(one.value for one in page.markdown)
    page.button(key="exclude_other_").click().run()

    body = said(folder, "exclusions")
    assert (body["document_id"], body["reason"]) == ("00n2", "Duplicate of 7")
    assert page.tabs[1].label == "Bills twice? (0)"


@pytest.mark.usefixtures("folder")
def test_names_of_bill_are_text(draw: Draw) -> None:
    """A name that would be a link is shown as it is."""
    shown = [one.value for one in draw("parties").subheader]
    assert r"Quillon \[Hosting\]\(http\:\/\/evil\)" in shown
