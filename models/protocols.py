"""The harder questions: vendors never seen, few rows to learn from, month after month.

Here belongs drawing rows and feeding them in that order. What a figure means is in
metrics; the temporal split is in evaluation.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import pandas as pd

from models.baselines import Predictor
from models.metrics import Predictions, accuracy, coverage, safe_floor
from models.wording import vendor_key

LABEL = "_label"
SIZES, SEEDS, MOST_TESTED = (50, 200, 1000), (0, 1, 2), 4000
HELD_OUT, FOR_FLOOR, PARTS = 20, 30, 100


@dataclass(frozen=True)
class Answer:
    """One predictor's figure under one setting of a protocol."""

    name: str
    setting: str
    rows: int
    accuracy: float
    coverage: float = float("nan")
    reached: float = float("nan")
    uptake: float = float("nan")


def new_vendors(
    rows: pd.DataFrame, predictors: Mapping[str, Predictor]
) -> Iterator[Answer]:
    """Score vendors that were held out whole; others choose the floor."""
    parts = np.array([_part(str(name)) for name in rows["vendor_name"]])
    test = rows[parts < HELD_OUT]
    validation = rows[(parts >= HELD_OUT) & (parts < FOR_FLOOR)]
    train = rows[parts >= FOR_FLOOR]
    if min(map(len, (test, validation, train))) == 0:
        return
    for name, predictor in predictors.items():
        learn(predictor, train)
        floor = safe_floor(ask(predictor, validation))
        given = ask(predictor, test)
        yield Answer(
            name, "20 % of vendors", len(test), accuracy(given), *coverage(given, floor)
        )


def few_shot(
    older: pd.DataFrame,
    test: pd.DataFrame,
    predictors: Mapping[str, Predictor],
    seeds: Sequence[int] = SEEDS,
) -> Iterator[Answer]:
    """Score predictors that learned from few rows, drawn at random once per seed."""
    asked = test.sample(min(MOST_TESTED, len(test)), random_state=0).sort_index()
    for size in SIZES:
        if size >= len(older):
            continue
        drawn = [older.sample(size, random_state=seed).sort_index() for seed in seeds]
        for name, predictor in predictors.items():
            found = [accuracy(_taught(predictor, few, asked)) for few in drawn]
            yield Answer(name, f"{size} rows", len(asked), float(np.mean(found)))


def stream(
    older: pd.DataFrame, test: pd.DataFrame, predictors: Mapping[str, Predictor]
) -> Iterator[Answer]:
    """Predict month by month, then learn the month: by `update` where there is one."""
    months = pd.to_datetime(test["txn_date"]).dt.strftime("%Y-%m")
    for name, predictor in predictors.items():
        learn(predictor, older)
        known, right, wrong, later = older, [], set(), []
        for _, month in test.groupby(months.to_numpy(), sort=True):
            given = ask(predictor, month)
            pairs = _pairs(month)
            later += [
                hit
                for pair, hit in zip(pairs, given.right, strict=True)
                if pair in wrong
            ]
            wrong |= {p for p, hit in zip(pairs, given.right, strict=True) if not hit}
            right.append(given.right)
            known = pd.concat([known, month])
            _go_on(predictor, known, month)
        uptake = float(np.mean(later)) if later else float("nan")
        score = float(np.concatenate(right).mean())
        yield Answer(name, f"{len(right)} months", len(test), score, uptake=uptake)


def learn(predictor: Predictor, rows: pd.DataFrame) -> None:
    """Fit a predictor on labelled rows."""
    predictor.fit(rows.drop(columns=LABEL), rows[LABEL].tolist())


def ask(predictor: Predictor, rows: pd.DataFrame) -> Predictions:
    """Return what a fitted predictor says about labelled rows."""
    classes, matrix = predictor.predict_proba(rows.drop(columns=LABEL))
    return Predictions(classes, matrix, rows[LABEL].to_numpy(dtype=object))


def _taught(
    predictor: Predictor, few: pd.DataFrame, asked: pd.DataFrame
) -> Predictions:
    learn(predictor, few)
    return ask(predictor, asked)


def _go_on(predictor: Predictor, known: pd.DataFrame, month: pd.DataFrame) -> None:
    update = getattr(predictor, "update", None)
    if update is None:
        learn(predictor, known)
    else:
        update(month.drop(columns=LABEL), month[LABEL].tolist())


def _pairs(rows: pd.DataFrame) -> list[tuple[str, str]]:
    vendors = [vendor_key(str(name)) for name in rows["vendor_name"]]
    return list(zip(vendors, rows[LABEL].tolist(), strict=True))


def _part(name: str) -> int:
    return int(sha256(vendor_key(name).encode()).hexdigest()[:8], 16) % PARTS
