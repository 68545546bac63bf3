"""A made ledger, and pages drawn without a browser."""

from collections.abc import Callable

import pytest
from made_ledger import QUEUE, connected, line, publish
from streamlit.testing.v1 import AppTest

from orchestration.settings import ConnectionFolder, Home

Draw = Callable[[str], AppTest]
SCRIPT = "from orchestration.app.pages import {page}\n{page}.show()\n"


@pytest.fixture
def folder(home: Home) -> ConnectionFolder:
    """A connection with sixty lines in its queue, over two pages."""
    place = connected(home)
    lines = [line(number) for number in range(1, 61)]
    lines[6] |= {"party_id": "p2", "party_name": "<b>*Brisk* Paper</b>"}
    publish(place, {"category_predictions": lines}, [QUEUE])
    return place


@pytest.fixture
def draw() -> Draw:
    """Draw a page of the app; widgets of it can then be used."""

    def drawn(page: str) -> AppTest:
        test = AppTest.from_string(SCRIPT.format(page=page), default_timeout=60)
        return test.run()

    return drawn
