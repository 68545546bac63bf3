"""The door: who may see the app.

Here belongs: asking for the password, and refusing an open address without one. Not
here: how a password is kept and checked (password.py).
"""

import streamlit as st

from orchestration.app.server.launch import is_loopback
from orchestration.app.server.password import Password, Patience
from orchestration.settings import current_home

OPEN = "is_let_in"
TYPED = "app_password"


def is_open() -> bool:
    """Whether this visitor may see the app; draws what it takes where not."""
    password = Password(current_home())
    if not password.is_set():
        if is_loopback(str(st.get_option("server.address") or "")):
            return True
        st.error(
            "This address can be reached from other machines, and no password is set."
            " Stop the app, run bill-ledger app --set-password, and start it again."
        )
        return False
    if st.session_state.get(OPEN):
        return True
    _ask()
    return False


@st.cache_resource
def patience() -> Patience:
    """Return the one that counts wrong passwords, for every visitor of this app."""
    return Patience()


def _ask() -> None:
    _, middle, _ = st.columns([1, 2, 1])
    with middle, st.form("door"):
        st.subheader("bill-ledger")
        st.text_input(
            "Password", type="password", key=TYPED, autocomplete="current-password"
        )
        st.form_submit_button("Open", on_click=_try, type="primary")
        if "refusal" in st.session_state:
            st.error(st.session_state["refusal"])


def _try() -> None:
    """Look at what was typed and forget it."""
    given = str(st.session_state.pop(TYPED, ""))
    if patience().attempt(Password(current_home()), given):
        st.session_state[OPEN] = True
        st.session_state.pop("refusal", None)
        return
    st.session_state["refusal"] = (
        f"Not opened. Try again in {patience().wait() + 0.5:.0f} second(s)."
    )
