"""Review: the lines most worth a person's look, by money at risk.

Here belongs: the line at hand with its reasons and choices, the queue below it. Not
here: the queue's queries (queue.py), rules (similar.py), what waits (waiting_list.py).
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from orchestration.app import (
    deciding,
    downloads,
    formats,
    picked,
    similar,
    waiting_list,
)
from orchestration.app.published import records
from orchestration.app.queue import (
    KEY,
    PAGE,
    REASONS,
    Queue,
    Wanted,
    accounts,
    decided_before,
)
from orchestration.settings import ConnectionFolder

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "party_name": formats.text_column("Party", width="medium"),
    "description": formats.text_column("Description", width="medium"),
    "amount": formats.money_column("Amount"),
    "document_date": formats.day_column("Date"),
    "suggestion_1": formats.text_column("Suggested"),
    "confidence": formats.share_column("Sure"),
    "account_number": formats.text_column("Now on"),
    "review_reason": formats.text_column("Why it is here"),
    "money_at_risk": formats.money_column("At risk"),
}
SKIPPED = "review_skipped"
TABLE = "review_table"
ROW_HEIGHT = 35


def show() -> None:
    """Draw the page."""
    folder = picked.folder()
    deciding.sign()
    st.title("Review")
    deciding.tell()
    waiting = deciding.waiting(folder)
    waiting_list.draw(folder, waiting)
    known = accounts(folder)
    queue = Queue(folder, waiting, _wanted(known))
    size, at_risk = queue.size()
    if not size:
        _nothing_left(queue.wanted)
        return
    pages = -(-size // PAGE)
    number = min(int(st.session_state.get("review_page", 1)), pages)
    lines = queue.page(number)
    chosen = [row for row in _chosen() if row < len(lines)]
    if len(chosen) > 1:
        _many(folder, lines.iloc[chosen], known)
    else:
        at = chosen[0] if chosen else st.session_state.get(SKIPPED, 0) % len(lines)
        place = (number - 1) * PAGE + at + 1
        _one(folder, records(lines)[at], known, f"{place:,} of {size:,}")
    st.caption(
        f"{formats.count(size, 'line')}, {formats.money(at_risk)} at risk. Tick lines"
        " to look at one, or to decide many at once."
    )
    _table(lines, known)
    with st.container(horizontal=True, vertical_alignment="center"):
        if pages > 1:
            st.pagination(pages, key="review_page", on_change=_start_anew)
        _all_of_them(folder, queue)
        downloads.offer(lines, "review")


def _wanted(known: Mapping[str, str]) -> Wanted:
    """Draw search and filters; return what they say."""
    search, why, now = st.columns([2, 1, 1])
    return Wanted(
        search.text_input(
            "Search",
            key="review_search",
            placeholder="Party, words, document id",
            on_change=_start_anew,
        ),
        why.selectbox(
            "Why it is here",
            ["", *REASONS],
            format_func=lambda reason: REASONS.get(reason, "Any reason"),
            key="review_reason",
            on_change=_start_anew,
        ),
        now.selectbox(
            "Now on",
            ["", "6999", "4999", *known],
            format_func=lambda number: _named(number, known) or "Any account",
            key="review_account",
            on_change=_start_anew,
        ),
    )


def _named(number: str, known: Mapping[str, str]) -> str:
    suspense = {
        "6999": "6999 Uncategorized expense",
        "4999": "4999 Uncategorized income",
    }
    return known.get(number) or suspense.get(number, number)


def _start_anew() -> None:
    """Begin at the first line of what is shown now, with nothing ticked."""
    st.session_state[SKIPPED] = 0
    _untick()


def _untick() -> None:
    st.session_state["review_round"] = st.session_state.get("review_round", 0) + 1


def _key() -> str:
    """Return the table's key: a new one has no row ticked."""
    return f"{TABLE}_{st.session_state.get('review_round', 0)}"


def _chosen() -> list[int]:
    state = st.session_state.get(_key())
    return sorted(state["selection"]["rows"]) if state else []


def _nothing_left(wanted: Wanted) -> None:
    if wanted == Wanted():
        st.success("Nothing to review: every line has a confident category.")
        return
    st.info("No line of the queue is like that.")
    st.button("Show all lines", on_click=_show_all)


def _show_all() -> None:
    for name in ("search", "reason", "account"):
        st.session_state[f"review_{name}"] = ""
    _start_anew()


