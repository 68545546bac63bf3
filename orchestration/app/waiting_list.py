"""What waits for the next sync: said on every page that decides.

Here belongs: how many decisions wait, when they count, starting the run, taking one
back. Not here: finding them (deciding.py), progress in detail (pages/connections.py).
"""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from orchestration.app import deciding, formats, picked
from orchestration.app.deciding import Waiting
from orchestration.app.published import ask
from orchestration.app.runs import runs
from orchestration.decision_kinds import KINDS
from orchestration.settings import ConnectionFolder, current_home
from orchestration.store import Store

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
LINES = """
select line_id, concat_ws(': ', party_name, description) as about
from category_predictions
where list_contains(cast(? as varchar[]), line_id)
"""
PARTIES = """
select party_id, display_name from parties
where list_contains(cast(? as varchar[]), party_id)
"""


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
            is_paused = Store(folder.store).state().state == "paused"
            st.button(
                "Sync now",
                icon=":material/sync:",
                key="sync_waiting",
                disabled=is_paused or runs().is_going_on(current_home(), name),
                help="Paused: resume it on page Connections." if is_paused else None,
                on_click=runs().start,
                args=(current_home(), name),
            )
        with st.expander("Show them"):
            _list(folder, waiting[:SHOWN])


def _list(folder: ConnectionFolder, waiting: Sequence[Waiting]) -> None:
    names = _names(folder, waiting)
    st.dataframe(
        pd.DataFrame(
            [_row(one, names) for one in waiting],
            columns=list(COLUMNS),
        ),
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
        help="Tick decisions first. Those about parties are changed by deciding"
        " otherwise.",
        on_click=_take_back,
        args=(folder, undoable),
    )


def _take_back(folder: ConnectionFolder, chosen: Sequence[Waiting]) -> None:
    for kind in {one.kind for one in chosen}:
        targets = [one.target for one in chosen if one.kind == kind]
        deciding.take_back(folder, kind, targets)


def _names(folder: ConnectionFolder, waiting: Sequence[Waiting]) -> dict[str, str]:
    """Return what lines and parties are called, by their ids."""
    lines = [one.body.get("line_id", "") for one in waiting]
    parties = [one.body.get("party_id", "") for one in waiting]
    known = [*ask(LINES, (lines,), folder=folder).to_numpy()]
    known += [*ask(PARTIES, (parties,), folder=folder).to_numpy()]
    return {str(key): str(name) for key, name in known}


def _about(one: Waiting, names: Mapping[str, str]) -> str:
    """Return what a decision is about: in words where the ledger knows them."""
    body = one.body
    if one.kind == "category_rules":
        party = names.get(body["party_id"], body["party_id"] or body["party_name"])
        return ", ".join(part for part in (party, body["text_contains"]) if part)
    return names.get(
        body.get("line_id", ""), " ".join(part for part in one.target if part)
    )


def _row(one: Waiting, names: Mapping[str, str]) -> dict[str, str]:
    body = one.body
    said = body.get("account_number") or body.get("action") or body.get("reason") or ""
    return {
        "what": WORDS[one.kind],
        "about": _about(one, names),
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
