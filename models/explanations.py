"""Why a line was put where it was: as columns, and in one plain sentence.

Here belongs wording for people. What the reasons are, and how much each weighs, is
decided elsewhere and handed in.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from models.precedents import OTHERS, Precedent
from models.prior import Evidence

KINDS = {
    "main": "The well-known vendor name '{phrase}' points to {account}",
    "mixed": "The vendor name '{phrase}' most often means {account}",
    "name": "The trade word '{phrase}' in the vendor's name points to {account}",
    "text": "The words '{phrase}' in the line's text point to {account}",
    "hint": "The words '{phrase}' are a hint of the chart for {account}",
    "coding": "The account '{phrase}' in BILL sounds like {account}",
    "document": "The kind of line ({phrase}) points to {account}",
}


# What these are called in the column that names the deciding level.
LEVELS = {
    "main": "vendor name",
    "mixed": "vendor name",
    "name": "trade word",
    "text": "line text",
    "hint": "chart hint",
    "coding": OTHERS["coding"],
    "document": "kind of document",
}
WORDS = "similar words"
ALIKE = {
    "vendor": "of this vendor",
    "vendor and size": "of this vendor with an amount like this",
    "vendor and text": "of this vendor with this text",
    "vendor and amount": "of this vendor with this very amount",
    "account in BILL": "with this account in BILL",
    "text": "with this text",
    OTHERS["phrase"]: "with the same words",
    OTHERS["known"]: "of the same trade",
}
MOST_WORDS = 3


@dataclass(frozen=True)
class Reasons:
    """What led to a choice, with accounts as people read them.

    `runner_up` is the second likeliest account and its probability; `words` are what
    the text model read; `is_known` tells whether people decided lines of the vendor.
    """

    account: str
    decided_by: str
    confidence: float
    floor: float
    runner_up: tuple[str, float] | None = None
    evidence: list[Evidence] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    is_known: bool = False
    precedent: Precedent | None = None

    @property
    def is_decided_before(self) -> bool:
        """Whether people put lines of this vendor in this account."""
        return self.precedent is not None and self.precedent.level.startswith("vendor")


def columns(reasons: Reasons) -> dict[str, object]:
    """Return the reasons as columns; None where one does not apply."""
    past = reasons.precedent
    level = _level(reasons)
    counts = past if past is not None and past.level == level else None
    phrases = list(dict.fromkeys(e.phrase for e in reasons.evidence)) or reasons.words
    return {
        "deciding_level": level,
        "lines_agreeing": counts.hits if counts else None,
        "lines_alike": counts.lines if counts else None,
        "deciding_words": ", ".join(phrases[:MOST_WORDS]) or None,
        "is_usual_amount": past.is_usual_amount if past else None,
        "example_document_id": past.document if past else None,
        "runner_up_confidence": (
            Decimal(f"{reasons.runner_up[1]:.4f}") if reasons.runner_up else None
        ),
    }


def sentence(reasons: Reasons) -> str:
    """Return one sentence that says why, or why nothing was chosen."""
    if reasons.decided_by == "abstain":
        return _doubt(reasons)
    because = _past(reasons) if reasons.is_decided_before else _because(reasons)
    return f"{'; '.join([because, *_beside(reasons)])}."


def _level(reasons: Reasons) -> str | None:
    past = reasons.precedent
    if reasons.is_decided_before and past is not None:
        return past.level
    if reasons.evidence:
        return LEVELS[_kind(reasons.evidence[0])]
    if past is not None:
        return past.level
    return WORDS if reasons.words else None


def _kind(evidence: Evidence) -> str:
    return evidence.strength if evidence.strength in KINDS else evidence.place


def _past(reasons: Reasons) -> str:
    past = reasons.precedent
    if past is None:
        return f"Lines like this were put in {reasons.account}"
    example = f" (see {past.document})" if past.document else ""
    return (
        f"People put {past.hits} of {past.lines} decided lines {ALIKE[past.level]} in "
        f"{reasons.account}{example}"
    )


def _because(reasons: Reasons) -> str:
    if not reasons.evidence and reasons.precedent is not None:
        return _past(reasons)
    if not reasons.evidence:
        read = ", ".join(f"'{word}'" for word in reasons.words)
        words = f"similar words ({read})" if read else "similar words"
        return f"Lines with {words} were put in {reasons.account}"
    strongest = reasons.evidence[0]
    because = KINDS[_kind(strongest)].format(
        phrase=strongest.phrase, account=reasons.account
    )
    others = [e.phrase for e in reasons.evidence[1:3] if e.phrase != strongest.phrase]
    return because if not others else f"{because}, and so does '{others[0]}'"


def _beside(reasons: Reasons) -> list[str]:
    """Return what else a person may want to know before trusting the choice."""
    said = []
    if reasons.precedent and reasons.precedent.is_usual_amount is False:
        said.append("the amount is not usual for it there")
    if reasons.runner_up:
        account, share = reasons.runner_up
        said.append(f"next likeliest is {account} ({share:.2f})")
    return said


def _doubt(reasons: Reasons) -> str:
    if not reasons.evidence and not reasons.is_known:
        return "Nothing known about this vendor or this text points to an account."
    against = f" or {reasons.runner_up[0]}" if reasons.runner_up else ""
    return (
        f"Perhaps {reasons.account}{against}: the best guess has a confidence of "
        f"{reasons.confidence:.2f}, under the {reasons.floor:.2f} asked for."
    )
