"""Where a click leads: lines of accounts, an entry, a document, a statement.

Here belongs: addresses of pages about the books, with what they are asked for. Not
here: the pages themselves (pages/), the menu (contents.py).
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


def account_labels(basis: Basis) -> dict[str, str]:
    """Return each account of a book as addresses and controls have it, by number."""
    known = account_lines.accounts(ask, basis)
    return {number: f"{number} {name}" for number, name in known.items()}


def to_lines(
    basis: Basis, accounts: Sequence[str], first: date, last: date, words: str = ""
) -> NoReturn:
    """Show the lines of accounts from one month to the end of another."""
    labels = account_labels(basis)
    searched = {"words": words} if words else {}
    _go(
        "account-lines",
        basis=basis.capitalize(),
        accounts=[labels[number] for number in accounts if number in labels],
        first_day=str(first),
        last_day=str(account_lines.last_day(last)),
        **searched,
    )


def to_entry(basis: Basis, entry_id: str) -> NoReturn:
    """Show one entry and the document it comes from."""
    _go("document", basis=basis.capitalize(), entry=entry_id)


def to_entry_of(document: Document, entry_id: str) -> NoReturn:
    """Show one of a document's entries beside the document."""
    _go("document", kind=document.kind, id=document.id, entry=entry_id)


def to_document(kind: str, document_id: str) -> NoReturn:
    """Show one document."""
    _go("document", kind=kind, id=document_id)


def to_profit(basis: Basis, first: date, last: date) -> NoReturn:
    """Show the profit and loss of a range of months."""
    months = {"from": f"{first:%b %Y}", "to": f"{last:%b %Y}"}
    _go("profit-and-loss", basis=basis.capitalize(), **months)


def _go(path: str, **asked: str | Sequence[str]) -> NoReturn:
    """Show another page of the same connection; the browser's Back returns."""
    kept = {picked.KEY: picked.connection()}
    st.switch_page(contents.at(path), query_params={**kept, **asked})
