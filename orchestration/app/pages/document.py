"""One entry and the document it comes from, whole.

Here belongs: this page; the address says which entry or document. Not here: the
questions (books/documents.py).
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from orchestration.app import choices, drawing, leading
from orchestration.app.books import documents
from orchestration.app.books.documents import Document
from orchestration.app.formats import (
    day,
    day_column,
    in_words,
    money,
    money_column,
    plain,
    text_column,
)
from orchestration.app.published import ask

WHICH = "Open this page from a line: click one in Account lines or Aging."
LINES = {
    "description": text_column("Description", width=300),
    "account_number": text_column("Account", width=80),
    "account_name": text_column("", width=220),
    "amount": money_column("Amount"),
    "currency": text_column("Currency", width=80),
    "decided_by": text_column("Decided by", width=110),
    "explanation": text_column("Why", width=320),
}
APPLICATIONS = {
    "date": day_column("Date", width=95),
    "kind": text_column("What", width=130),
    "document_type": text_column("Document", width=130),
    "number": text_column("Number", width=150),
    "amount_home": money_column("Amount"),
}
ENTRIES = {
    "entry_date": day_column("Date", width=95),
    "entry_type": text_column("Type", width=130),
    "source_number": text_column("Number", width=150),
    "memo": text_column("Memo", width=260),
    "total": money_column("Total"),
    "reason": text_column("Reason", width=160),
}
ENTRY_LINES = {
    "account_number": text_column("Account", width=80),
    "account_name": text_column("", width=220),
    "party_name": text_column("Party", width=220),
    "description": text_column("Description", width=280),
    "debit": money_column("Debit"),
    "credit": money_column("Credit"),
}


def show() -> None:
    """Draw the page."""
    leading.draw_way_back()
    entry_id, document = _asked_for()
    entry = documents.entry(ask, entry_id) if entry_id else {}
    document = document or documents.source_of(entry)
    facts = document.facts(ask) if document else {}
    if not facts and not entry:
        st.title("Document")
        st.info(WHICH)
        return
    _draw_head(facts or entry, document if facts else None)
    if document and facts:
        _draw_document(document)
    if entry:
        _draw_entry(entry)
    elif document:
        st.caption("Click an entry to see its lines.")


def _asked_for() -> tuple[str, Document | None]:
    """Return what the address names: an entry, a document, or neither."""
    asked = st.query_params
    kind, number = str(asked.get("kind", "")), str(asked.get("id", ""))
    document = Document(kind, number) if kind in documents.KINDS and number else None
    return str(asked.get("entry", "")), document


def _draw_head(facts: Mapping[str, Any], document: Document | None) -> None:
    kind = document.kind if document else facts["entry_type"]
    is_money = kind in {"payment", "receipt"}
    number = facts.get("number") or facts.get("source_number") or ""
    st.title(plain(f"{in_words(kind).capitalize()} {number}"))
    st.text(facts["party_name"] or "No party")
    shown = {
        "Date": day(facts.get("date") or facts.get("entry_date")),
        "Due": day(facts.get("due_date")),
        f"Amount, {facts['currency']}": money(facts.get("amount") or facts["total"]),
        "Amount in the books": money(facts.get("amount_home")),
        "Open": money(facts.get("open_home")),
        "Status": in_words(facts.get("status")).lower(),
        "Method" if is_money else "Approval": in_words(facts.get("approval")).lower(),
        "Not posted": in_words(facts.get("not_posted_reason")),
        "Flags": in_words(", ".join(facts.get("flags", ()))),
    }
    drawing.facts(shown)


def _draw_document(document: Document) -> None:
    lines = document.lines(ask)
    if len(lines):
        st.subheader("Lines")
        drawing.table(lines, LINES, "document_lines")
    applied = document.applications(ask)
    if len(applied):
        st.subheader("Payments, credits and what they settle")
        clicked = drawing.clicked_row(applied, APPLICATIONS, "applications")
        if clicked is not None:
            other = applied.iloc[clicked]
            leading.to_document(other["document_type"], other["document_id"])
    entries = document.entries(ask)
    st.subheader("Journal entries")
    if not len(entries):
        st.info("No entry was made for it.")
        return
    clicked = drawing.clicked_row(entries, ENTRIES, "entries")
    if clicked is not None:
        leading.to_entry_of(document, str(entries["entry_id"].iloc[clicked]))


def _draw_entry(entry: Mapping[str, Any]) -> None:
    st.subheader(f"Entry of {day(entry['entry_date'])}")
    basis = choices.basis()
    facts = {
        "Type": in_words(entry["entry_type"]),
        "Total": money(entry["total"]),
        "Memo": entry["memo"],
        "Reason": in_words(entry["reason"]),
        "Adjusts": day(entry["adjusts_period"]),
        "Content": f"revision {entry['revision']}",
        "Period": "locked" if entry["is_locked"] else "open",
    }
    drawing.facts(facts)
    lines = documents.entry_lines(ask, entry["entry_id"], basis)
    if len(lines):
        drawing.table(lines, ENTRY_LINES, "entry_lines")
    else:
        st.info(f"This entry has no line in the {basis} book.")
