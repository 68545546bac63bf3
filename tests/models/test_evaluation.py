"""Measuring: nothing of the future is let in, and figures mean what they say."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models import CategorizerError
from models.evaluation import compare, main, split_by_time
from models.metrics import (
    Predictions,
    accuracy,
    calibration_error,
    coverage,
    floor_for,
    macro_f1,
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


def test_the_command_prints_a_table(
    ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`python -m models.evaluation` shows us beside every baseline."""
    rows, labels = ledger
    path = tmp_path / "made_up.parquet"
    rows.assign(label=labels).to_parquet(path)

    assert main(["--data", str(path), "--department"]) == 0

    printed = capsys.readouterr().out
    assert "made_up, newest 1500 rows" in printed
    for name in ("most frequent", "vendor shares", "TF-IDF + SVM", "bill-ledger"):
        assert f"| {name} |" in printed
