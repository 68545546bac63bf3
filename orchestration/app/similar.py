"""The same for similar lines, past and to come: a rule, shown before it is kept.

Here belongs: the form of a rule made from a line, what it would move. Not here: what a
rule matches (rule_preview.py, dbt_project), single lines (pages/review.py).
"""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from orchestration.app import deciding, formats
from orchestration.app.published import ask
from orchestration.rule_preview import IN_ORDER, moved
from orchestration.settings import ConnectionFolder
from orchestration.store import instant_text

SHOWN = 100
OPEN = "rule_from"
"""The key of the line a rule is being made from."""
CHANGES = """
with
    moved as materialized ({moved}),

    totals as (
        select
            count(*) as lines,
            count(*) filter (where period = 'locked') as locked_lines,
            coalesce(sum(abs(amount)), 0) as total
        from moved
    ),

    shown as (from moved {in_order} limit {shown})

select *
from totals
left join shown on true
{in_order}
"""
COLUMNS = {
    "document_date": formats.day_column("Date"),
    "party_name": formats.text_column("Party"),
    "description": formats.text_column("Description"),
    "amount": formats.money_column("Amount"),
    "account_now": formats.text_column("Now"),
    "account_then": formats.text_column("Then"),
    "period": formats.text_column("Period"),
}


def draw(
    folder: ConnectionFolder, line: Mapping[str, Any], accounts: Mapping[str, str]
) -> None:
    """Draw the form and what the rule would change."""
    with st.container(border=True):
        st.markdown("**The same for similar lines, past and future**")
        rule = _rule(line, accounts)
        if rule is None:
            st.info("Say which lines: a party, or words of the description.")
        elif not rule["account_number"]:
            st.info("Choose the account.")
        else:
            _preview(folder, rule)
        with st.container(horizontal=True):
            st.button(
                "Keep the rule",
                type="primary",
                disabled=rule is None or not rule["account_number"],
                on_click=_keep,
                args=(folder, rule),
            )
            st.button("Cancel", on_click=_close)


def _rule(
    line: Mapping[str, Any], accounts: Mapping[str, str]
) -> dict[str, str] | None:
    """Draw the fields; return the rule they say, None where it would match all."""
    left, right = st.columns(2)
    party = str(line["party_name"] or "")
    of_party = left.checkbox(
        f"Party is {formats.plain(party)}", value=bool(party), disabled=not party
    )
    words = right.text_input(
        "Description contains",
        value="" if party else str(line["description"] or ""),
        placeholder="any words",
        key="rule_words",
    )
    numbers = list(accounts)
    suggested = line["suggestion_1"]
    account = left.selectbox(
        "Account",
        numbers,
        index=numbers.index(suggested) if suggested in accounts else None,
        format_func=lambda number: accounts[number],
        placeholder="Choose an account",
        key="rule_account",
    )
    note = right.text_input("Why", placeholder="optional", key="rule_note")
    if not of_party and not words.strip():
        return None
    is_bill = line["source_entity"] in {"bill", "vendor_credit"}
    return {
        "rule_id": f"app-{uuid.uuid4().hex[:10]}",
        "priority": "100",
        "party_id": str(line["party_id"]) if of_party else "",
        "text_contains": words.strip(),
        "direction": "ap" if is_bill else "ar",
        "account_number": account or "",
        "note": note.strip(),
    }


def _preview(folder: ConnectionFolder, rule: Mapping[str, str]) -> None:
    """Draw the lines that change, in open and in locked periods."""
    said = {
        "party_name": "",
        "min_amount": "",
        "max_amount": "",
        **rule,
        "rule_id": "this",
        "effective_at": instant_text(datetime(9999, 1, 1, tzinfo=UTC)),
    }
    query, values = moved(folder, [said])
    changes = CHANGES.format(moved=query, in_order=IN_ORDER, shown=SHOWN)
    rows = ask(changes, values, folder=folder)
    lines, locked = int(rows["lines"].iloc[0]), int(rows["locked_lines"].iloc[0])
    after = (
        f" {formats.count(locked, 'line')} in locked periods: there an entry in the"
        " open period makes up for it."
        if locked
        else ""
    )
    st.markdown(
        f"**{formats.count(lines, 'line')}** would change now"
        f" ({formats.money(rows['total'].iloc[0])}), and lines to come follow the rule."
        f"{after} What people decided line by line stays."
    )
    if lines:
        st.dataframe(
            rows,
            hide_index=True,
            column_order=list(COLUMNS),
            column_config=COLUMNS,
            height=min(38 + 35 * len(rows), 250),
        )
    if lines > SHOWN:
        st.caption(f"The first {SHOWN} are shown.")


def _keep(folder: ConnectionFolder, rule: Mapping[str, str] | None) -> None:
    if rule is not None and deciding.say(folder, "category_rules", [rule]):
        _close()


def _close() -> None:
    st.session_state.pop(OPEN, None)
