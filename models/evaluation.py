"""The categorizer measured on rows it has not seen, next to its baselines.

Here belongs the temporal protocol, running all protocols, and their tables. What a
figure means is in metrics, what is measured in categorizer and baselines, the other
protocols in protocols. `bill-ledger evaluate` is the way in.
"""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from models.baselines import Predictor, baselines
from models.categorizer import new_categorizer
from models.errors import CategorizerError
from models.features import clean
from models.metrics import (
    PRECISION_ASKED,
    Predictions,
    accuracy,
    calibration_error,
    coverage,
    floor_for,
    macro_f1,
    safe_floor,
    together,
    top_share,
)
from models.protocols import SEEDS, Answer, few_shot, new_vendors, stream
from models.wording import vendor_key

SEEN = ("vendor_name", "description", "amount", "currency", "txn_date", "doc_id")
OURS = "bill-ledger"
WHOLE_NUMBERS_FROM = 100.0
PROTOCOLS = ("temporal", "new-vendor", "few-shot", "stream")
NEWEST_ROWS = 25_000
# With fewer rows the newest part is too little to choose a floor on: the newer half is
# predicted, an eighth at a time.
FEW_ROWS, EIGHTHS = 1000, (0.5, 0.625, 0.75, 0.875)
# Learning every month anew is only affordable for those that merely count.
COUNTING = ("vendor's last", "vendor shares")


@dataclass(frozen=True)
class Split:
    """Rows in time: the oldest to learn from, then validation, then test."""

    train: pd.DataFrame
    validation: pd.DataFrame
    test: pd.DataFrame


@dataclass(frozen=True)
class Scores:
    """One predictor's figures on the newest rows.

    `coverage_95` is from the floor that had 95 % on validation, `coverage_safe` from
    `safe_floor`; each with the precision reached on test.
    """

    name: str
    rows: int
    accuracy: float
    macro_f1: float
    top_3: float
    new_vendors: float
    coverage_95: float
    reached: float
    coverage_safe: float
    reached_safe: float
    calibration_error: float
    fit_seconds: float
    rows_per_second: float


def split_by_time(rows: pd.DataFrame) -> Split:
    """Return the oldest 70 %, the next 10 % and the newest 20 %; days stay whole."""
    ordered = rows.assign(_day=clean(rows)["day"].to_numpy())
    ordered = ordered.sort_values("_day", kind="stable").reset_index(drop=True)
    days = ordered.pop("_day").to_numpy()
    first = np.searchsorted(days, days[int(len(days) * 0.7)])
    second = np.searchsorted(days, days[int(len(days) * 0.8)])
    return Split(
        ordered.iloc[:first], ordered.iloc[first:second], ordered.iloc[second:]
    )


def kept_back(
    predictor: Predictor, older: pd.DataFrame, newer: pd.DataFrame
) -> Predictions:
    """Return predictions to choose a floor on, each of rows newer than those learned.

    They are the newer rows, as seen from the older. Where both together are few, they
    are the newer half of all, in parts, each as seen from everything before it.
    """
    rows = pd.concat([older, newer])
    cuts = {len(older), len(rows)}
    if len(rows) < FEW_ROWS:
        days = clean(rows)["day"].to_numpy()
        firsts = [days[int(len(days) * share)] for share in EIGHTHS]
        cuts |= set(np.searchsorted(days, firsts).tolist()) - {0}
    return together(
        [
            _predicted(predictor, rows.iloc[:start], rows.iloc[start:end])[0]
            for start, end in pairwise(sorted(cuts))
        ]
    )


def compare(
    rows: pd.DataFrame, labels: Sequence[str], predictors: dict[str, Predictor]
) -> list[Scores]:
    """Score every predictor on the newest rows, fitted on all the older ones.

    Raises:
        CategorizerError: there are too few rows or days to keep some back.
    """
    split = split_by_time(rows.assign(_label=list(labels)))
    if min(len(split.train), len(split.validation), len(split.test)) == 0:
        raise _too_few(rows)
    return [_scored(name, made, split) for name, made in predictors.items()]


