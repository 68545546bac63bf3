"""What is in the books and what is not, and why: one view at a time.

Here belongs: this page. Not here: the questions (books/coverage.py), how its tables
look (coverage_columns.py).
"""

from typing import TYPE_CHECKING

import streamlit as st

from orchestration.app import choices, drawing, leading
from orchestration.app.books import coverage
from orchestration.app.formats import count, day, in_words, instant, share
from orchestration.app.pages import coverage_columns as columns
from orchestration.app.published import ask

if TYPE_CHECKING:
    import pandas as pd

OPEN_ONE = "Click one to open it."


def show() -> None:
    """Draw the page."""
    st.title("Coverage")
    VIEWS[choices.one_of("What to look at", list(VIEWS), "view")]()


def _lists() -> None:
    frame = coverage.matrix(ask)
    read = frame[frame["synced"] != "no"]
    drawing.figures(
        {
            "Lists synced": f"{len(read)} of {len(frame)}",
            "Records in BILL": count(int(frame["records_in_source"].sum())),
            "Records posted": count(int(frame["posted"].sum())),
            "Unreadable": count(int(frame["waiting_in_quarantine"].sum())),
        }
    )
    st.caption(
        "Sums are in the home currency. Reference data, such as vendors and accounts,"
        " posts nothing."
    )
    drawing.table(frame, columns.LISTS, "sync_matrix")


def _not_posted() -> None:
    frame = coverage.not_posted(ask)
    if not len(frame):
        st.success("Every document that was loaded is posted.")
        return
    st.caption("Click a reason to see only its documents.")
    clicked = drawing.clicked_row(frame, columns.REASONS, "not_posted")
    reason = "" if clicked is None else str(frame["reason"].iloc[clicked])
    st.subheader(f"Not posted: {in_words(reason)}" if reason else "Not posted")
    own = coverage.refused(ask, reason)
    _draw_documents(own, columns.REFUSED, "not_posted_documents")


def _against_bill() -> None:
    differences = coverage.differences(ask)
    if len(differences):
        st.warning(
            f"{count(len(differences), 'item')} differ from BILL's own figures without"
            " a reason we know. Look at each, and at BILL."
        )
        _draw_documents(differences, columns.DIFFERENCES, "differences")
    else:
        st.success(
            "Every bill, invoice and balance agrees with BILL, or differs for a"
            " reason below."
        )
    st.subheader("Why ledger and BILL differ")
    drawing.table(coverage.causes(ask), columns.CAUSES, "reconciliation")


def _clearing() -> None:
    frame = coverage.clearing(ask)
    if not len(frame):
        st.success("Nothing stands on a clearing account.")
        return
    _draw_documents(frame, columns.CLEARING, "clearing_items")


def _findings() -> None:
    frame = coverage.findings(ask)
    if not len(frame):
        st.success("No finding is open.")
        return
    st.caption("Click a check to see its findings.")
    clicked = drawing.clicked_row(frame, columns.FINDINGS, "data_quality")
    if clicked is not None:
        name = str(frame["check_name"].iloc[clicked])
        st.subheader(in_words(name).capitalize())
        own = coverage.findings_of(ask, name)
        _draw_documents(own, columns.FINDING, "findings")


def _changes() -> None:
    close = coverage.last_close(ask)
    if close:
        st.text(f"Closed up to {day(close.lock_date)}, on {instant(close.locked_at)}.")
        _draw_moved(close)
    else:
        st.info(
            "No month is closed yet, so these are the changes since the first import."
            " Close one with a decision of kind period_locks, as the README says."
        )
    summed = coverage.changes(ask, close)
    if not len(summed):
        st.success("No entry changed since.")
        return
    drawing.table(summed, columns.CHANGES, "changes")
    st.subheader("Entries that changed")
    frame = coverage.changed(ask, close)
    st.caption(OPEN_ONE)
    clicked = drawing.clicked_row(frame, columns.CHANGED, "changed_entries")
    if clicked is not None:
        leading.to_entry("accrual", str(frame["entry_id"].iloc[clicked]))


def _draw_moved(close: coverage.Close) -> None:
    moved = coverage.moved(ask, close)
    if not len(moved):
        st.success("Every balance of the closed months is what it was at the close.")
        return
    st.error(
        "Balances of closed months are not what they were. Restore the version log from"
        " a backup: docs/operating.md says how."
    )
    drawing.table(moved, columns.MOVED, "lock_balances")


def _categories() -> None:
    decided = coverage.decided(ask)
    if not len(decided):
        st.info("No line needs a category yet: no bill or invoice was loaded.")
        return
    lines = int(decided["lines"].sum())
    waiting = decided[decided["decided_by"] == coverage.WAITS]["lines"].sum()
    drawing.figures(
        {
            "Lines": count(lines),
            "With a category": share((lines - int(waiting)) / lines),
            "Wait for a person": count(int(waiting)),
        }
    )
    drawing.table(decided, columns.DECIDED, "categories")
    st.subheader("What people kept")
    st.caption("Of the categorizer's answers, by the month in which it gave them.")
    drawing.table(coverage.accuracy(ask), columns.ACCURACY, "category_accuracy")


def _draw_documents(frame: "pd.DataFrame", looks: dict[str, object], name: str) -> None:
    """Draw a table whose rows lead to their documents."""
    st.caption(OPEN_ONE)
    clicked = drawing.clicked_row(frame, looks, name)
    if clicked is not None:
        one = frame.iloc[clicked]
        leading.to_document(str(one["document_type"]), str(one["document_id"]))


VIEWS = {
    "Lists": _lists,
    "Not posted": _not_posted,
    "Against BILL": _against_bill,
    "Clearing": _clearing,
    "Findings": _findings,
    "Changes": _changes,
    "Categories": _categories,
}
