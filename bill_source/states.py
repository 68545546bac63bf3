"""How BILL answers for a list: openly, not at all, or suddenly with next to nothing.

Here belongs: judging that at the end of a list. Not here: what a sync does meanwhile,
which is to keep every row (listing.py), nor what the ledger makes of it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bill_source.listing import ListSync

LISTED = "listed"
EMPTY = "empty"
FORBIDDEN = "forbidden"
ACCEPTED = "accepted_empty"
EMPTIED = {EMPTY, ACCEPTED}


@dataclass(frozen=True)
class ListState:
    """A list's state, why, and the number of the row that says so."""

    state: str = LISTED
    reason: str = ""
    version: int = 0


def judge(one: "ListSync") -> ListState:
    """Return the state of a list that was read as far as BILL let us."""
    before = one.before
    if one.refusal is not None:
        return ListState(FORBIDDEN, one.refusal.message)
    if not one.lack:
        # Only a whole reading can show that rows have come back.
        return ListState() if one.is_whole or before.state == FORBIDDEN else before
    if one.accepts_empty or before.state == ACCEPTED:
        return ListState(ACCEPTED, "")
    listed = one.report.rows_listed or 0
    what = "no rows" if not listed else f"{listed} rows"
    return ListState(EMPTY, f"BILL lists {what} any more")
