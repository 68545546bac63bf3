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
from models.explanations import Reasons, sentence
from models.learning import Opinion, opinion
from models.prior import Prior

# A suggestion less likely than this only costs a person's time.
LEAST_SUGGESTED = 0.05
SUGGESTIONS = ("suggestion_1", "suggestion_2", "suggestion_3")
IDENTITY = ("source_entity", "document_id", "line_id")
RESULT_COLUMNS = (
    *IDENTITY,
    "account_number",
    "confidence",
    "decided_by",
    "explanation",
    *SUGGESTIONS,
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
        artifact_folder: where the trained model is kept between calls; None: nowhere.
        now: the instant to decide at; later decisions are not known yet.

    Returns:
        Categories with RESULT_COLUMNS; account_number is None where it abstained.

    Raises:
        CategorizerError: the chart cannot be read. Lines and labels never raise.
    """
    chart = Chart.from_frame(accounts)
    known = opinion(lines, labelled, Prior(chart), artifact_folder, now)
    records = [_decide(known, row, chart) for row in range(len(lines))]
    frame = pd.DataFrame(records, columns=list(RESULT_COLUMNS), dtype=object)
    for name in IDENTITY:
        given = lines[name].tolist() if name in lines.columns else [None] * len(lines)
        frame[name] = pd.Series(given, dtype=object)
    return CategorizeResult(frame, known.card | _counts(frame))


def _decide(known: Opinion, row: int, chart: Chart) -> dict[str, object]:
    likely = _ranked(known.matrix[row], chart)
    best, confidence = likely[0] if likely else ("", 0.0)
    decided_by = _decided_by(known, row, best, confidence)
    evidence = known.evidence[row]
    if decided_by != "abstain":
        evidence = [e for e in evidence if e.account == best]
    reasons = Reasons(
        account=chart.label(best),
        decided_by=decided_by,
        confidence=confidence,
        floor=known.floor,
        runner_up=chart.label(likely[1][0]) if len(likely) > 1 else None,
        evidence=evidence,
        history=known.history[row],
        times_seen=known.times_seen(row, best),
    )
    return {
        "account_number": None if decided_by == "abstain" else best,
        "confidence": Decimal(f"{confidence:.4f}"),
        "decided_by": decided_by,
        "explanation": sentence(reasons),
        "model_version": known.version,
        **_suggested(likely),
    }


def _ranked(probabilities: np.ndarray, chart: Chart) -> list[tuple[str, float]]:
    """Return the likeliest accounts; equal ones in the order of their numbers."""
    order = np.argsort(-probabilities, kind="stable")[: len(SUGGESTIONS)]
    likely = [(chart.numbers[i], float(probabilities[i])) for i in order]
    return [(number, share) for number, share in likely if share >= LEAST_SUGGESTED]


def _decided_by(known: Opinion, row: int, best: str, confidence: float) -> str:
    if not best or confidence < known.floor:
        return "abstain"
    return "history" if known.history[row].get(best) else "model"


def _suggested(likely: list[tuple[str, float]]) -> dict[str, str | None]:
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
