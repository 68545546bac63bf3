"""What waits for the next sync: said on every page that decides.

Here belongs: how many decisions wait, when they count, starting the run, taking one
back. Not here: finding them (deciding.py), progress in detail (pages/connections.py).
"""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from orchestration.app import deciding, formats, picked
from orchestration.app.deciding import Waiting
from orchestration.app.runs import runs
from orchestration.decision_kinds import KINDS
from orchestration.settings import ConnectionFolder, current_home

WORDS = {
    "category_overrides": "Account of a line",
    "category_rules": "Rule",
    "party_overrides": "Party",
    "exclusions": "Kept out",
}
COLUMNS = {
    "what": formats.text_column("Decision"),
    "about": formats.text_column("About"),
    "says": formats.text_column("Says"),
    "why": formats.text_column("Why"),
    "who": formats.text_column("Who"),
    "when": formats.text_column("When"),
}
SHOWN = 500


def draw(folder: ConnectionFolder, waiting: Sequence[Waiting]) -> None:
    """Draw it; nothing where nothing waits and nothing runs."""
    name = picked.connection()
    if runs().is_going_on(current_home(), name):
        _running(name)
    if not waiting:
        return
    count = formats.count(len(waiting), "decision")
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f":material/schedule: **{count}** for the next sync: until then the"
                " books are as published.",
                width="stretch",
            )
            st.button(
                "Sync now",
                icon=":material/sync:",
                key="sync_waiting",
                disabled=runs().is_going_on(current_home(), name),
                on_click=runs().start,
                args=(current_home(), name),
            )
        with st.expander("Show them"):
            _list(folder, waiting[:SHOWN])


def _list(folder: ConnectionFolder, waiting: Sequence[Waiting]) -> None:
    st.dataframe(
        pd.DataFrame([_row(one) for one in waiting], columns=list(COLUMNS)),
        hide_index=True,
        column_config=COLUMNS,
        key="waiting",
        on_select="rerun",
        selection_mode="multi-row",
    )
    chosen = st.session_state["waiting"]["selection"]["rows"]
    picked_ones = [waiting[row] for row in chosen if row < len(waiting)]
    undoable = [one for one in picked_ones if one.can_be_undone]
    st.button(
        "Take back the chosen",
        icon=":material/undo:",
        disabled=not undoable,
        help="Tick decisions first. Those about parties and exclusions are changed by"
        " deciding otherwise.",
        on_click=_take_back,
        args=(folder, undoable),
    )


def _take_back(folder: ConnectionFolder, chosen: Sequence[Waiting]) -> None:
    for kind in {one.kind for one in chosen}:
        targets = [one.target for one in chosen if one.kind == kind]
        deciding.take_back(folder, kind, targets)


def _row(one: Waiting) -> dict[str, str]:
    body = one.body
    said = body.get("account_number") or body.get("action") or body.get("reason") or ""
    return {
        "what": WORDS[one.kind],
        "about": " ".join(part for part in one.target if part),
        "says": "taken back" if one.is_undo else said,
        "why": body.get("note", ""),
        "who": body.get("decided_by", ""),
        "when": formats.instant(body[KINDS[one.kind].moment]),
    }


@st.fragment(run_every=2.0)
def _running(name: str) -> None:
    home = current_home()
    if not runs().is_going_on(home, name):
        st.rerun()
    words = runs().words(home, name)
    last = words[-1] if words else "A sync is going on"
    st.info(formats.plain(last), icon=":material/sync:")
