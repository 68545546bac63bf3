"""What the pages about the books let a person choose: book, months, days.

Here belongs: those controls. Not here: how
an address keeps them (address.py), the connection (picked.py), questions (books/).
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

import streamlit as st

from orchestration.app import address
from orchestration.app.books import statements
from orchestration.app.leading import MONTH_FORMAT
from orchestration.app.published import ask
from orchestration.books import BASES, Basis

T = TypeVar("T", bound=str)
SHOWN_MONTHS = 6
"""Months shown before anybody chooses: so many fit beside the accounts."""
NARROW = 125
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
    return one_of("Book", BASES, "basis", str.capitalize)


def one_of(
    label: str, options: Sequence[T], key: str, shown: Callable[[T], str] = str
) -> T:
    """Draw the choice of one among a few; the first is the default."""
    by_word = {str(option): option for option in options}
    address.start(key, options[0], lambda words: by_word.get(words[0]))
    chosen = st.segmented_control(
        label, options, format_func=shown, required=True, key=key
    )
    address.finish(key, [str(chosen)], is_default=chosen == options[0])
    return chosen or options[0]


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
    address.start(key, default, _day)
    chosen = st.date_input(label, format="YYYY-MM-DD", key=key, width=NARROW)
    address.finish(key, [str(chosen)], is_default=chosen == default)
    return chosen


def words(label: str, key: str) -> str:
    """Draw a field to search with."""
    address.start(key, "", lambda words: words[0])
    typed = st.text_input(label, key=key, icon=":material/search:", width=260)
    address.finish(key, [typed], is_default=not typed)
    return typed


def several(label: str, options: Sequence[str], key: str) -> list[str]:
    """Draw the choice of any number of options."""
    none: list[str] = []
    address.start(key, none, lambda words: [w for w in words if w in options], list)
    chosen = st.multiselect(label, options, key=key)
    address.finish(key, chosen, is_default=not chosen)
    return chosen


def page(pages: int, of: object) -> int:
    """Draw the choice of a page; of other rows than before it is the first."""
    if st.session_state.get("pages_of", of) != of:
        st.session_state["page"] = 1
    st.session_state["pages_of"] = of
    address.start("page", 1, lambda words: _number(words, pages))
    chosen = st.pagination(pages, key="page")
    address.finish("page", [str(chosen)], is_default=chosen == 1)
    return chosen


def _month(label: str, labels: Sequence[str], default: int, key: str) -> int:
    usual = labels[default]
    address.start(key, usual, lambda words: words[0] if words[0] in labels else None)
    chosen = st.selectbox(label, labels, key=key, width=NARROW)
    address.finish(key, [chosen], is_default=chosen == usual)
    return labels.index(chosen)


def _day(words: Sequence[str]) -> date | None:
    try:
        return date.fromisoformat(words[0])
    except ValueError:
        return None


def _number(words: Sequence[str], most: int) -> int | None:
    number = int(words[0]) if words[0].isdecimal() else 0
    return number if 1 <= number <= most else None
