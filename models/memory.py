"""What each vendor's lines were put in before: counts under nested keys.

Here belongs counting (newer rows count more, a correction acts at once) and smoothing
the counts of a narrow key by the wider one above it. Which words mean what, and how the
levels are weighed against a text model, does not belong here.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from models.ranker import Beliefs

# Each level with the columns of its key, widest first, and how many rows of belief the
# level above is worth. A narrow key that was seen twice already says a lot.
LEVELS: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("department", ("direction", "department"), 8.0),
    ("vendor", ("vendor",), 1.0),
    ("vendor and size", ("vendor", "bucket"), 1.5),
    ("vendor and department", ("vendor", "department"), 0.7),
    ("vendor and text", ("vendor", "text"), 0.7),
    ("vendor and amount", ("vendor", "amount"), 1.0),
)
# Keys made of nothing but blanks would put strangers together.
MUST_SAY = {
    "department": "department",
    "vendor and department": "department",
    "vendor and text": "text",
}
HALF_LIFE_DAYS = 550.0
# What the text says is no argument against what lines with the same text were put in.
SAME_TEXT = "vendor and text"

Counts = dict[str, dict[int, float]]


@dataclass
class Memory:
    """Weighted counts per level, key and class; the newest day counts 1."""

    anchor: int | None = None
    newest: int = 0
    counts: dict[str, Counts] = field(
        default_factory=lambda: {level: {} for level, _, _ in LEVELS}
    )
    last: dict[str, int] = field(default_factory=dict)

    def learn(self, rows: pd.DataFrame, classes: np.ndarray, weight: float) -> None:
        """Count rows (with their keys, oldest first) under every level."""
        days = rows["day"].to_numpy()
        if self.anchor is None:
            self.anchor = self.newest = int(days.max())
        self.newest = max(self.newest, int(days.max()))
        dated = np.where(days < 0, self.newest, days)
        weights = weight * np.exp2((dated - self.anchor) / HALF_LIFE_DAYS)
        labels = classes.tolist()
        for level, columns, _ in LEVELS:
            _add(self.counts[level], _keys(rows, level, columns), labels, weights)
        self.last.update(zip(rows["vendor"], labels, strict=True))

    def beliefs(
        self, rows: pd.DataFrame, base: np.ndarray, worth: np.ndarray
    ) -> Beliefs:
        """Return the smoothed probabilities of every level, `base` first.

        Args:
            rows: rows with their keys.
            base: what is believed without any history, one probability row per row.
            worth: per row, how many rows of a vendor's history `base` is worth.
        """
        scale = 2.0 ** (((self.anchor or 0) - self.newest) / HALF_LIFE_DAYS)
        levels, totals = [base], []
        for level, columns, strength in LEVELS:
            seen = self._seen(level, _keys(rows, level, columns), base.shape) * scale
            total = seen.sum(axis=1, keepdims=True)
            pseudo = strength * (1.0 if level == SAME_TEXT else worth[:, None])
            levels.append((seen + pseudo * levels[-1]) / (total + pseudo))
            totals.append(total[:, 0])
        last = np.array([self.last.get(vendor, -1) for vendor in rows["vendor"]])
        return Beliefs(levels, np.column_stack(totals), last)

    def of_vendor(self, vendor: str) -> dict[int, float]:
        """Return the weight of each class among this vendor's rows."""
        scale = 2.0 ** (((self.anchor or 0) - self.newest) / HALF_LIFE_DAYS)
        found = self.counts["vendor"].get(vendor, {})
        return {label: weight * scale for label, weight in found.items()}

    def _seen(
        self, level: str, keys: list[str | None], shape: tuple[int, ...]
    ) -> np.ndarray:
        seen = np.zeros(shape)
        counts = self.counts[level]
        for row, key in enumerate(keys):
            if key is not None and key in counts:
                found = counts[key]
                seen[row, list(found)] = list(found.values())
        return seen


def _add(
    counts: Counts, keys: list[str | None], labels: list[int], weights: np.ndarray
) -> None:
    for key, label, weight in zip(keys, labels, weights.tolist(), strict=True):
        if key is not None:
            found = counts.setdefault(key, defaultdict(float))
            found[label] = found.get(label, 0.0) + weight


def _keys(rows: pd.DataFrame, level: str, columns: tuple[str, ...]) -> list[str | None]:
    parts = [[str(value) for value in rows[name].tolist()] for name in columns]
    joined = ["|".join(values) for values in zip(*parts, strict=True)]
    if level not in MUST_SAY:
        return list(joined)
    says = rows[MUST_SAY[level]].tolist()
    return [key if said else None for key, said in zip(joined, says, strict=True)]
