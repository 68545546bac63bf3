"""Deciding from a page: who says so, saying it, taking it back, what still waits.

Here belongs: decisions as pages make them, through the same functions as the command
line. Not here: what a valid decision is (decision_kinds.py), pages.
"""

import getpass
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from orchestration.app.published import ask
from orchestration.decision_kinds import KINDS
from orchestration.decisions import decide, holding, in_order, withdraw
from orchestration.failures import UsageError
from orchestration.settings import ConnectionFolder
from orchestration.store import Store, instant_from, instant_text

SIGNER = "signed_by"
SAID = "what_was_said"
LAST = "last_decisions"
HERE = ("category_overrides", "category_rules", "party_overrides", "exclusions")
"""The kinds that pages make."""


@dataclass(frozen=True)
class Waiting:
    """A decision that counts from the next sync."""

    kind: str
    target: tuple[str, ...]
    body: Mapping[str, str]

    @property
    def is_undo(self) -> bool:
        """Whether it takes back what the published ledger follows."""
        return self.body.get("withdrawn") == "true"

    @property
    def can_be_undone(self) -> bool:
        """Whether it can be taken back before it counts."""
        return not self.is_undo and "withdrawn" in KINDS[self.kind].header


def sign() -> None:
    """Draw who decides, beside the page; kept while the page is open anywhere."""
    st.session_state.setdefault(SIGNER, _user())
    st.sidebar.text_input(
        "Sign decisions as", key=SIGNER, persist_state="session", max_chars=60
    )


def say(folder: ConnectionFolder, kind: str, rows: Sequence[Mapping[str, str]]) -> bool:
    """Decide; whether it was taken. What to tell the person waits in the session."""
    try:
        added = decide(
            Store(folder.store),
            KINDS[kind],
            [{**row, "decided_by": signer()} for row in rows],
            datetime.now(UTC),
        )
    except UsageError as error:
        st.session_state[SAID] = (False, str(error))
        return False
    targets = [tuple(row.get(n, "") for n in KINDS[kind].target) for row in rows]
    st.session_state[LAST] = (folder, kind, targets)
    noun = "decision" if added == 1 else "decisions"
    st.session_state[SAID] = (True, f"{added:,} {noun} kept for the next sync.")
    return True


def take_back(
    folder: ConnectionFolder, kind: str, targets: Sequence[Sequence[str]]
) -> None:
    """Take decisions back; what to tell the person waits in the session."""
    try:
        withdraw(Store(folder.store), KINDS[kind], targets, datetime.now(UTC), signer())
    except UsageError as error:
        st.session_state[SAID] = (False, str(error))
    else:
        st.session_state[SAID] = (True, "Taken back.")
    st.session_state.pop(LAST, None)


def undo_last() -> None:
    """Take back what this visitor decided last."""
    if LAST in st.session_state:
        take_back(*st.session_state[LAST])


def can_undo(folder: ConnectionFolder) -> bool:
    """Whether this visitor's last decision can be taken back."""
    last = st.session_state.get(LAST)
    return bool(last and last[0] == folder and "withdrawn" in KINDS[last[1]].header)


def tell() -> None:
    """Draw once what became of the last thing a person did."""
    said = st.session_state.pop(SAID, None)
    if said is not None:
        is_good, words = said
        if is_good:
            st.toast(words, icon=":material/check:")
        else:
            st.error(words)


def signer() -> str:
    """Return who decides."""
    return str(st.session_state.get(SIGNER) or _user()).strip()


def waiting(folder: ConnectionFolder) -> list[Waiting]:
    """Return the decisions the published ledger does not know yet, newest first."""
    as_of = _as_of(folder)
    return sorted(
        (one for kind in HERE for one in _waiting(folder, kind, as_of)),
        key=lambda one: one.body[KINDS[one.kind].moment],
        reverse=True,
    )


def _waiting(folder: ConnectionFolder, name: str, as_of: str) -> list[Waiting]:
    """Return the newest waiting word about each target; what only came and went, not.

    A decision that was taken back before it counted has changed nothing.
    """
    kind, store = KINDS[name], Store(folder.store)
    newest = {
        tuple(body[part] for part in kind.target): body
        for body in (json.loads(d.body) for d in store.decisions_after(name, as_of))
    }
    if any(body.get("withdrawn") == "true" for body in newest.values()):
        due = [
            json.loads(decision.body)
            for decision in in_order(store, kind)
            if decision.effective_at <= as_of
        ]
        known = {
            tuple(body[part] for part in kind.target) for body in holding(kind, due)
        }
        newest = {
            target: body
            for target, body in newest.items()
            if body.get("withdrawn") != "true" or target in known
        }
    return [Waiting(name, target, body) for target, body in newest.items()]


def _as_of(folder: ConnectionFolder) -> str:
    rows = ask("select value from meta where key = 'as_of'", folder=folder)
    return instant_text(instant_from(str(rows["value"].iloc[0])))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return ""
