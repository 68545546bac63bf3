"""How the categorizer does on vendors held out whole, beside word naive Bayes.

`python tests/benchmarks/other_vendors.py FILE...` holds out each of five fifths of the
vendors in turn, on the older rows of parquet files in the shape that `bill-ledger
evaluate` takes: no row is among the newest that it scores. One fifth by itself says
little: a few large vendors decide it.
"""

import sys
from collections.abc import Iterator
from hashlib import sha256

import numpy as np
import pandas as pd

from models import new_categorizer
from models.baselines import baselines
from models.evaluation import NEWEST_ROWS, OURS, SEEN
from models.protocols import LABEL, ask, learn
from models.wording import vendor_key

ROWS, PARTS, FIFTHS = 12_000, 2, 5
NAIVE_BAYES = "word naive Bayes"


def parts(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield the newest older rows, in at most two parts of equal length."""
    ordered = rows.sort_values("txn_date", kind="stable").reset_index(drop=True)
    older = ordered[: len(ordered) - min(NEWEST_ROWS, len(ordered)) // 5]
    for number in range(PARTS):
        end = len(older) - number * ROWS
        if number == 0 or end >= ROWS:
            yield older[max(end - ROWS, 0) : end].reset_index(drop=True)


def main(paths: list[str]) -> None:
    """Print per file the mean accuracy by row, by vendor, and the standard error."""
    for path in paths:
        found: dict[str, list[tuple[float, float]]] = {}
        known = pd.read_parquet(path, columns=[*SEEN, "label"])
        for rows in parts(known.rename(columns={"label": LABEL})):
            keys = rows["vendor_name"].map(vendor_key).to_numpy()
            for fifth in range(FIFTHS):
                is_asked = np.array([_fifth(key) == fifth for key in keys])
                predictors = {
                    OURS: new_categorizer(),
                    NAIVE_BAYES: baselines()[NAIVE_BAYES],
                }
                for name, predictor in predictors.items():
                    learn(predictor, rows[~is_asked])
                    right = pd.Series(ask(predictor, rows[is_asked]).right)
                    of_vendors = right.groupby(keys[is_asked]).mean().mean()
                    found.setdefault(name, []).append((right.mean(), of_vendors))
        for name, scores in found.items():
            mean = np.mean(scores, axis=0)
            error = np.std(scores, axis=0)[0] / np.sqrt(len(scores))
            sys.stdout.write(
                f"{path} {name}: {mean[0]:.3f} (error {error:.3f}), "
                f"by vendor {mean[1]:.3f}\n"
            )


def _fifth(key: str) -> int:
    return int(sha256(f"x{key}".encode()).hexdigest()[:8], 16) % FIFTHS


if __name__ == "__main__":
    main(sys.argv[1:])
