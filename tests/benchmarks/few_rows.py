"""How far to trust a categorizer with few rows: learned from many small ledgers.

Prints FEW_SHARPNESS and FEW_OUTSIDE of models/ranker.py from the parquet files given,
in the shape that `bill-ledger evaluate --data` takes: each ledger gives 18 small ones,
some of its vendors, from its oldest 80 %, so that its newest rows still judge. Then
prints how many of the newest fifths' rows were right, ledgers counting alike.
"""

import sys
from collections.abc import Iterator

import numpy as np
import pandas as pd

from models import new_categorizer
from models.candidates import CANDIDATES
from models.evaluation import NEWEST_ROWS, SEEN
from models.ranker import calibrated_untrained

SIZES, DRAWN, MOST_OF_ONE = (60, 150, 300, 600, 900, 1100), 18, 60


def small_ledgers(rows: pd.DataFrame, seed: int) -> Iterator[pd.DataFrame]:
    """Yield small ledgers, oldest row first; no vendor is more than a part of one."""
    chance = np.random.default_rng(seed)
    ordered = rows.sort_values("txn_date", kind="stable").tail(NEWEST_ROWS)
    older = ordered.iloc[: int(len(ordered) * 0.8)].reset_index(drop=True)
    few = older[older.groupby("vendor_name").cumcount(ascending=False) < MOST_OF_ONE]
    counts = few["vendor_name"].value_counts()
    for number in range(DRAWN):
        order = chance.permutation(counts.index.to_numpy())
        reached = np.cumsum(counts[order].to_numpy())
        enough = int(np.searchsorted(reached, SIZES[number % len(SIZES)])) + 1
        yield few[few["vendor_name"].isin(order[:enough])].reset_index(drop=True)


def main(paths: list[str]) -> None:
    """Fit each small ledger's older rows and learn from how its newer ones go."""
    blocks, right = [], []
    for seed, path in enumerate(paths):
        for ledger in small_ledgers(pd.read_parquet(path), seed):
            cut = int(len(ledger) * 0.8)
            frame, labels = ledger[[*SEEN]], ledger["label"].astype(str).tolist()
            model = new_categorizer().fit(frame[:cut], labels[:cut])
            right.append((model.predict(frame[cut:]) == labels[cut:]).mean())
            if len(model.classes_) >= CANDIDATES:
                blocks.append(model.seen_as(frame[cut:], labels[cut:]))
    for values in calibrated_untrained(blocks):
        sys.stdout.write(f"{[round(float(value), 3) for value in values]}\n")
    sys.stdout.write(f"{np.mean(right):.4f} right on {len(right)} ledgers\n")


if __name__ == "__main__":
    main(sys.argv[1:])
