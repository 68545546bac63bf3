"""The categorizer measured on rows it has not seen, next to its baselines.

Here belongs the temporal protocol and its table. What a figure means is in metrics,
what is measured in categorizer and baselines. `python -m models.evaluation --data FILE`
prints the table for any parquet with vendor_name, description, amount, currency,
txn_date, doc_id and label.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

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
    top_share,
)
from models.wording import vendor_key

SEEN = ("vendor_name", "description", "amount", "currency", "txn_date", "doc_id")
OURS = "bill-ledger"
WHOLE_NUMBERS_FROM = 100.0


@dataclass(frozen=True)
class Split:
    """Rows in time: the oldest to learn from, then validation, then test."""

    train: pd.DataFrame
    validation: pd.DataFrame
    test: pd.DataFrame


@dataclass(frozen=True)
class Scores:
    """One predictor's figures on the newest rows."""

    name: str
    accuracy: float
    macro_f1: float
    top_3: float
    new_vendors: float
    coverage_95: float
    reached: float
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


def compare(
    rows: pd.DataFrame, labels: Sequence[str], predictors: dict[str, Predictor]
) -> list[Scores]:
    """Score every predictor on the newest rows, fitted on all the older ones.

    Raises:
        CategorizerError: there are too few rows or days to keep some back.
    """
    split = split_by_time(rows.assign(_label=list(labels)))
    if min(len(split.train), len(split.validation), len(split.test)) == 0:
        raise CategorizerError(
            f"Cannot evaluate: {len(rows)} rows cannot be split by day into three "
            "parts. Give rows of at least three days."
        )
    return [_scored(name, made, split) for name, made in predictors.items()]


def _scored(name: str, predictor: Predictor, split: Split) -> Scores:
    floor = floor_for(
        _predicted(predictor, split.train, split.validation)[0], PRECISION_ASKED
    )
    older = pd.concat([split.train, split.validation])
    given, fitting, predicting = _predicted(predictor, older, split.test)
    known = {vendor_key(str(v)) for v in older["vendor_name"]}
    is_new = np.array([vendor_key(str(v)) not in known for v in split.test.vendor_name])
    covered, reached = coverage(given, floor)
    return Scores(
        name=name,
        accuracy=accuracy(given),
        macro_f1=macro_f1(given),
        top_3=top_share(given, 3),
        new_vendors=accuracy(given.only(is_new)),
        coverage_95=covered,
        reached=reached,
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


def table(scores: Sequence[Scores]) -> str:
    """Return the scores as a Markdown table."""
    names = list(asdict(scores[0]))
    lines = [" | ".join(names), " | ".join("---" for _ in names)]
    lines += [" | ".join(_cell(v) for v in asdict(score).values()) for score in scores]
    return "\n".join(f"| {line} |" for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}" if value < WHOLE_NUMBERS_FROM else f"{value:,.0f}"
    return str(value)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table of one file."""
    parser = argparse.ArgumentParser(prog="python -m models.evaluation")
    parser.add_argument("--data", type=Path, required=True, help="a parquet file")
    parser.add_argument("--rows", type=int, default=25_000, help="newest rows used")
    parser.add_argument("--department", action="store_true", help="show it the model")
    parser.add_argument("--only", action="store_true", help="leave baselines out")
    chosen = parser.parse_args(arguments)
    rows = pd.read_parquet(chosen.data)
    rows = rows.sort_values("txn_date", kind="stable").tail(chosen.rows)
    seen = [*SEEN, *(["department"] if chosen.department else [])]
    contenders: dict[str, Predictor] = {} if chosen.only else baselines()
    contenders[OURS] = new_categorizer()
    scores = compare(rows[seen], rows["label"].astype(str).tolist(), contenders)
    sys.stdout.write(f"{chosen.data.stem}, newest {len(rows)} rows\n\n")
    sys.stdout.write(f"{table(scores)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
