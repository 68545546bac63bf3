"""What the pages about the books let a person choose: book, months, days.

Here belongs: those controls; the address keeps each choice, so that it can be sent.
Not here: the connection (picked.py), what is asked with it (books/).
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import streamlit as st

from orchestration.app.books import statements
from orchestration.app.published import ask
from orchestration.books import BASES, Basis

MONTH_FORMAT = "%b %Y"
SHOWN_MONTHS = 6
"""Months shown before anybody chooses: so many fit beside the accounts."""
NARROW = 150
NO_ENTRIES = (
    "The books are empty: no document has been posted. Coverage says what was loaded,"
    " and why it is not posted."
)


class Months(NamedTuple):
    """A range of months by their first days, and each of them."""

    first: date
    last: date
    every: Sequence[date]


def row() -> Any:
    """Return a place where controls stand side by side, on phones in rows."""
    return st.container(horizontal=True, vertical_alignment="bottom")


def basis() -> Basis:
    """Draw the choice of a book."""
    return st.segmented_control(
        "Book",
        BASES,
        default=BASES[0],
        format_func=str.capitalize,
        required=True,
        key="basis",
        bind="query-params",
    )


def months() -> Months:
    """Draw the choice of a range of months; end the page where the books have none."""
    known = statements.months(ask)
    if not known:
        st.info(NO_ENTRIES)
        st.stop()
    labels = [f"{month:{MONTH_FORMAT}}" for month in known]
    first = _month("From", labels, max(len(labels) - SHOWN_MONTHS, 0), "from")
    last = _month("To", labels, len(labels) - 1, "to")
    lower, upper = sorted((first, last))
    return Months(known[lower], known[upper], known[lower : upper + 1])


def day(label: str, default: date, key: str) -> date:
    """Draw the choice of a day."""
    return st.date_input(
        label,
        default,
        format="YYYY-MM-DD",
        key=key,
        bind="query-params",
        required=True,
        width=NARROW,
    )


def words(label: str) -> str:
    """Draw a field to search with."""
    typed = st.text_input(
        label, key="words", bind="query-params", icon=":material/search:", width=260
    )
    return str(typed or "")


def _month(label: str, labels: Sequence[str], default: int, key: str) -> int:
    chosen = st.selectbox(
        label, labels, index=default, key=key, bind="query-params", width=NARROW
    )
    return labels.index(chosen)
