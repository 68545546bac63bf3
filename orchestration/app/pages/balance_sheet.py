"""Balance sheet at month ends: click a figure to see the lines behind it.

Here belongs: this page. Not here: subtotals (books/statements.py), tables (drawing.py).
"""

from datetime import date

import streamlit as st

from orchestration.app import choices, drawing, leading
from orchestration.app.books import statements
from orchestration.app.books.answers import NOTHING
from orchestration.app.books.statements import Row
from orchestration.app.formats import money
from orchestration.app.published import ask
from orchestration.books import Basis

COMPUTED = ((statements.RETAINED,), (statements.EARNED,))
"""The rows that are computed from income and cost: they lead to that statement."""


def show() -> None:
    """Draw the page."""
    st.title("Balance sheet")
    with choices.row():
        basis = choices.basis()
        months = choices.months()
    rows = statements.balance_sheet(ask, basis, months.first, months.last)
    drawing.figures(
        {
            row.name.removeprefix("Total ").capitalize(): money(
                row.amounts.get(months.last, NOTHING)
            )
            for row in rows
            if row.kind == "total"
        }
    )
    st.caption(
        f"At the end of each month; above, {months.last:%B %Y}. Click a figure to see"
        " the lines behind it."
    )
    clicked = drawing.statement(rows, months.every, "balance_sheet", is_summed=False)
    if clicked:
        row, month = clicked
        _follow(basis, row, month or months.last)


def _follow(basis: Basis, row: Row, month: date) -> None:
    """Show the lines of accounts since the books began, or where profit came from."""
    if row.accounts in COMPUTED:
        leading.to_profit(basis, *statements.earned(ask, row.accounts[0], month))
    leading.to_lines(basis, row.accounts, statements.months(ask)[0], month)
