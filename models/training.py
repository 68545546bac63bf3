"""A categorizer fitted on what is known, with a floor chosen on rows kept back.

Here belongs the order of training: keep the newest rows back, choose the confidence
from which predictions are accepted, score beside the baselines, fit again on
everything. What the figures mean, and where a model is stored, does not belong here.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from models.baselines import Predictor, baselines
from models.categorizer import Belief, TransactionCategorizer
from models.curves import curves
from models.errors import CategorizerError
from models.evaluation import (
    OURS,
    Scores,
    compare,
    kept_back,
    split_by_time,
)
from models.fingerprints import of_rows
from models.metrics import safe_floor

# A plain trade word reaches 0.9: with a higher floor, knowledge could not decide a
# vendor that is new to the organization.
LOWEST_FLOOR, HIGHEST_FLOOR = 0.6, 0.9
MIN_TO_MEASURE = 200


@dataclass(frozen=True)
class Report:
    """What a training learned from, and how well it did on rows it had not seen.

    `scores` and `curves` are empty where there were too few rows to keep any back.
    """

    rows: int
    accounts: int
    floor: float
    fingerprint: str
    scores: tuple[Scores, ...]
    curves: dict[str, Any]

    def as_card(self) -> dict[str, Any]:
        """Return the report as plain values, for storing beside the model.

        Without the time it took: cards of the same inputs are the same.
        """
        scores = [_measures(score) for score in self.scores]
        return asdict(self) | {"scores": scores}


@dataclass(frozen=True)
class Training:
    """A fitted categorizer and the report on it."""

    model: TransactionCategorizer
    report: Report


def train(
    rows: pd.DataFrame,
    labels: Sequence[str],
    *,
    prior: Belief | None = None,
    row_weight: float = 1.0,
    with_baselines: bool = True,
) -> Training:
    """Fit a categorizer and choose the floor under which it abstains.

    Args:
        rows: transactions with features.COLUMNS, oldest first.
        labels: the account of each row.
        prior: what is believed before any history.
        row_weight: how many rows of history one row counts for.
        with_baselines: score the baselines as well; that takes most of the time.

    Raises:
        CategorizerError: there are no rows, or not one label per row.
    """
    model = TransactionCategorizer(prior=prior, row_weight=row_weight)
    floor = LOWEST_FLOOR
    scores: tuple[Scores, ...] = ()
    drawn: dict[str, Any] = {}
    if len(rows) >= MIN_TO_MEASURE and len(rows) == len(labels):
        floor, scores, drawn = _measured(
            rows, labels, model, with_baselines=with_baselines
        )
    model.set_params(floor=floor)
    model.fit(rows, labels)
    known = rows.assign(_label=list(labels))
    report = Report(
        rows=len(rows),
        accounts=len(set(labels)),
        floor=floor,
        fingerprint=of_rows(known),
        scores=scores,
        curves=drawn,
    )
    return Training(model, report)


def _measures(score: Scores) -> dict[str, Any]:
    """Return a score's figures; None where there was nothing to measure."""
    values = asdict(score)
    del values["fit_seconds"], values["rows_per_second"]
    return {
        name: None if isinstance(value, float) and math.isnan(value) else value
        for name, value in values.items()
    }


def _measured(
    rows: pd.DataFrame,
    labels: Sequence[str],
    model: TransactionCategorizer,
    *,
    with_baselines: bool,
) -> tuple[float, tuple[Scores, ...], dict[str, Any]]:
    """Return floor, scores and curves, from rows that were not learned from."""
    contenders: dict[str, Predictor] = baselines() if with_baselines else {}
    contenders[OURS] = model
    try:
        scores = tuple(compare(rows, labels, contenders))
    except CategorizerError:
        # Decisions of one or two days cannot be parted in time.
        return LOWEST_FLOOR, (), {}
    split = split_by_time(rows.assign(_label=list(labels)))
    older = pd.concat([split.train, split.validation])
    given = kept_back(model, older, split.test)
    floor = safe_floor(given)
    return min(max(floor, LOWEST_FLOOR), HIGHEST_FLOOR), scores, curves(given)