def _one(
    folder: ConnectionFolder, line: dict[str, Any], known: Mapping[str, str], place: str
) -> None:
    """Draw the line at hand and what can be done with it."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            name = formats.plain(line["party_name"] or "Nobody")
            st.subheader(name, anchor=False, width="stretch")
            st.caption(place, width="content")
        st.text(line["description"] or "No description")
        facts = (
            ("Amount", formats.money(line["amount"])),
            ("Date", formats.day(line["document_date"])),
            ("Now on", f"{line['account_number']} {line['account_name']}"),
            ("Document", f"{line['source_entity']} {line['document_id']}"),
        )
        formats.facts(facts)
        _reasons(folder, line)
        _choices(folder, line, known)
    if st.session_state.get(similar.OPEN) == tuple(line[part] for part in KEY):
        similar.draw(folder, line, known)


def _reasons(folder: ConnectionFolder, line: Mapping[str, Any]) -> None:
    """Draw why the line is here, what the suggestion rests on, what came before."""
    why = REASONS.get(line["review_reason"], line["review_reason"])
    st.caption(f"**{why}.** {formats.plain(line['explanation'])}")
    for past in records(decided_before(folder, line["party_id"])):
        by = "People" if past["category_source"] == "user" else "A rule"
        account = formats.plain(f"{past['account_number']} {past['account_name']}")
        st.caption(
            f"{by} put {formats.count(past['lines'], 'line')} of this party on"
            f" {account}, last on {formats.day(past['last_date'])}."
        )


def _choices(
    folder: ConnectionFolder, line: dict[str, Any], known: Mapping[str, str]
) -> None:
    with st.container(horizontal=True):
        for number, account in enumerate(_suggestions(line, known), start=1):
            sure = f" · {formats.share(line['confidence'])}" if number == 1 else ""
            st.button(
                f"{known[account]}{sure}",
                key=f"suggestion_{number}",
                shortcut=str(number),
                type="primary" if number == 1 else "secondary",
                on_click=_decide,
                args=(folder, [line], account),
            )
    _other(folder, [line], known, "Book it")
    with st.container(horizontal=True):
        st.button("Skip", shortcut="S", on_click=_skip, icon=":material/skip_next:")
        st.button(
            "Undo my last",
            shortcut="U",
            icon=":material/undo:",
            disabled=not deciding.can_undo(folder),
            on_click=deciding.undo_last,
        )
        st.button(
            "Apply to similar",
            shortcut="A",
            icon=":material/content_copy:",
            on_click=_open_rule,
            args=(line,),
        )


def _suggestions(line: Mapping[str, Any], known: Mapping[str, str]) -> list[str]:
    said = [line[f"suggestion_{number}"] for number in (1, 2, 3)]
    return [account for account in dict.fromkeys(said) if account in known]


def _other(
    folder: ConnectionFolder,
    lines: Sequence[Mapping[str, Any]],
    known: Mapping[str, str],
    label: str,
) -> None:
    """Draw the choice of any account, and why."""
    account, why, use = st.columns([3, 3, 2], vertical_alignment="bottom")
    chosen = account.selectbox(
        "Another account",
        list(known),
        index=None,
        format_func=lambda number: known[number],
        placeholder="Type a number or a name",
        key="other_account",
    )
    why.text_input("Why", placeholder="optional, kept with the decision", key="note")
    use.button(
        label,
        disabled=chosen is None,
        shortcut="Ctrl+Enter",
        width="stretch",
        on_click=_decide,
        args=(folder, lines, chosen),
    )


def _decide(
    folder: ConnectionFolder, lines: Sequence[Mapping[str, Any]], account: str | None
) -> None:
    """Book lines on an account; each on its own suggestion where none is given."""
    note = str(st.session_state.get("note") or "").strip()
    rows = [
        {name: str(line[name]) for name in KEY}
        | {"account_number": str(account or line["suggestion_1"]), "note": note}
        for line in lines
    ]
    if deciding.say(folder, "category_overrides", rows):
        st.session_state["note"] = ""
        st.session_state["other_account"] = None
        _untick()


def _skip() -> None:
    st.session_state[SKIPPED] = st.session_state.get(SKIPPED, 0) + 1
    _untick()


def _open_rule(line: Mapping[str, Any]) -> None:
    st.session_state[similar.OPEN] = tuple(line[part] for part in KEY)


def _many(
    folder: ConnectionFolder, lines: "pd.DataFrame", known: Mapping[str, str]
) -> None:
    """Draw what can be done with several lines at once."""
    with st.container(border=True):
        total = formats.money(sum(lines["amount"]))
        st.subheader(f"{len(lines)} lines chosen, {total}", anchor=False)
        rows = records(lines)
        suggested = [row for row in rows if row["suggestion_1"] in known]
        st.button(
            f"Accept the suggestion of {formats.count(len(suggested), 'line')}",
            type="primary",
            shortcut="1",
            disabled=not suggested,
            on_click=_decide,
            args=(folder, suggested, None),
        )
        _other(folder, rows, known, f"Book all {len(rows)}")


def _table(lines: "pd.DataFrame", known: Mapping[str, str]) -> None:
    shown = lines.assign(
        suggestion_1=[known.get(number, "") for number in lines["suggestion_1"]],
        account_number=[_named(number, known) for number in lines["account_number"]],
        review_reason=[REASONS.get(why, why) for why in lines["review_reason"]],
        confidence=[share and round(share, 2) for share in lines["confidence"]],
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


def _all_of_them(folder: ConnectionFolder, queue: Queue) -> None:
    """Draw the way to accept every suggestion that the filter leaves."""
    with st.popover("Accept all", icon=":material/done_all:"):
        lines = queue.suggested()
        count = formats.count(len(lines), "line")
        st.write(
            f"Puts {count} on what is suggested for each, not only on this page. Filter"
            " first, and look through them."
        )
        st.button(
            f"Accept {count}",
            type="primary",
            disabled=lines.empty,
            on_click=_decide,
            args=(folder, records(lines), None),
        )
