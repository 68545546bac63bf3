"""One predictor on a made-up ledger: what training and predicting cost, as JSON."""

import json
import sys
import time
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd

from models import new_categorizer
from models.baselines import Predictor, baselines

ACCOUNTS, VENDORS = 200, 2_500
# Names differ by words: what differs by its number alone is a branch of one vendor.
LETTERS = str.maketrans("0123456789", "ghijklmnop")
FIRST = date(2023, 1, 1)
WORDS = [
    "north",
    "river",
    "stone",
    "maple",
    "harbor",
    "summit",
    "cedar",
    "valley",
    "bright",
    "union",
]
TRADES = [
    "supply",
    "plumbing",
    "travel",
    "legal",
    "energy",
    "print",
    "media",
    "freight",
    "dental",
    "tools",
]


def ledger(rows: int) -> tuple[pd.DataFrame, list[str]]:
    """Return rows of vendors that mostly use one account, and their accounts."""
    chance = np.random.default_rng(11)
    vendors = (VENDORS * chance.random(rows) ** 2).astype(int)
    others = chance.integers(ACCOUNTS, size=VENDORS)
    sizes = np.exp(chance.normal(5.0 + vendors % 3, 1.2)).round(2)
    second = (sizes > 400) & (vendors % 3 == 0)
    stray = chance.random(rows) < 0.15
    codes = np.where(second, others[vendors], vendors % ACCOUNTS)
    codes = np.where(stray, chance.integers(ACCOUNTS, size=rows), codes)
    frame = pd.DataFrame(
        {
            "vendor_name": [
                f"{WORDS[v % 10]} {TRADES[v // 10 % 10]} {v:x} Inc".translate(LETTERS)
                for v in vendors.tolist()
            ],
            "description": [
                f"{TRADES[c % 10]} job {c // 10}" if c % 2 else "" for c in codes
            ],
            "amount": [Decimal(str(size)) for size in sizes.tolist()],
            "currency": "USD",
            "txn_date": [FIRST + timedelta(days=i * 700 // rows) for i in range(rows)],
            "doc_id": [str(1_000_000 + i // 2) for i in range(rows)],
        }
    )
    return frame, [f"account {code}" for code in codes.tolist()]


def measure(predictor: Predictor, rows: int) -> dict[str, float]:
    """Return CPU-seconds of training, rows predicted per CPU-second, and accuracy."""
    frame, labels = ledger(rows * 5 // 4)
    newer = frame[rows:]
    start = time.process_time()
    predictor.fit(frame[:rows], labels[:rows])
    fitted = time.process_time()
    predictor.predict_proba(newer)
    classes, matrix = predictor.predict_proba(newer)
    done = time.process_time()
    found = {
        "train_cpu": fitted - start,
        "rows_per_second": 2 * len(newer) / (done - fitted),
        "accuracy": float((classes[matrix.argmax(axis=1)] == labels[rows:]).mean()),
    }
    update = getattr(predictor, "update", None)
    if update is not None:
        began = time.process_time()
        for row in range(20):
            update(newer[row : row + 1], labels[rows + row : rows + row + 1])
        found["correction_ms"] = 50.0 * (time.process_time() - began)
    return found


if __name__ == "__main__":
    chosen = {**baselines(), "bill-ledger": new_categorizer()}[sys.argv[1]]
    sys.stdout.write(json.dumps(measure(chosen, int(sys.argv[2]))))
