"""Whose books are shown: the connection that is chosen beside every page.

Here belongs: the choice, which the address keeps (`?connection=acme`), and the folder
it stands for. Not here: connections (connections.py), reading (published.py).
"""

import streamlit as st

from orchestration.connections import Registry
from orchestration.settings import ConnectionFolder, current_home

KEY = "connection"
"""The choice's name in the session and in the address."""


def choose() -> None:
    """Draw the choice beside the page; nothing where there is nothing to choose."""
    names = Registry(current_home()).names()
    if names:
        if st.session_state.get(KEY, names[0]) not in names:
            del st.session_state[KEY]  # it was disconnected meanwhile
        st.sidebar.selectbox("Connection", names, key=KEY, bind="query-params")


def connection() -> str:
    """Return the chosen connection's name, empty where there is none."""
    names = Registry(current_home()).names()
    chosen = str(st.session_state.get(KEY, ""))
    return chosen if chosen in names else next(iter(names), "")


def folder() -> ConnectionFolder:
    """Return the chosen connection's folder; end the page where there is nothing yet.

    Said instead of an empty page: what has to happen first.
    """
    name = connection()
    if not name:
        _end("There is no connection yet.", "Connect BILL")
    place = current_home().connection(name)
    if not place.ledger.exists():
        _end("This connection has no ledger yet: sync it first.", "Go to Connections")
    return place


def _end(why: str, then: str) -> None:
    from orchestration.app.contents import PAGES, registered

    st.info(why)
    first = registered()[PAGES[0].section][0]
    st.page_link(first, label=then, icon=first.icon)
    st.stop()
