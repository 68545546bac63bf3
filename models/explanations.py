"""Why a line was put where it was, in one plain sentence.

Here belongs wording for people. What the reasons are, and how much each weighs, is
decided elsewhere and handed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.prior import Evidence

KINDS = {
    "main": "The well-known vendor name '{phrase}' points to {account}",
    "mixed": "The vendor name '{phrase}' most often means {account}",
    "name": "The trade word '{phrase}' in the vendor's name points to {account}",
    "text": "The words '{phrase}' in the line's text point to {account}",
    "hint": "The words '{phrase}' are a hint of the chart for {account}",
    "document": "The kind of line ({phrase}) points to {account}",
}


@dataclass(frozen=True)
class Reasons:
    """What led to a choice, with accounts as people read them."""

    account: str
    decided_by: str
    confidence: float
    floor: float
    runner_up: str | None = None
    evidence: list[Evidence] = field(default_factory=list)
    history: Mapping[str, float] = field(default_factory=dict)
    times_seen: tuple[int, int] = (0, 0)


def sentence(reasons: Reasons) -> str:
    """Return one sentence that says why, or why nothing was chosen."""
    if reasons.decided_by == "history":
        chosen, total = reasons.times_seen
        return (
            f"People put {chosen} of {total} decided lines of this vendor in "
            f"{reasons.account}."
        )
    if reasons.decided_by == "model":
        return f"{_because(reasons)}."
    return _doubt(reasons)


def _because(reasons: Reasons) -> str:
    if not reasons.evidence:
        return f"Lines with similar words were put in {reasons.account}"
    strongest = reasons.evidence[0]
    kind = strongest.strength if strongest.strength in KINDS else strongest.place
    because = KINDS[kind].format(phrase=strongest.phrase, account=reasons.account)
    others = [e.phrase for e in reasons.evidence[1:3] if e.phrase != strongest.phrase]
    return because if not others else f"{because}, and so does '{others[0]}'"


def _doubt(reasons: Reasons) -> str:
    if not reasons.evidence and not reasons.history:
        return "Nothing known about this vendor or this text points to an account."
    against = f" or {reasons.runner_up}" if reasons.runner_up else ""
    return (
        f"Perhaps {reasons.account}{against}: the best guess has a confidence of "
        f"{reasons.confidence:.2f}, under the {reasons.floor:.2f} asked for."
    )
