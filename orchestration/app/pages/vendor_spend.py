"""What was bought from whom: click a vendor to see its months and accounts.

Here belongs: this page. Not here: the questions (books/spending.py), charts
(pictures.py).
"""

from typing import TYPE_CHECKING

import streamlit as st

from orchestration.app import choices, drawing, leading, pictures
from orchestration.app.books import spending
from orchestration.app.books.answers import total
from orchestration.app.choices import Months
from orchestration.app.formats import (
    count,
    count_column,
    day_column,
    flag_column,
    money,
    money_column,
    month_column,
    text_column,
)
from orchestration.app.published import ask
from orchestration.books import Basis

if TYPE_CHECKING:
    import pandas as pd

MEASURES = {"accrual": "billed", "cash": "paid"}
COLUMNS = {
    "party_name": text_column("Vendor", pinned=True, width=240),
    "billed": money_column("Billed"),
    "paid": money_column("Paid"),
    "bills": count_column("Bills"),
    "is_1099": flag_column("1099"),
    "first_bill": day_column("First bill", width=100),
}
DETAIL = {
    "month": month_column("Month", width=100),
    "account_number": text_column("Account", width=80),
    "account_name": text_column("", width=220),
    "billed": money_column("Billed"),
    "paid": money_column("Paid"),
    "bills": count_column("Bills"),
}
PAID = {
    "party_name": text_column("Vendor", pinned=True, width=240),
    "paid": money_column("Paid in the year"),
}
SHOWN = 500
"""Vendors in the table; the file has them all."""
TOP = 10


def show() -> None:
    """Draw the page."""
    st.title("Vendor spend")
    with choices.row():
        basis = choices.basis()
        months = choices.months()
        words = choices.words("Vendor", "vendor")
    frame = spending.vendors(ask, basis, months.first, months.last, words)
    if not len(frame):
        st.info("Nothing was bought then. Choose other months, or another name.")
        return
    drawing.figures(
        {
            "Billed": money(total(frame["billed"])),
            "Paid": money(total(frame["paid"])),
            "Vendors": count(len(frame)),
        }
    )
    _draw_charts(basis, months, frame)
    _draw_vendors(basis, months, frame)
    _draw_1099(months)


def _draw_charts(basis: Basis, months: Months, frame: "pd.DataFrame") -> None:
    left, right = st.columns(2)
    with left:
        st.subheader("Spend over time")
        cost = spending.over_time(ask, basis, months.first, months.last)
        st.altair_chart(pictures.over_time(cost), alt="Cost by month and kind")
    with right:
        st.subheader(f"Top {TOP} vendors")
        top = frame.head(TOP)
        st.altair_chart(pictures.top(top, MEASURES[basis]), alt="Largest vendors")


def _draw_vendors(basis: Basis, months: Months, frame: "pd.DataFrame") -> None:
    st.subheader("Vendors")
    more = f" The first {SHOWN} of {len(frame):,}: search for others."
    st.caption(
        "Click a vendor to see its months and accounts."
        + (more if len(frame) > SHOWN else "")
    )
    shown = frame.head(SHOWN)
    clicked = drawing.clicked_row(shown, COLUMNS, "vendor_spend", file=lambda: frame)
    if clicked is None:
        return
    vendor = shown.iloc[clicked]
    st.text(str(vendor["party_name"]))
    own = spending.vendor(ask, vendor["party_id"], months.first, months.last)
    st.caption("Click an account to see its lines of that month.")
    followed = drawing.clicked_row(own, DETAIL, "vendor_months")
    if followed is not None:
        row = own.iloc[followed]
        words = str(vendor["party_name"])
        month = row["month"]
        leading.to_lines(basis, [row["account_number"]], month, month, words)


def _draw_1099(months: Months) -> None:
    st.subheader(f"1099 vendors in {months.last.year}")
    frame = spending.paid_1099(ask, months.last.year)
    if len(frame):
        st.caption(
            "Paid in the calendar year to vendors that BILL tracks for form 1099."
        )
        drawing.table(frame, PAID, "paid_1099")
    else:
        st.info("BILL tracks no vendor for form 1099 that was paid in this year.")
