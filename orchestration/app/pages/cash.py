"""Cash by account and month: how much there is, and how fast it goes.

Here belongs: this page. Not here: the questions (books/spending.py), charts
(pictures.py).
"""

from typing import TYPE_CHECKING

import streamlit as st

from orchestration.app import choices, drawing, leading, pictures
from orchestration.app.books import spending
from orchestration.app.books.answers import total
from orchestration.app.books.spending import BURN_MONTHS
from orchestration.app.formats import money, money_column, month_column, text_column
from orchestration.app.published import ask

if TYPE_CHECKING:
    from orchestration.app.books.spending import Burn

COLUMNS = {
    "month": month_column("Month", width=85),
    "account_number": text_column("Account", width=70),
    "account_name": text_column("", width=170),
    "payments": money_column("Paid out"),
    "receipts": money_column("Received"),
    "refunds": money_column("Refunds"),
    "transfers": money_column("Transfers"),
    "net": money_column("Net"),
    "closing": money_column("Balance"),
}


def show() -> None:
    """Draw the page."""
    st.title("Cash")
    with choices.row():
        months = choices.months()
    frame = spending.cash(ask, months.first, months.last)
    if not len(frame):
        st.info("No bank or clearing account moved then. Choose other months.")
        return
    burn = spending.burn(frame)
    _draw_sums(burn)
    left, right = st.columns(2)
    with left:
        st.subheader("Burn")
        st.altair_chart(pictures.burn(burn), alt="Cash gained or used up by month")
    with right:
        st.subheader("Cash at month end")
        st.altair_chart(pictures.cash(burn), alt="Cash at the end of each month")
    st.subheader("Accounts")
    st.caption("Click a row to see its lines of that month.")
    clicked = drawing.clicked_row(frame, COLUMNS, "cash")
    if clicked is not None:
        row = frame.iloc[clicked]
        month = row["month"]
        leading.to_lines("accrual", [row["account_number"]], month, month)


def _draw_sums(burn: "list[Burn]") -> None:
    last = burn[-1]
    spent = spending.monthly_burn(burn)
    runs = last.closing / spent if spent > 0 < last.closing else None
    drawing.figures(
        {
            f"Cash, end of {last.month:%b %Y}": money(last.closing),
            "Change in the range": money(total(one.net for one in burn)),
            f"Burn a month, last {BURN_MONTHS}": money(spent),
            "Cash lasts": f"{runs:.1f} months" if runs else drawing.DASH,
        }
    )
