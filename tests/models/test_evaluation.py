"""Measuring: nothing of the future is let in, and figures mean what they say."""

import numpy as np
import pandas as pd
import pytest

from models import CategorizerError
from models.baselines import baselines
from models.evaluation import (
    PROTOCOLS,
    compare,
    evaluate,
    kept_back,
    split_by_time,
    table,
)
from models.metrics import (
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

Ledger = tuple[pd.DataFrame, list[str]]
FOUR = Predictions(
    classes=np.array(["a", "b", "c"], dtype=object),
    matrix=np.array(
        [[0.9, 0.1, 0.0], [0.7, 0.2, 0.1], [0.4, 0.6, 0.0], [0.3, 0.3, 0.4]]
    ),
    truths=np.array(["a", "b", "b", "d"], dtype=object),
)


def test_no_day_is_on_both_sides_of_the_split(ledger: Ledger) -> None:
    """Train, validation and test follow each other in time."""
    rows, _ = ledger

    split = split_by_time(rows.sample(frac=1.0, random_state=1))

    assert split.train["txn_date"].max() < split.validation["txn_date"].min()
    assert split.validation["txn_date"].max() < split.test["txn_date"].min()
    assert len(rows) == sum(map(len, (split.train, split.validation, split.test)))


class Diary:
    """A predictor that keeps what it learned and what it was then asked."""

    def __init__(self) -> None:
        self.pages: list[tuple[pd.DataFrame, pd.DataFrame]] = []

    def fit(self, rows: pd.DataFrame, labels: list[str]) -> None:
        """Note the rows."""
        assert len(rows) == len(labels)
        self.learned = rows

    def predict_proba(self, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Note the rows, and name one account."""
        self.pages.append((self.learned, rows))
        return np.array(["a"], dtype=object), np.ones((len(rows), 1))


def test_few_shot_draws_once_per_seed(ledger: Ledger) -> None:
    """Other seeds draw other rows; a figure is the mean of its draws."""
    rows, labels = ledger
    known = rows.assign(label=labels)

    def right(*seeds: int) -> list[float]:
        answers = evaluate(known, ["few-shot"], with_baselines=False, seeds=seeds)
        return [answer["accuracy"] for answer in answers["few-shot"]]

    both = [(a + b) / 2 for a, b in zip(right(0), right(7), strict=True)]
    assert right(0) != right(7)
    assert right(0, 7) == pytest.approx(both)


def test_few_rows_choose_a_floor_on_their_newer_half(ledger: Ledger) -> None:
    """Each row of it is predicted once, from older days alone."""
    rows, labels = ledger
    split = split_by_time(rows.assign(_label=labels)[:900])
    diary = Diary()

    given = kept_back(diary, split.train, split.validation)

    half = (len(split.train) + len(split.validation)) // 2
    assert half <= len(given.truths) <= half + 2
    assert labels[:720][-len(given.truths) :] == given.truths.tolist()
    assert len(diary.pages) >= 4
    for learned, asked in diary.pages:
        assert learned["txn_date"].max() < asked["txn_date"].min()


def test_many_rows_choose_a_floor_on_the_newest(ledger: Ledger) -> None:
    """They are learned from once: the newest part is enough."""
    rows, labels = ledger
    split = split_by_time(rows.assign(_label=labels))
    diary = Diary()

    given = kept_back(diary, split.train, split.validation)

    assert split.validation["_label"].tolist() == given.truths.tolist()
    assert len(diary.pages) == 1


def test_predictions_of_several_fits_are_put_together() -> None:
    """A class that one fit did not know has no chance there."""
    later = Predictions(
        classes=np.array(["b", "e"], dtype=object),
        matrix=np.array([[0.3, 0.7]]),
        truths=np.array(["e"], dtype=object),
    )

    both = together([FOUR, later])

    assert both.classes.tolist() == ["a", "b", "c", "e"]
    assert both.matrix[-1].tolist() == [0.0, 0.3, 0.0, 0.7]
    assert both.right.tolist() == [True, False, True, False, True]
    np.testing.assert_allclose([0.9, 0.7, 0.6, 0.4, 0.7], both.confidence)


def test_an_account_never_seen_counts_as_an_error() -> None:
    """Two of four are right; the truth that is no class is wrong."""
    assert accuracy(FOUR) == 0.5
    assert top_share(FOUR, 3) == 0.75


def test_macro_f1_is_the_mean_over_true_accounts() -> None:
    """a: 2/3, b: 2/3, d: 0."""
    assert pytest.approx((2 / 3 + 2 / 3 + 0) / 3) == macro_f1(FOUR)


def test_calibration_error_is_the_mean_gap() -> None:
    """Confidences .9 right, .7 wrong, .6 right, .4 wrong, each in a bin of its own."""
    assert pytest.approx((0.1 + 0.7 + 0.4 + 0.4) / 4) == calibration_error(FOUR)


def test_the_floor_is_the_lowest_that_keeps_the_precision() -> None:
    """From 0.9 on all are right; from 0.6 on two of three."""
    assert floor_for(FOUR, 0.95) == 0.9
    assert floor_for(FOUR, 0.66) == 0.6
    assert coverage(FOUR, 0.9) == (0.25, 1.0)


def test_a_floor_counts_what_is_expected_as_well_as_what_was_seen() -> None:
    """From 0.6 on two of three are right where 2.2 were expected: 0.7 of them."""
    assert floor_for(FOUR, 0.72, expected=1.0) == 0.6
    assert floor_for(FOUR, 0.69, expected=0.5) == 0.6
    assert floor_for(FOUR, 0.71, expected=0.5) == 0.9
    assert safe_floor(FOUR) == 1.01


def test_ties_are_taken_together_or_not_at_all() -> None:
    """Rows of equal confidence cannot be told apart by a floor."""
    tied = Predictions(
        classes=np.array(["a", "b"], dtype=object),
        matrix=np.array([[0.8, 0.2], [0.8, 0.2]]),
        truths=np.array(["a", "b"], dtype=object),
    )

    assert floor_for(tied, 0.95) == 1.01
    assert coverage(tied, 1.01)[0] == 0.0


def test_too_few_days_are_refused(ledger: Ledger) -> None:
    """Rows of one day cannot be parted in time, and the error says so."""
    rows, labels = ledger
    one_day = rows.assign(txn_date=rows["txn_date"].iloc[0])

    with pytest.raises(CategorizerError, match="three days"):
        compare(one_day, labels, {})


def test_every_protocol_measures_us_beside_baselines(ledger: Ledger) -> None:
    """Each has figures of ours and of what it must beat, and prints as a table."""
    rows, labels = ledger
    found = evaluate(rows.assign(label=labels), PROTOCOLS)

    assert list(PROTOCOLS) == list(found)
    for protocol, figures in found.items():
        names = {row["name"] for row in figures}
        assert {"bill-ledger", "vendor shares"} <= names
        assert ("TF-IDF + SVM" in names) == (protocol != "stream")
        assert "| bill-ledger |" in table(figures)
        assert all(0.0 <= row["accuracy"] <= 1.0 for row in figures)


def test_a_stream_is_learned_from(ledger: Ledger) -> None:
    """Of what was got wrong one month two fifths or more are right afterwards."""
    rows, labels = ledger
    late = np.arange(len(rows)) > len(rows) * 0.8
    moved = [
        "mended" if is_late and label == "repair" else label
        for is_late, label in zip(late, labels, strict=True)
    ]

    (ours,) = evaluate(rows.assign(label=moved), ["stream"], with_baselines=False)[
        "stream"
    ]

    assert ours["uptake"] >= 0.4


def test_names_of_accounts_change_no_figure(ledger: Ledger) -> None:
    """Shuffling what the accounts are called leaves every figure as it is."""
    rows, labels = ledger
    names = sorted(set(labels))
    shuffled = dict(
        zip(names, np.random.default_rng(5).permutation(names), strict=True)
    )
    protocols = ["temporal", "new-vendor"]

    def figures(called: list[str]) -> dict[str, list[dict[str, object]]]:
        found = evaluate(rows.assign(label=called), protocols, with_baselines=False)
        for row in found["temporal"]:
            del row["fit_seconds"], row["rows_per_second"]
        return found

    assert figures(labels) == figures([shuffled[label] for label in labels])


def test_columns_that_are_missing_are_named(ledger: Ledger) -> None:
    """A file of another shape is refused with what it lacks."""
    with pytest.raises(CategorizerError, match="label"):
        evaluate(ledger[0], ["temporal"])


def test_no_baseline_looks_at_the_truth(ledger: Ledger) -> None:
    """On accounts given at random nobody is much better than chance."""
    rows, _ = ledger
    labels = [f"account {i}" for i in np.random.default_rng(3).integers(20, size=1500)]

    scores = compare(rows, labels, baselines())

    assert all(score.accuracy < 0.15 for score in scores)
