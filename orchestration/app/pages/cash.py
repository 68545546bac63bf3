"""Cash by account and month: how much there is, and how fast it goes.

Here belongs: this page. Not here: the questions (books/spending.py), charts
(pictures.py).
"""

from typing import TYPE_CHECKING

import streamlit as st

from orchestration.app import choices, drawing, leading, pictures
from orchestration.app.books import spending
from orchestration.app.formats import day_column, money, money_column, text_column
from orchestration.app.published import ask

if TYPE_CHECKING:
    from orchestration.app.books.spending import Burn

COLUMNS = {
    "month": day_column("Month", width=100),
    "account_number": text_column("Account", width=80),
    "account_name": text_column("", width=200),
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
    st.subheader("Burn")
    st.altair_chart(
        pictures.burn(burn), alt="Cash in and out by month, and what is left"
    )
    st.subheader("Accounts")
    st.caption("Click a row to see its lines of that month.")
    clicked = drawing.table(frame, COLUMNS, "cash")
    if clicked is not None:
        row = frame.iloc[clicked]
        month = row["month"]
        leading.to_lines("accrual", [row["account_number"]], month, month)


def _draw_sums(burn: "list[Burn]") -> None:
    last = burn[-1]
    spent = spending.monthly_burn(burn)
    with st.container(horizontal=True):
        st.metric(
            f"Cash at the end of {last.month:%b %Y}", money(last.closing), border=True
        )
        st.metric("Change in the range", money(sum(b.net for b in burn)), border=True)
        st.metric(
            f"Burn a month, last {spending.BURN_MONTHS} months",
            money(spent),
            border=True,
        )
        runs = (
            f"{last.closing / spent:.1f} months"
            if spent > 0 < last.closing
            else "\u2013"
        )
        st.metric("Cash lasts", runs, border=True)
