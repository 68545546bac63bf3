"""Where a click leads: lines of accounts, an entry, a document, a statement.

Here belongs: showing another page, its address saying what is asked for. Not here: the
pages themselves (pages/), the menu (contents.py).
"""

from collections.abc import Sequence
from datetime import date
from typing import NoReturn

import streamlit as st

from orchestration.app import contents, picked
from orchestration.app.books import account_lines
from orchestration.app.books.documents import Document
from orchestration.app.published import ask
from orchestration.books import Basis

MONTH_FORMAT = "%b %Y"
INNER = ("account-lines", "document")
"""The pages that clicks lead to, and on from."""
TRAIL = "trail"
"""The pages that clicks led on from, with their addresses."""


def account_labels(basis: Basis) -> dict[str, str]:
    """Return each account of a book as addresses and controls have it, by number."""
    known = account_lines.accounts(ask, basis)
    return {number: f"{number} {name}" for number, name in known.items()}


def to_lines(
    basis: Basis, accounts: Sequence[str], first: date, last: date, words: str = ""
) -> NoReturn:
    """Show the lines of accounts from one month to the end of another."""
    labels = account_labels(basis)
    _go(
        "account-lines",
        basis=basis,
        accounts=[labels[number] for number in accounts if number in labels],
        first_day=str(first),
        last_day=str(account_lines.last_day(last)),
        words=words,
    )


def to_entry(basis: Basis, entry_id: str) -> NoReturn:
    """Show one entry and the document it comes from."""
    _go("document", basis=basis, entry=entry_id)


def to_entry_of(document: Document, entry_id: str) -> NoReturn:
    """Show one of a document's entries beside the document."""
    _go("document", kind=document.kind, id=document.id, entry=entry_id)


def to_document(kind: str, document_id: str) -> NoReturn:
    """Show one document."""
    _go("document", kind=kind, id=document_id)


def to_profit(basis: Basis, first: date, last: date) -> NoReturn:
    """Show the profit and loss of a range of months."""
    months = {"from": f"{first:{MONTH_FORMAT}}", "to": f"{last:{MONTH_FORMAT}}"}
    _go("profit-and-loss", basis=basis, **months)


def draw_way_back() -> None:
    """Draw a button that leads where a click came from; nothing where none did.

    Streamlit needs two steps of the browser's Back for it.
    """
    trail = st.session_state.get(TRAIL, [])
    if trail:
        path, asked = trail[-1]
        place = contents.at(path)
        if st.button(f"Back to {place.title}", icon=":material/arrow_back:"):
            trail.pop()
            st.switch_page(place, query_params=asked)


def _go(path: str, **asked: str | Sequence[str]) -> NoReturn:
    """Show another page of the same connection, and remember the way back."""
    said = {name: words for name, words in asked.items() if words}
    here = {name: st.query_params.get_all(name) for name in st.query_params}
    here.pop(picked.KEY, None)
    path_here = st.session_state[contents.HERE]
    before = st.session_state.get(TRAIL, []) if path_here in INNER else []
    st.session_state[TRAIL] = [*before, (path_here, here)]
    st.switch_page(contents.at(path), query_params=said)
