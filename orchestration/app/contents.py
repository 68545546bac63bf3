"""The pages of the review app, as a table of data.

Here belongs: each page's title, section, module, address and picture. Not here: what a
page shows (app/pages), the frame around all of them (app/server/main.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from orchestration.app import formats
from orchestration.failures import LedgerError

if TYPE_CHECKING:
    from streamlit.navigation.page import Page as Registered

CONNECT = "Connect"
CORRECT = "Correct"
BOOKS = "Books"
COVERAGE = "Coverage"
HERE = "here"
"""The session's name for the address of the page that is shown."""


@dataclass(frozen=True)
class Page:
    """One page: ``module`` below `orchestration.app.pages` has a function `show`.

    ``icon`` is the name of a Material symbol; ``path`` is the page's address. A page
    that is not listed is reached from another one.
    """

    title: str
    section: str
    module: str
    path: str
    icon: str
    is_listed: bool = True

    @property
    def show(self) -> Callable[[], None]:
        """The function that draws the page; its module is imported when first shown.

        What a person can act on is said on the page in the command line's words.
        """

        def draw() -> None:
            import streamlit as st

            st.session_state[HERE] = self.path
            try:
                import_module(f"orchestration.app.pages.{self.module}").show()
            except LedgerError as error:
                st.error(formats.plain(error))

        return draw


PAGES = (
    Page("Connections", CONNECT, "connections", "connections", "cable"),
    Page("Review", CORRECT, "review", "review", "rule"),
    Page("Parties & duplicates", CORRECT, "parties", "parties", "group"),
    Page("Profit and loss", BOOKS, "profit_and_loss", "profit-and-loss", "trending_up"),
    Page("Balance sheet", BOOKS, "balance_sheet", "balance-sheet", "balance"),
    Page("Trial balance", BOOKS, "trial_balance", "trial-balance", "rule_folder"),
    Page("Account lines", BOOKS, "account_lines", "account-lines", "list_alt"),
    Page("Aging", BOOKS, "aging", "aging", "hourglass_bottom"),
    Page("Vendor spend", BOOKS, "vendor_spend", "vendor-spend", "storefront"),
    Page("Cash", BOOKS, "cash", "cash", "account_balance"),
    Page("Document", BOOKS, "document", "document", "description", is_listed=False),
    Page("Coverage", COVERAGE, "coverage", "coverage", "fact_check"),
)
"""In the order of the menu; the first one is shown first."""


def registered() -> "dict[str, list[Registered]]":
    """Return the pages as Streamlit wants them, by section."""
    sections: dict[str, list[Registered]] = {}
    for page in PAGES:
        sections.setdefault(page.section, []).append(_registered(page))
    return sections


def at(path: str) -> "Registered":
    """Return the page at an address, to lead there."""
    (page,) = [page for page in PAGES if page.path == path]
    return _registered(page)


def _registered(page: Page) -> "Registered":
    import streamlit as st

    return st.Page(
        page.show,
        title=page.title,
        icon=f":material/{page.icon}:",
        url_path=page.path,
        default=page is PAGES[0],
        visibility="visible" if page.is_listed else "hidden",
    )
