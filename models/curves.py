"""What one figure hides: how predictions do by confidence, and account by account.

Here belongs arithmetic over predictions that gives several numbers, as plain values.
Single figures are in metrics; drawing them does not belong here.
"""

from typing import Any

import numpy as np

from models.metrics import ECE_BINS, Predictions

POINTS = 20
MOST_ACCOUNTS = 40


def curves(given: Predictions) -> dict[str, Any]:
    """Return coverage against precision, reliability, and the table of accounts."""
    return {
        "coverage": _coverage(given),
        "reliability": _reliability(given),
        "accounts": _accounts(given),
    }


def _coverage(given: Predictions) -> list[list[float]]:
    """Return pairs of share of rows, surest first, and precision among them."""
    right = given.right[np.argsort(-given.confidence, kind="stable")]
    reached = np.cumsum(right) / np.arange(1, len(right) + 1)
    ends = np.unique(np.ceil(np.linspace(0, len(right), POINTS + 1))[1:].astype(int))
    return [[_short(end / len(right)), _short(reached[end - 1])] for end in ends]


def _reliability(given: Predictions) -> list[list[float]]:
    """Return per bin of confidence its mean, the share that is right, and rows."""
    bins = np.minimum((given.confidence * ECE_BINS).astype(int), ECE_BINS - 1)
    return [
        [
            _short(given.confidence[bins == b].mean()),
            _short(given.right[bins == b].mean()),
            int((bins == b).sum()),
        ]
        for b in np.unique(bins)
    ]


def _accounts(given: Predictions) -> list[dict[str, Any]]:
    """Return per account how many rows it had, and how they and its name did."""
    best = given.best
    found, counts = np.unique(given.truths.astype(str), return_counts=True)
    order = np.argsort(-counts, kind="stable")[:MOST_ACCOUNTS]
    rows = []
    for label, count in zip(found[order], counts[order], strict=True):
        hits = int((given.right & (given.truths == label)).sum())
        named = int((best == label).sum())
        rows.append(
            {
                "account": str(label),
                "rows": int(count),
                "found": _short(hits / count),
                "named": named,
                "right_when_named": _short(hits / named) if named else None,
            }
        )
    return rows


def _short(value: float) -> float:
    return round(float(value), 4)
