"""How the categorizer does on older windows, on which its design may be chosen.

Prints the figures of `bill-ledger evaluate` for the parquet files given, in the shape
that it takes, on up to four windows of each: no row that `evaluate` scores is in one.
"""

import sys
from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
import pandas as pd

from models import new_categorizer
from models.evaluation import NEWEST_ROWS, OURS, SEEN, compare

ROWS, WINDOWS = 20_000, 4
SHOWN = (
    "rows",
    "accuracy",
    "new_vendors",
    "calibration_error",
    "coverage_safe",
    "reached_safe",
)


def windows(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield windows, the newest first, whose newest fifths share no row."""
    ordered = rows.sort_values("txn_date", kind="stable").reset_index(drop=True)
    scored = len(ordered) - min(NEWEST_ROWS, len(ordered)) // 5
    days = ordered["txn_date"].to_numpy()
    older = ordered[: np.searchsorted(days, days[scored])]
    size = min(ROWS, len(older) * 4 // 5)
    ends = range(len(older), size - 1, -max(size // 4, 1))
    for end in [*ends][:WINDOWS]:
        yield older[max(end - ROWS, 0) : end].reset_index(drop=True)


def main(paths: list[str]) -> None:
    """Print a line per window, then the mean of all."""
    found = []
    for path in paths:
        for rows in windows(pd.read_parquet(path)):
            predictors = {OURS: new_categorizer()}
            labels = rows["label"].astype(str).tolist()
            (score,) = compare(rows[[*SEEN]], labels, predictors)
            found.append({name: asdict(score)[name] for name in SHOWN})
            print(path, *(f"{name} {value:.3f}" for name, value in found[-1].items()))
    mean = pd.DataFrame(found).mean()
    print("mean", *(f"{name} {value:.4f}" for name, value in mean.items()))


if __name__ == "__main__":
    main(sys.argv[1:])
