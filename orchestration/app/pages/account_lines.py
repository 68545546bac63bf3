"""An account's lines with its running balance: click one to see its entry.

Here belongs: this page. Not here: the questions (books/account_lines.py).
"""

from functools import partial

import streamlit as st

from orchestration.app import choices, drawing, leading, picked
from orchestration.app.books import account_lines, statements
from orchestration.app.books.account_lines import PAGE, Range, Sums
from orchestration.app.formats import (
    count,
    day_column,
    money,
    money_column,
    text_column,
)
from orchestration.app.published import ask
from orchestration.books import Basis

COLUMNS = {
    "entry_date": day_column("Date", width=90),
    "entry_type": text_column("Type", width=100),
    "source_number": text_column("Number", width=105),
    "party_name": text_column("Party", width=190),
    "debit": money_column("Debit", width=95),
    "credit": money_column("Credit", width=95),
    "balance": money_column("Balance", width=115),
    "description": text_column("Description", width=300),
}
HEIGHT = 640
MOST_IN_A_FILE = 100_000
"""Lines to a download; a whole book is one of the exports."""


def show() -> None:
    """Draw the page."""
    leading.draw_way_back()
    st.title("Account lines")
    which = _chosen()
    if not which.accounts:
        st.info("Choose an account, or click a figure in one of the statements.")
        return
    sums = account_lines.sums(ask, which)
    _draw_sums(sums, is_searched=bool(which.words))
    if not sums.lines:
        st.info("There are no such lines. Choose other days or accounts.")
        return
    pages = -(-sums.lines // PAGE)
    page = _page(pages, sums, which)
    frame = account_lines.lines(ask, which, page)
    several = {"account_name": text_column("Account", width=160)}
    columns = {**COLUMNS, **(several if len(which.accounts) > 1 else {})}
    own = partial(ask, folder=picked.folder())
    whole = partial(account_lines.lines, own, which, size=MOST_IN_A_FILE)
    clicked = drawing.clicked_row(
        frame, columns, "account_lines", file=whole, height=HEIGHT
    )
    if clicked is not None:
        leading.to_entry(which.basis, str(frame["entry_id"].iloc[clicked]))


def _chosen() -> Range:
    with choices.row():
        basis = choices.basis()
        known = statements.months(ask)
        if not known:
            st.info(choices.NO_ENTRIES)
            st.stop()
        first = choices.day("From", known[0], "first_day")
        last = choices.day("To", account_lines.last_day(known[-1]), "last_day")
        words = choices.words("Party, description or number", "words")
    return Range(basis, _accounts(basis), first, last, words)


def _accounts(basis: Basis) -> list[str]:
    labels = leading.account_labels(basis)
    chosen = choices.several("Accounts", list(labels.values()), "accounts")
    numbers = {label: number for number, label in labels.items()}
    return [numbers[label] for label in chosen]


def _draw_sums(sums: Sums, *, is_searched: bool) -> None:
    moved = {"Debits": money(sums.debits), "Credits": money(sums.credits)}
    if is_searched:
        drawing.figures(moved)
        return
    opening = {"Opening balance": money(sums.opening)}
    drawing.figures({**opening, **moved, "Closing balance": money(sums.closing)})


def _page(pages: int, sums: Sums, which: Range) -> int:
    st.caption(
        f"{count(sums.lines, 'line')}; debits are positive in the balance. Click one to"
        " see its entry."
    )
    return choices.page(pages, which) if pages > 1 else 1
