"""Parties & duplicates: what may be one and is kept as two.

Here belongs: suggestions about parties. Not here: how they are found (models).
"""

import streamlit as st

from orchestration.app.published import ask


def show() -> None:
    """Draw the page."""
    st.title("Parties & duplicates")
    st.dataframe(ask("select * from party_suggestions"), hide_index=True)