def _scored(name: str, predictor: Predictor, split: Split) -> Scores:
    validated = kept_back(predictor, split.train, split.validation)
    older = pd.concat([split.train, split.validation])
    given, fitting, predicting = _predicted(predictor, older, split.test)
    known = {vendor_key(str(v)) for v in older["vendor_name"]}
    is_new = np.array([vendor_key(str(v)) not in known for v in split.test.vendor_name])
    covered, reached = coverage(given, floor_for(validated, PRECISION_ASKED))
    safe, safe_reached = coverage(given, safe_floor(validated))
    return Scores(
        name=name,
        rows=len(split.test),
        accuracy=accuracy(given),
        macro_f1=macro_f1(given),
        top_3=top_share(given, 3),
        new_vendors=accuracy(given.only(is_new)),
        coverage_95=covered,
        reached=reached,
        coverage_safe=safe,
        reached_safe=safe_reached,
        calibration_error=calibration_error(given),
        fit_seconds=fitting,
        rows_per_second=len(split.test) / max(predicting, 1e-9),
    )


def _predicted(
    predictor: Predictor, learned: pd.DataFrame, asked: pd.DataFrame
) -> tuple[Predictions, float, float]:
    start = time.process_time()
    predictor.fit(learned.drop(columns="_label"), learned["_label"].tolist())
    fitted = time.process_time()
    classes, matrix = predictor.predict_proba(asked.drop(columns="_label"))
    done = time.process_time()
    truths = asked["_label"].to_numpy(dtype=object)
    return Predictions(classes, matrix, truths), fitted - start, done - fitted


def evaluate(
    rows: pd.DataFrame,
    protocols: Sequence[str],
    *,
    with_baselines: bool = True,
    seeds: Sequence[int] = SEEDS,
) -> dict[str, list[dict[str, Any]]]:
    """Return per protocol the figures of the categorizer and its baselines.

    Args:
        rows: transactions with what the categorizer may see, and `label`.
        protocols: some of PROTOCOLS.
        with_baselines: measure them too; that takes most of the time.
        seeds: few rows are drawn once with each.

    Raises:
        CategorizerError: there are too few rows or days to keep some back.
    """
    rows = _newest(rows)
    contenders: dict[str, Predictor] = baselines() if with_baselines else {}
    contenders[OURS] = new_categorizer()
    labelled = rows.drop(columns="label").assign(_label=rows["label"].astype(str))
    split = split_by_time(labelled)
    if min(len(split.train), len(split.validation), len(split.test)) == 0:
        raise _too_few(rows)
    older = pd.concat([split.train, split.validation])
    counting = {n: p for n, p in contenders.items() if n in (*COUNTING, OURS)}
    answers: dict[str, Callable[[], Iterable[Scores | Answer]]] = {
        "temporal": lambda: [_scored(n, p, split) for n, p in contenders.items()],
        "new-vendor": lambda: new_vendors(labelled, contenders),
        "few-shot": lambda: few_shot(older, split.test, contenders, seeds),
        "stream": lambda: stream(older, split.test, counting),
    }
    return {
        protocol: [_figures(answer) for answer in answers[protocol]()]
        for protocol in protocols
    }


def _newest(rows: pd.DataFrame) -> pd.DataFrame:
    wanted = [*SEEN, "label"]
    missing = [name for name in wanted if name not in rows.columns]
    if missing:
        raise CategorizerError(
            f"Cannot evaluate: columns {missing} are missing. Give rows with "
            f"{', '.join(wanted)}, and department where it is known."
        )
    seen = [*wanted, *(["department"] if "department" in rows.columns else [])]
    ordered = rows[seen].sort_values("txn_date", kind="stable")
    return ordered.tail(NEWEST_ROWS).reset_index(drop=True)


def _too_few(rows: pd.DataFrame) -> CategorizerError:
    return CategorizerError(
        f"Cannot evaluate: {len(rows)} rows cannot be split by day into three "
        "parts. Give rows of at least three days."
    )


def _figures(score: Scores | Answer) -> dict[str, Any]:
    """Return figures as JSON takes them: None where nothing could be measured."""
    values = asdict(score)
    return {
        name: None if isinstance(value, float) and math.isnan(value) else value
        for name, value in values.items()
    }


def table(figures: Sequence[dict[str, Any]]) -> str:
    """Return figures as a Markdown table, without columns that say nothing."""
    names = [n for n in figures[0] if any(row[n] is not None for row in figures)]
    lines = [" | ".join(names), " | ".join("---" for _ in names)]
    lines += [" | ".join(_cell(row[name]) for name in names) for row in figures]
    return "\n".join(f"| {line} |" for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, float):
        return f"{value:.3f}" if value < WHOLE_NUMBERS_FROM else f"{value:,.0f}"
    return str(value)
