"""Connections: how each one is, syncing it, connecting another.

Here belongs: the table of connections, what can be done with the chosen one, live
progress. Not here: the form (connect_form.py), states and their moves (states.py).
"""

from typing import Any, Literal

import pandas as pd
import streamlit as st

from orchestration.app import connect_form, formats, picked
from orchestration.app.runs import dagster_link, runs
from orchestration.connections import Registry
from orchestration.failures import ExitStatus, LedgerError
from orchestration.firm import refresh_firm
from orchestration.settings import Home, current_home
from orchestration.showing import connection_row
from orchestration.states import SYNCING, States

COLORS: dict[str, Literal["green", "blue", "red", "gray", "orange"]] = {
    "connected": "green",
    SYNCING: "blue",
    "needs_reconnection": "red",
    "paused": "gray",
    "error": "orange",
}
NEXT = {
    "connected": "Nothing to do",
    SYNCING: "Wait for the sync to end",
    "needs_reconnection": "Connect again with a working token",
    "paused": "Resume",
    "error": "Read the cause, then sync",
}
COLUMNS = {
    "name": formats.text_column("Connection"),
    "state": formats.text_column("State"),
    "since": formats.text_column("Since"),
    "last_success": formats.text_column("Last good sync"),
    "next": formats.text_column("Next"),
    "cause": formats.text_column("Cause", width="large"),
}
ENDINGS = {
    ExitStatus.DONE: "The sync is done; the ledger shown is the new one.",
    ExitStatus.FAILED: "The sync failed; the ledger is as it was.",
    ExitStatus.BAD_INPUT: "The sync was refused.",
    ExitStatus.CREDENTIAL_REFUSED: "BILL refused the credential: connect again below.",
    ExitStatus.NOT_PUBLISHED: (
        "A check of the ledger failed, so nothing new was published."
    ),
}


def show() -> None:
    """Draw the page."""
    st.title("Connections")
    home = current_home()
    names = Registry(home).names()
    if not names:
        st.info("No BILL account is connected yet. Connect the first one here.")
        connect_form.draw(home)
        return
    rows = [_row(home, name) for name in names]
    if len(rows) > 1:
        _table(rows)
    name = picked.connection()
    _chosen(home, rows[names.index(name)])
    is_refused = rows[names.index(name)]["state"] == "needs_reconnection"
    if is_refused:
        connect_form.expect(name, rows[names.index(name)]["organization_id"])
    with st.expander(
        "Connect another BILL account, or give one a new token",
        icon=":material/add_link:",
        expanded=is_refused,
    ):
        connect_form.draw(home)


def _row(home: Home, name: str) -> dict[str, Any]:
    row = connection_row(home, name)
    if runs().is_going_on(home, name):
        row["state"] = SYNCING
    return {
        **row,
        "next": NEXT[row["state"]],
        "since": formats.instant(row["since"]),
        "last_success": formats.instant(row["last_success"]) or "never",
    }


def _table(rows: list[dict[str, Any]]) -> None:
    st.dataframe(
        pd.DataFrame(rows, columns=list(COLUMNS)),
        hide_index=True,
        column_config=COLUMNS,
        key="connections",
        on_select=_pick,
        selection_mode="single-row",
    )
    st.caption("Choose a row, or the connection beside the page.")


def _pick() -> None:
    rows = st.session_state["connections"]["selection"]["rows"]
    names = Registry(current_home()).names()
    if rows and rows[0] < len(names):
        st.session_state[picked.KEY] = names[rows[0]]


def _chosen(home: Home, row: dict[str, Any]) -> None:
    """Draw the chosen connection and what can be done with it."""
    name, state = row["name"], row["state"]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(formats.plain(name), anchor=False, width="content")
            st.badge(formats.word(state), color=COLORS[state])
        said = (
            ("Organization", row["organization_id"] or "-"),
            ("In this state since", row["since"] or "-"),
            ("Last good sync", row["last_success"]),
            ("Next", row["next"]),
        )
        formats.facts(said)
        if row["cause"] and state != SYNCING:
            st.warning(formats.plain(row["cause"]), icon=":material/info:")
        _actions(name, state)
        _progress(home, name)


def _actions(name: str, state: str) -> None:
    is_paused, is_busy = state == "paused", state == SYNCING
    with st.container(horizontal=True):
        if not is_paused:
            st.button(
                "Sync now",
                icon=":material/sync:",
                type="primary",
                disabled=is_busy,
                on_click=_sync,
                args=(name,),
            )
            st.button(
                "Full re-sync",
                help="Reads the whole history of BILL again and compares every list."
                " Decisions stay.",
                disabled=is_busy,
                on_click=_sync,
                args=(name,),
                kwargs={"full": True},
            )
            st.button("Pause", on_click=_move, args=(name, "paused"))
        else:
            st.button("Resume", type="primary", on_click=_move, args=(name, "resumed"))


def _sync(name: str, *, full: bool = False) -> None:
    runs().start(current_home(), name, full=full)


def _move(name: str, event: str) -> None:
    """Pause or resume, as the command line does."""
    home = current_home()
    cause = "paused by a person" if event == "paused" else ""
    try:
        States(home.connection(name).store).move(event, cause)
    except LedgerError as error:
        st.error(formats.plain(error))
    refresh_firm(home)


def _progress(home: Home, name: str) -> None:
    """Draw what the sync says: live while it runs, then how it ended."""
    if runs().is_going_on(home, name):
        _live(name)
        return
    ending = runs().ending(name)
    if ending is None:
        return
    said = st.success if ending is ExitStatus.DONE else st.error
    said(ENDINGS[ending])
    with st.expander("What it said"):
        st.code("\n".join(runs().words(home, name)), language=None)


@st.fragment(run_every=1.0)
def _live(name: str) -> None:
    home = current_home()
    if not runs().is_going_on(home, name):
        st.rerun()
    words = runs().words(home, name)
    place = st.status("A sync is going on. You can leave this page.", expanded=True)
    place.code("\n".join(words) or "Starting", language=None)
    link = dagster_link(name)
    if link:
        st.link_button("Its run in the Dagster UI", link, icon=":material/open_in_new:")
