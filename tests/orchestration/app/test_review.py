"""Page Review: lines are decided, taken back, ruled on; what waits leaves the queue."""

import json
from collections.abc import Callable

import pytest
from made_ledger import QUEUE, line, publish
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from orchestration.settings import ConnectionFolder, Home
from orchestration.store import Store

Draw = Callable[[str], AppTest]
WHOLE_QUEUE = 60


def said(folder: ConnectionFolder, kind: str) -> list[dict[str, str]]:
    """What people decided, oldest first."""
    return [json.loads(one.body) for one in Store(folder.store).decisions(kind)]


def button(page: AppTest, label: str) -> Button:
    """The button whose label begins with these words."""
    return next(one for one in page.button if one.label.startswith(label))


def left(page: AppTest) -> int:
    """How many lines the page says are in the queue."""
    words = next(one.value for one in page.caption if "at risk" in one.value)
    return int(words.split()[0].replace(",", ""))


def test_a_choice_is_a_signed_decision_with_its_reason(
    folder: ConnectionFolder, draw: Draw
) -> None:
    """Who, when and why are kept, and the next line is at hand."""
    page = draw("review")
    assert not page.exception
    assert page.subheader[0].value == "Quillon Hosting"
    page.text_input(key="signed_by").set_value("Ada").run()
    page.text_input(key="note").set_value("Their new plan").run()
    button(page, "6350").click().run()

    (body,) = said(folder, "category_overrides")
    assert body.pop("effective_at") > "2026"
    assert body == {
        "source_entity": "bill",
        "document_id": "00n0060",
        "line_id": "bli0060",
        "account_number": "6350",
        "note": "Their new plan",
        "decided_by": "Ada",
    }
    assert left(page) == WHOLE_QUEUE - 1
    assert page.text_input(key="note").value == ""
    assert any("1 decision" in one.value for one in page.markdown)


def test_any_account_can_be_chosen_and_undone(
    folder: ConnectionFolder, draw: Draw
) -> None:
    """What is taken back before it counts waits no longer, and the line is back."""
    page = draw("review")
    assert button(page, "Undo").disabled
    assert button(page, "Book it").disabled
    page.selectbox(key="other_account").select("6500").run()
    button(page, "Book it").click().run()
    assert left(page) == WHOLE_QUEUE - 1
    button(page, "Undo").click().run()

    first, second = said(folder, "category_overrides")
    assert first["account_number"] == "6500"
    assert second["withdrawn"] == "true"
    assert left(page) == WHOLE_QUEUE
    assert not any("for the next sync" in one.value for one in page.markdown)


def test_skipping_decides_nothing(folder: ConnectionFolder, draw: Draw) -> None:
    """The next line comes up, and the one before stays in the queue."""
    page = draw("review")
    button(page, "Skip").click().run()

    assert not said(folder, "category_overrides")
    assert any("2 of 60" in one.value for one in page.caption)


def test_a_filter_may_be_accepted_as_a_whole(
    folder: ConnectionFolder, draw: Draw
) -> None:
    """Every line the search leaves gets its own suggestion; the rest stays."""
    page = draw("review")
    page.text_input(key="review_search").set_value("month 1").run()
    found = left(page)
    button(page, f"Accept {found} lines").click().run()
    page.text_input(key="review_search").set_value("").run()

    assert len(said(folder, "category_overrides")) == found == 11
    assert left(page) == WHOLE_QUEUE - found


def test_a_rule_is_shown_before_it_is_kept(
    folder: ConnectionFolder, draw: Draw
) -> None:
    """What it would move is counted; kept, its lines leave the queue."""
    page = draw("review")
    button(page, "Apply to similar").click().run()
    assert any("**0 lines**" in one.value for one in page.markdown)
    page.selectbox(key="rule_account").select("6500").run()
    assert any("**59 lines**" in one.value for one in page.markdown)
    button(page, "Keep the rule").click().run()

    (rule,) = said(folder, "category_rules")
    assert (rule["party_id"], rule["account_number"]) == ("p1", "6500")
    assert left(page) == 1
    assert page.subheader[0].value == r"\<b\>\*Brisk\* Paper\<\/b\>"


def test_a_rule_for_everything_is_not_offered(
    folder: ConnectionFolder, draw: Draw
) -> None:
    """A rule without a party and without words would book every line."""
    page = draw("review")
    button(page, "Apply to similar").click().run()
    page.checkbox[0].uncheck().run()

    assert button(page, "Keep the rule").disabled
    assert not said(folder, "category_rules")


def test_a_newly_published_ledger_shows_at_once(
    folder: ConnectionFolder, draw: Draw
) -> None:
    """No answer of the ledger before is shown again."""
    page = draw("review")
    publish(folder, {"category_predictions": [line(1)]}, [QUEUE])
    page.run()

    assert left(page) == 1


def test_an_empty_queue_says_what_that_means(
    folder: ConnectionFolder, draw: Draw
) -> None:
    """Nothing to do is good news, a filter that finds nothing is not."""
    page = draw("review")
    page.text_input(key="review_search").set_value("no such words").run()
    assert [one.value for one in page.info] == ["No line of the queue is like that."]
    button(page, "Show all lines").click().run()
    assert left(page) == WHOLE_QUEUE

    publish(folder, {})
    assert draw("review").success[0].value.startswith("Nothing to review")


@pytest.mark.parametrize("page", ["review", "parties"])
def test_without_a_connection_a_page_says_what_to_do(
    home: Home, draw: Draw, page: str
) -> None:
    """There is no error, and a way on."""
    home.create()
    drawn = draw(page)
    assert not drawn.exception
    assert drawn.info[0].value == "There is no connection yet."
