"""Profit and loss by month: click a figure to see the lines behind it.

Here belongs: this page. Not here: subtotals (books/statements.py), tables (drawing.py).
"""

import streamlit as st

from orchestration.app import choices, drawing, leading
from orchestration.app.books import statements
from orchestration.app.formats import money
from orchestration.app.published import ask

HEADLINES = (
    "Revenue",
    "Gross profit",
    "Total operating expenses",
    "Net income",
)


def show() -> None:
    """Draw the page."""
    st.title("Profit and loss")
    with choices.row():
        basis = choices.basis()
        months = choices.months()
    rows = statements.profit_and_loss(ask, basis, months.first, months.last)
    drawing.figures(
        {
            row.name.removeprefix("Total ").capitalize(): money(statements.sum_of(row))
            for row in rows
            if row.kind != "account" and row.name in HEADLINES
        }
    )
    st.caption("Click a figure to see the lines behind it.")
    clicked = drawing.statement(rows, months.every, "profit_and_loss", is_summed=True)
    if clicked:
        row, month = clicked
        leading.to_lines(
            basis, row.accounts, month or months.first, month or months.last
        )
