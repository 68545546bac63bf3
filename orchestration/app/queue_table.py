"""The review queue as a table whose rows can be ticked.

Here belongs: its columns, how codes and numbers are named in it, which rows are ticked.
Not here: which lines are in it (queue.py), what is done with them (pages/review.py).
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from orchestration.app import formats
from orchestration.app.queue import REASONS

if TYPE_CHECKING:
    import pandas as pd

TABLE = "review_table"
ROUND = "review_round"
ROW_HEIGHT = 35
COLUMNS = {
    "party_name": formats.text_column("Party", width="medium"),
    "description": formats.text_column("Description", width="medium"),
    "amount": formats.money_column("Amount"),
    "document_date": formats.day_column("Date"),
    "suggestion_1": formats.text_column("Suggested", width="medium"),
    "confidence": formats.share_column("Sure"),
    "account_number": formats.text_column("Now on"),
    "review_reason": formats.text_column("Why it is here"),
    "money_at_risk": formats.money_column("At risk"),
}


def draw(lines: "pd.DataFrame", known: Mapping[str, str]) -> None:
    """Draw a page of the queue."""
    sure: list[Any] = [
        round(share, 2) if account in known and share is not None else None
        for account, share in zip(
            lines["suggestion_1"], lines["confidence"], strict=True
        )
    ]
    shown = lines.assign(
        suggestion_1=[known.get(number, "") for number in lines["suggestion_1"]],
        account_number=[named(number, known) for number in lines["account_number"]],
        review_reason=[REASONS.get(why, why) for why in lines["review_reason"]],
        confidence=sure,
    )
    st.dataframe(
        shown,
        hide_index=True,
        column_order=list(COLUMNS),
        column_config=COLUMNS,
        height=min((len(shown) + 1) * ROW_HEIGHT + 3, 460),
        key=_key(),
        on_select="rerun",
        selection_mode="multi-row",
    )


def untick() -> None:
    """Let the table begin anew, with no row ticked."""
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def _key() -> str:
    """Return the table's key: a new one has no row ticked."""
    return f"{TABLE}_{st.session_state.get('review_round', 0)}"


def ticked() -> list[int]:
    """Return the places of the ticked rows, the first being 0."""
    state = st.session_state.get(_key())
    return sorted(state["selection"]["rows"]) if state else []


def named(number: str, known: Mapping[str, str]) -> str:
    """Return an account by number and name, those nobody chooses too."""
    suspense = {
        "6999": "6999 Uncategorized expense",
        "4999": "4999 Uncategorized income",
    }
    return known.get(number) or suspense.get(number, number)
