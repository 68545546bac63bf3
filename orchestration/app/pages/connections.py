"""Connections: how each one is.

Here belongs: the table of connections. Not here: states (states.py).
"""

import streamlit as st

from orchestration.connections import Registry
from orchestration.settings import current_home
from orchestration.showing import connection_row


def show() -> None:
    """Draw the page."""
    st.title("Connections")
    home = current_home()
    st.dataframe([connection_row(home, name) for name in Registry(home).names()])
