"""Lines of documents in, categories with their reasons out: the call others make.

Here belongs the order of deciding (people's history, model, abstain) and what may be
chosen for a line. How probabilities come about, what is learned from people's decisions
and how reasons are worded does not.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from models.chart import Chart
from models.explanations import Reasons, columns, sentence
from models.learning import CODING, Opinion, opinion
from models.prior import Evidence, Prior

# A suggestion less likely than this only costs a person's time.
LEAST_SUGGESTED = 0.05
SUGGESTIONS = ("suggestion_1", "suggestion_2", "suggestion_3")
Likely = list[tuple[str, float]]
"""Accounts and their probabilities, the likeliest first."""
IDENTITY = ("source_entity", "document_id", "line_id")
RESULT_COLUMNS = (
    *IDENTITY,
    "account_number",
    "confidence",
    "decided_by",
    "explanation",
    "deciding_level",
    "lines_agreeing",
    "lines_alike",
    "deciding_words",
    "is_usual_amount",
    "example_document_id",
    *SUGGESTIONS,
    "runner_up_confidence",
    "model_version",
)


@dataclass(frozen=True)
class CategorizeResult:
    """One row per line, in order, and a card of facts about how they came about."""

    categories: pd.DataFrame
    card: dict[str, Any]


def categorize(
    lines: pd.DataFrame,
    labelled: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    artifact_folder: Path | None = None,
    learn_from_bill_coding: bool = False,
    now: datetime,
) -> CategorizeResult:
    """Choose an account for every line, or abstain.

    Args:
        lines: one row per line with source_entity, document_id, line_id, direction,
            vendor_name, description and what else is known of features.COLUMNS.
        labelled: the same columns with account_number and, where known, effective_at:
            what people decided. May be empty.
        accounts: the chart: account_number, account_name, is_categorizable, applies_to,
            keyword_hints.
        learn_from_bill_coding: whether the accounts that lines have in BILL
            (learning.CODING) are weak evidence, or not looked at.
        artifact_folder: where the trained model is kept between calls; None: nowhere.
        now: the instant to decide at; later decisions are not known yet.

    Returns:
        Categories with RESULT_COLUMNS; account_number is None where it abstained.

    Raises:
        CategorizerError: the chart cannot be read. Lines and labels never raise.
    """
    chart = Chart.from_frame(accounts)
    asked, taught = lines, labelled
    if not learn_from_bill_coding:
        asked, taught = (
            frame.drop(columns=list(CODING), errors="ignore")
            for frame in (lines, labelled)
        )
    known = opinion(asked, taught, Prior(chart), artifact_folder, now)
    likely = [_ranked(row, chart) for row in known.matrix]
    words = _words(known, likely, chart)
    records = [
        _decide(known, row, likely[row], words[row], chart) for row in range(len(lines))
    ]
    frame = pd.DataFrame(records, columns=list(RESULT_COLUMNS), dtype=object)
    for name in IDENTITY:
        given = lines[name].tolist() if name in lines.columns else [None] * len(lines)
        frame[name] = pd.Series(given, dtype=object)
    return CategorizeResult(frame, known.card | _counts(frame))


def _decide(
    known: Opinion, row: int, likely: Likely, words: list[str], chart: Chart
) -> dict[str, object]:
    best, confidence = likely[0] if likely else ("", 0.0)
    decided_by = _decided_by(known, row, best, confidence)
    reasons = Reasons(
        account=chart.label(best),
        decided_by=decided_by,
        confidence=confidence,
        floor=known.floor,
        runner_up=(chart.label(likely[1][0]), likely[1][1]) if likely[1:] else None,
        evidence=known.evidence[row]
        if decided_by == "abstain"
        else _for(known, row, best),
        words=words,
        is_known=bool(known.history(row)),
        precedent=known.precedent(row, best),
    )
    return {
        "account_number": None if decided_by == "abstain" else best,
        "confidence": Decimal(f"{confidence:.4f}"),
        "decided_by": decided_by,
        "explanation": sentence(reasons),
        "model_version": known.version,
        **columns(reasons),
        **_suggested(likely),
    }


def _for(known: Opinion, row: int, account: str) -> list[Evidence]:
    return [e for e in known.evidence[row] if e.account == account]


def _words(known: Opinion, likely: list[Likely], chart: Chart) -> list[list[str]]:
    """Return what the text model read, where nothing known beforehand was found."""
    found: list[list[str]] = [[] for _ in likely]
    rows = [
        row
        for row, accounts in enumerate(likely)
        if accounts and not _for(known, row, accounts[0][0])
    ]
    order = np.argsort(-known.matrix[rows], axis=1, kind="stable")[:, :2]
    pairs = [(chart.numbers[pair[0]], chart.numbers[pair[-1]]) for pair in order]
    for row, words in zip(rows, known.words(rows, pairs), strict=True):
        found[row] = words
    return found


def _ranked(probabilities: np.ndarray, chart: Chart) -> Likely:
    """Return the likeliest accounts; equal ones in the order of their numbers."""
    order = np.argsort(-probabilities, kind="stable")[: len(SUGGESTIONS)]
    likely = [(chart.numbers[i], float(probabilities[i])) for i in order]
    return [(number, share) for number, share in likely if share >= LEAST_SUGGESTED]


def _decided_by(known: Opinion, row: int, best: str, confidence: float) -> str:
    if not best or confidence < known.floor:
        return "abstain"
    return "history" if known.history(row).get(best) else "model"


def _suggested(likely: Likely) -> dict[str, str | None]:
    numbers: list[str | None] = [number for number, _ in likely]
    numbers += [None] * (len(SUGGESTIONS) - len(numbers))
    return dict(zip(SUGGESTIONS, numbers, strict=True))


def _counts(categories: pd.DataFrame) -> dict[str, Any]:
    kinds = categories["decided_by"].value_counts().to_dict()
    decided = len(categories) - int(kinds.get("abstain", 0))
    return {
        "rows": len(categories),
        "by_history": int(kinds.get("history", 0)),
        "by_model": int(kinds.get("model", 0)),
        "abstained": int(kinds.get("abstain", 0)),
        "coverage": round(decided / len(categories), 4) if len(categories) else 0.0,
    }
