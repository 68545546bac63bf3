"""The pages of the review app, as a table of data.

Here belongs: each page's title, section, module, address and picture. Not here: what a
page shows (app/pages), the frame around all of them (app/server/main.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streamlit.navigation.page import Page as Registered

CONNECT = "Connect"
CORRECT = "Correct"
BOOKS = "Books"
COVERAGE = "Coverage"


@dataclass(frozen=True)
class Page:
    """One page: ``module`` below `orchestration.app.pages` has a function `show`.

    ``icon`` is the name of a Material symbol; ``path`` is the page's address.
    """

    title: str
    section: str
    module: str
    path: str
    icon: str

    @property
    def show(self) -> Callable[[], None]:
        """The function that draws the page; its module is imported when first shown."""

        def draw() -> None:
            import_module(f"orchestration.app.pages.{self.module}").show()

        return draw


PAGES = (
    Page("Connections", CONNECT, "connections", "connections", "cable"),
    Page("Review", CORRECT, "review", "review", "rule"),
    Page("Parties & duplicates", CORRECT, "parties", "parties", "group"),
)
"""In the order of the menu; the first one is shown first."""


def registered() -> "dict[str, list[Registered]]":
    """Return the pages as Streamlit wants them, by section."""
    import streamlit as st

    sections: dict[str, list[Registered]] = {}
    for page in PAGES:
        sections.setdefault(page.section, []).append(
            st.Page(
                page.show,
                title=page.title,
                icon=f":material/{page.icon}:",
                url_path=page.path,
                default=page is PAGES[0],
            )
        )
    return sections
