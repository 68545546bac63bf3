"""How good predictions are, as plain functions of arrays.

Here belongs arithmetic over predictions and truths. Which rows are predicted from
which, and by what, does not.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

ECE_BINS = 15
PRECISION_ASKED = 0.95
# Floors chosen on last quarter's rows flatter the next quarter's: ask for more there
# than is promised, and half of it from what is expected.
PRECISION_WITH_MARGIN, EXPECTED = 0.96, 0.5


@dataclass(frozen=True)
class Predictions:
    """What was predicted for rows, and what they really were.

    `classes` and `matrix` are predict_proba's; a truth that is no class is a miss.
    """

    classes: np.ndarray
    matrix: np.ndarray
    truths: np.ndarray

    @property
    def best(self) -> np.ndarray:
        """The likeliest class per row."""
        return np.asarray(self.classes[self.matrix.argmax(axis=1)])

    @property
    def confidence(self) -> np.ndarray:
        """The probability of the likeliest class per row."""
        return np.asarray(self.matrix.max(axis=1))

    @property
    def right(self) -> np.ndarray:
        """Whether the likeliest class is the truth, per row."""
        return np.asarray(self.best == self.truths)

    def only(self, rows: np.ndarray) -> "Predictions":
        """Return the predictions of the rows where the mask holds."""
        return Predictions(self.classes, self.matrix[rows], self.truths[rows])


def together(parts: Sequence[Predictions]) -> Predictions:
    """Return predictions of several fits as one; what one did not know has 0 there."""
    classes = list(dict.fromkeys(label for part in parts for label in part.classes))
    place = {label: i for i, label in enumerate(classes)}
    matrix = np.zeros((sum(len(part.truths) for part in parts), len(classes)))
    start = 0
    for part in parts:
        end = start + len(part.truths)
        matrix[start:end, [place[label] for label in part.classes]] = part.matrix
        start = end
    truths = np.concatenate([part.truths for part in parts])
    return Predictions(np.array(classes, dtype=object), matrix, truths)


def accuracy(given: Predictions) -> float:
    """Return the share of rows that are right."""
    return float(given.right.mean()) if len(given.truths) else float("nan")


def top_share(given: Predictions, count: int) -> float:
    """Return the share of rows whose truth is among the likeliest `count` classes."""
    if not len(given.truths):
        return float("nan")
    order = np.argsort(-given.matrix, axis=1, kind="stable")[:, :count]
    found = given.classes[order] == given.truths[:, None]
    return float(found.any(axis=1).mean())


def macro_f1(given: Predictions) -> float:
    """Return the mean F1 over the classes that occur among the truths."""
    best, scores = given.best, []
    for label in sorted(set(given.truths)):
        hits = float(((best == label) & (given.truths == label)).sum())
        named = float((best == label).sum() + (given.truths == label).sum())
        scores.append(2 * hits / named)
    # Summed exactly: what accounts are called must not matter, nor their order.
    return math.fsum(scores) / len(scores) if scores else float("nan")


def calibration_error(given: Predictions) -> float:
    """Return the expected calibration error of the likeliest class."""
    bins = np.minimum((given.confidence * ECE_BINS).astype(int), ECE_BINS - 1)
    gaps = [
        abs(given.right[bins == b].mean() - given.confidence[bins == b].mean())
        * (bins == b).mean()
        for b in np.unique(bins)
    ]
    return float(np.sum(gaps))


def floor_for(given: Predictions, precision: float, expected: float = 0.0) -> float:
    """Return the lowest confidence from which on the precision holds; 1.01: none.

    Args:
        given: predictions of rows that were not learned from.
        precision: the share that has to be right.
        expected: how much of that share is what the confidences expect, not what was
            seen. Vendors move with all their lines, so one period says little.
    """
    order = np.argsort(-given.confidence, kind="stable")
    confidence, right = given.confidence[order], given.right[order]
    share = expected * confidence + (1.0 - expected) * right
    reached = np.cumsum(share) / np.arange(1, len(share) + 1)
    # Rows of one confidence are taken together or not at all.
    last_of_tie = np.append(confidence[1:] < confidence[:-1], True)[: len(right)]
    enough = np.flatnonzero((reached >= precision) & last_of_tie)
    return float(confidence[enough[-1]]) if len(enough) else 1.01


def safe_floor(given: Predictions) -> float:
    """Return the floor from which on newer rows too should have what is asked."""
    return floor_for(given, PRECISION_WITH_MARGIN, EXPECTED)


def coverage(given: Predictions, floor: float) -> tuple[float, float]:
    """Return the share of rows at or above the floor, and the precision among them."""
    taken = given.confidence >= floor
    precision = float(given.right[taken].mean()) if taken.any() else float("nan")
    return float(taken.mean()), precision


def lower_end(hits: int, total: int) -> float:
    """Return the lower end of Wilson's interval for a share, one error wide."""
    if not total:
        return 0.0
    share = hits / total
    middle = share + 0.5 / total
    width = math.sqrt((share * (1.0 - share) + 0.25 / total) / total)
    return (middle - width) / (1.0 + 1.0 / total)
