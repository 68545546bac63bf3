"""Controls whose choice stands in the page's address, so that a page can be sent.

Here belongs: setting a control from the address, and the address from a control. Not
here: the controls (choices.py), leading to another page (leading.py).

Streamlit can bind a control to the address, but then a click that leads to another page
may not say what is chosen there. A choice also stays when another page with the same
control is opened.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

T = TypeVar("T")
WRITTEN = "{key}_in_address"


def start(
    key: str,
    default: T,
    read: Callable[[Sequence[str]], T | None],
    say: Callable[[T], Sequence[str]] = lambda value: [str(value)],
) -> None:
    """Set a control before it is drawn: as the address says, else as it was.

    Args:
        key: The control's key, and the name of its part of the address.
        default: What is chosen where nobody chose.
        read: Makes a choice of an address's words; None where that cannot be.
        say: Makes words of a choice.
    """
    words = st.query_params.get_all(key)
    is_news = words != st.session_state.get(WRITTEN.format(key=key))
    value = read(words) if words and (is_news or key not in st.session_state) else None
    if value is None and st.session_state.get(key) is not None:
        value = read(said) if (said := say(st.session_state[key])) else None
    st.session_state[key] = default if value is None else value


def finish(key: str, words: Sequence[str], *, is_default: bool) -> None:
    """Write a control's choice into the address once it is drawn; no default."""
    said = [] if is_default else list(words)
    st.session_state[WRITTEN.format(key=key)] = said
    if said == st.query_params.get_all(key):
        return
    if said:
        st.query_params[key] = said
    else:
        del st.query_params[key]
