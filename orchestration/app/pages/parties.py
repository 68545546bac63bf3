"""Parties & duplicates: what may be one and is kept as two, for a person to decide.

Here belongs: both lists, the pair at hand, the choices. Not here: the queries
(pairs.py), how suspicions arise (models, dbt_project).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from orchestration.app import deciding, formats, pairs, picked, waiting_list
from orchestration.settings import ConnectionFolder

ROUND = "pairs_round"
ROW_HEIGHT = 35
TIERS = {
    "exact": "Same party, amount and number",
    "near": "Same party and amount, nearly the same number",
    "amount_only": "Same party and amount within a week, no number on one side",
}
PARTY_COLUMNS = {
    "raw_name": formats.text_column("Name", width="medium"),
    "amount": formats.money_column("Billed"),
    "other_raw_name": formats.text_column("Other name", width="medium"),
    "other_amount": formats.money_column("Billed"),
    "why": formats.text_column("For and against", width="large"),
}
BILL_COLUMNS = {
    "party_name": formats.text_column("Party", width="medium"),
    "amount": formats.money_column("Amount"),
    "number": formats.text_column("Number"),
    "bill_date": formats.day_column("Date"),
    "status": formats.text_column("Paid"),
    "other_number": formats.text_column("Other number"),
    "other_date": formats.day_column("Date"),
    "other_status": formats.text_column("Paid"),
}


def show() -> None:
    """Draw the page."""
    folder = picked.folder()
    deciding.sign()
    st.title("Parties & duplicates")
    deciding.tell()
    waiting = deciding.waiting(folder)
    waiting_list.draw(folder, waiting)
    alike, twice = pairs.alike(folder, waiting), pairs.twice(folder, waiting)
    parties, bills = st.tabs(
        [f"Parties that look alike ({len(alike)})", f"Bills twice? ({len(twice)})"]
    )
    with parties:
        _list(folder, "parties", alike, PARTY_COLUMNS, _two_parties)
    with bills:
        _list(folder, "bills", twice, BILL_COLUMNS, _two_bills)


def _list(
    folder: ConnectionFolder,
    name: str,
    rows: Sequence[Mapping[str, Any]],
    columns: Mapping[str, Any],
    draw: Callable[[ConnectionFolder, Mapping[str, Any]], None],
) -> None:
    """Draw the pair at hand, the first unless another is ticked, and all of them."""
    if not rows:
        st.success(
            "Nothing here: no two of them look like one."
            if name == "parties"
            else "Nothing here: no bill looks like it came twice."
        )
        return
    key = f"pairs_{name}_{st.session_state.get(ROUND, 0)}"
    ticked = st.session_state.get(key)
    chosen = ticked["selection"]["rows"] if ticked else []
    at = chosen[0] if chosen and chosen[0] < len(rows) else 0
    draw(folder, rows[at])
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_order=list(columns),
        column_config=columns,
        height=min((len(rows) + 1) * ROW_HEIGHT + 3, 460),
        key=key,
        on_select="rerun",
        selection_mode="single-row",
    )


def _two_parties(folder: ConnectionFolder, pair: Mapping[str, Any]) -> None:
    with st.container(border=True):
        for place, prefix in zip(st.columns(2), ("", "other_"), strict=True):
            with place:
                name = formats.plain(pair[f"{prefix}raw_name"])
                st.subheader(name, anchor=False)
                entity = "source_entity" if not prefix else "other_entity"
                formats.facts(
                    (
                        (
                            str(pair[entity]).capitalize(),
                            pair[f"{prefix or 'source_'}id"],
                        ),
                        ("Documents", formats.count(pair[f"{prefix}documents"])),
                        ("Billed", formats.money(pair[f"{prefix}amount"]) or "0.00"),
                        ("Last", formats.day(pair[f"{prefix}last_date"]) or "never"),
                    )
                )
        st.caption(f"Their names: {formats.plain(pair['why'])}.")
        why = _why("party")
        with st.container(horizontal=True):
            for label, action in (("They are one", "merge"), ("They are two", "split")):
                st.button(
                    label,
                    shortcut="1" if action == "merge" else "2",
                    type="primary" if action == "merge" else "secondary",
                    on_click=_judge,
                    args=(folder, pair, action, why),
                )


def _judge(
    folder: ConnectionFolder, pair: Mapping[str, Any], action: str, why: str
) -> None:
    """Say that two records are one party, or two."""
    row = {
        "action": action,
        "source_entity": pair["other_entity"],
        "source_id": pair["other_id"],
        "into_entity": pair["source_entity"],
        "into_id": pair["source_id"],
        "note": why,
    }
    _say(folder, "party_overrides", row, "party")


def _two_bills(folder: ConnectionFolder, pair: Mapping[str, Any]) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            name = formats.plain(pair["party_name"])
            st.subheader(name, anchor=False, width="stretch")
            st.markdown(f"**{formats.money(pair['amount'])}** each", width="content")
        st.caption(TIERS.get(pair["tier"], pair["tier"]))
        why = _why("bill")
        for place, prefix in zip(st.columns(2), ("", "other_"), strict=True):
            with place:
                bill_id = pair[f"{prefix or 'bill_'}id"]
                number = pair[f"{prefix}number"] or "no number"
                formats.facts(
                    (
                        ("Number", number),
                        ("Date", formats.day(pair[f"{prefix or 'bill_'}date"])),
                        ("Paid", str(pair[f"{prefix}status"])),
                        ("Id in BILL", bill_id),
                    )
                )
                st.button(
                    f"Keep {formats.plain(number)} out",
                    key=f"exclude_{prefix or 'first'}",
                    help="It leaves the books from the next sync. This cannot be taken"
                    " back here.",
                    on_click=_exclude,
                    args=(folder, pair, prefix, why),
                )


def _exclude(
    folder: ConnectionFolder, pair: Mapping[str, Any], prefix: str, why: str
) -> None:
    """Keep one bill of a pair out of the books."""
    kept = pair["number" if prefix else "other_number"] or "the other"
    row = {
        "source_entity": "bill",
        "document_id": pair[f"{prefix or 'bill_'}id"],
        "reason": why or f"Duplicate of {kept}",
    }
    _say(folder, "exclusions", row, "bill")


def _why(name: str) -> str:
    return st.text_input("Why", placeholder="optional", key=f"why_{name}").strip()


def _say(
    folder: ConnectionFolder, kind: str, row: Mapping[str, str], name: str
) -> None:
    """Decide; then the next pair is at hand."""
    if deciding.say(folder, kind, [row]):
        st.session_state[f"why_{name}"] = ""
        st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
