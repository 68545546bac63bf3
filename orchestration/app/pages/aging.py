"""Who is owed what, and who owes us, by age: click a party to see its documents.

Here belongs: this page. Not here: the questions (books/aging.py), the chart
(pictures.py).
"""

from datetime import date
from typing import TYPE_CHECKING, Any, get_args

import streamlit as st

from orchestration.app import choices, drawing, leading, pictures
from orchestration.app.books import account_lines, aging, statements
from orchestration.app.books.aging import BUCKETS, Side
from orchestration.app.books.answers import total
from orchestration.app.formats import (
    count,
    count_column,
    day,
    day_column,
    money,
    money_column,
    text_column,
)
from orchestration.app.published import ask

if TYPE_CHECKING:
    import pandas as pd

NAMES = {"payable": "Payables", "receivable": "Receivables"}
LABELS = {
    "current": "Not due",
    "1-30": "1\u201330 days",
    "31-60": "31\u201360",
    "61-90": "61\u201390",
    "over 90": "Over 90",
    "unapplied": "Unapplied",
}
"""Buckets as they are shown, oldest last."""
LATE = ("1-30", "31-60", "61-90", "over 90")
COLUMNS = {
    "party_name": text_column("Party", pinned=True, width=220),
    **{bucket: money_column(LABELS[bucket]) for bucket in BUCKETS},
    "total": money_column("Total"),
}
DOCUMENTS = {
    "document_type": text_column("Document", width=110),
    "number": text_column("Number", width=140),
    "date": day_column("Date", width=95),
    "due_date": day_column("Due", width=95),
    "days_past_due": count_column("Days past due", width=110),
    "amount_home": money_column("Amount"),
    "open_home": money_column("Open"),
}


def show() -> None:
    """Draw the page."""
    st.title("Aging")
    side, as_of = _chosen()
    frame = aging.by_party(ask, side, as_of)
    if not len(frame):
        st.info(f"Nothing was open on {day(as_of)}. Choose another day.")
        return
    sums = {LABELS[bucket]: total(frame[bucket]) for bucket in BUCKETS}
    late = total(sums[LABELS[bucket]] for bucket in LATE)
    drawing.figures(
        {
            "Open": money(total(frame["total"])),
            "Past due": money(late),
            "Unapplied": money(sums[LABELS["unapplied"]]),
            "Parties": count(len(frame)),
        }
    )
    st.altair_chart(pictures.buckets(sums), alt="Open amounts by days past due")
    st.caption("Click a party to see its open documents.")
    clicked = drawing.clicked_row(frame, COLUMNS, f"{side}_aging")
    if clicked is not None:
        _draw_party(side, as_of, frame.iloc[clicked])


def _chosen() -> tuple[Side, date]:
    known = statements.months(ask)
    if not known:
        st.info(choices.NO_ENTRIES)
        st.stop()
    sides = get_args(Side)
    with choices.row():
        side = choices.one_of("What is open", sides, "side", NAMES.__getitem__)
        as_of = choices.day("As of", account_lines.last_day(known[-1]), "as_of")
    return side, as_of


def _draw_party(side: Side, as_of: date, party: "pd.Series[Any]") -> None:
    own = aging.of_party(ask, side, as_of, party["party_id"])
    st.subheader("Open documents")
    st.text(str(party["party_name"]))
    st.caption("Click one to see it whole.")
    clicked = drawing.clicked_row(own, DOCUMENTS, "open_documents")
    if clicked is not None:
        document = own.iloc[clicked]
        leading.to_document(document["document_type"], document["document_id"])
