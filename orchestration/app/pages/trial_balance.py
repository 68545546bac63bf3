"""Trial balance over a range of months: click an account to see its lines.

Here belongs: this page. Not here: the question (books/statements.py).
"""

from typing import TYPE_CHECKING

import streamlit as st

from orchestration.app import choices, drawing, leading
from orchestration.app.books import statements
from orchestration.app.books.answers import total
from orchestration.app.formats import money, money_column, text_column
from orchestration.app.published import ask

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "account_number": text_column("Account", width=80),
    "account_name": text_column("", width=250),
    "opening": money_column("Opening"),
    "debits": money_column("Debits"),
    "credits": money_column("Credits"),
    "closing": money_column("Closing"),
}


def show() -> None:
    """Draw the page."""
    st.title("Trial balance")
    with choices.row():
        basis = choices.basis()
        months = choices.months()
    frame = statements.trial_balance(ask, basis, months.first, months.last)
    _sums(frame)
    st.caption(
        "Debits are positive, credits negative. Click an account to see its lines."
    )
    clicked = drawing.clicked_row(frame, COLUMNS, "trial_balance", height="content")
    if clicked is not None:
        number = str(frame["account_number"].iloc[clicked])
        leading.to_lines(basis, [number], months.first, months.last)


def _sums(frame: "pd.DataFrame") -> None:
    """Say what the columns add up to: opening and closing of a whole book to zero."""
    columns = ("opening", "debits", "credits", "closing")
    drawing.figures({f"Sum of {one}": money(total(frame[one])) for one in columns})
