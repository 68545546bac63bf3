"""Each row's likeliest accounts, and what speaks for each in figures without a name.

Here belongs choosing candidates, smoothing memory's counts level by level, and turning
both into features. No feature names an account or a vendor, so what is learned from
them is how far to trust each kind of evidence. Learning that does not belong here.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.counting import BLANK
from models.memory import LEVELS, VENDOR, Memory, Seen
from models.siblings import Siblings

CANDIDATES = 6
TINY = 1e-6
# Half a row of belief keeps a level that has seen nothing at what its vendor does.
LOOSE = 0.5
# What stands for a distance where there is nothing to be distant from.
FAR = 3.0
LONGEST_DAYS, NEVER = 3000.0, 9.0
MOST_LINES = 50
# Beside the vendor's own accounts, the levels it is smoothed by name candidates.
NAMING = [i for i, level in enumerate(LEVELS[:VENDOR]) if level.nested]
# Features of rows after the totals of the levels; `of_rows` holds them in this order.
ROW_FEATURES = (
    "horizon",
    "size",
    "doubt",
    "quiet",
    "new",
    "elsewhere",
    "told",
    "said",
    "lines",
)


@dataclass(frozen=True)
class Candidates:
    """Rows with their likeliest classes.

    `chosen`, `before` (without history) and `chain` (with it) are rows by candidates;
    `features` has a third axis, `of_rows` one row of features per row; `is_corrected`
    tells rows of vendors that were corrected since the last fit, `siblings` which rows
    are of one document.
    """

    chosen: np.ndarray
    before: np.ndarray
    chain: np.ndarray
    features: np.ndarray
    of_rows: np.ndarray
    is_corrected: np.ndarray
    siblings: Siblings


def candidates(
    rows: pd.DataFrame, base: np.ndarray, worth: np.ndarray, memory: Memory
) -> Candidates:
    """Return each row's candidates.

    Args:
        rows: rows with their keys.
        base: what is believed without any history, one probability row per row.
        worth: per row, how many rows of a vendor's history `base` is worth.
        memory: what the vendors' rows were put in.
    """
    chosen = _chosen(rows, base, memory)
    before = np.take_along_axis(base, chosen, axis=1)
    seen = memory.seen(rows, chosen)
    of_vendor, chain = _smoothed(before, seen, worth)
    features = _of_candidates(rows, seen, before, of_vendor, chain)
    siblings = Siblings.of(rows["#document"].to_numpy(), chosen)
    of_rows = _of_rows(rows, memory, seen, before, chain, siblings)
    return Candidates(
        chosen, before, chain, features, of_rows, seen.is_corrected, siblings
    )


def _chosen(rows: pd.DataFrame, base: np.ndarray, memory: Memory) -> np.ndarray:
    width = base.shape[1]
    of_vendor = memory.of_classes(rows, VENDOR, width)
    total = of_vendor.sum(axis=1, keepdims=True) + 1.0
    both = of_vendor / total + base * (0.5 + 1.0 / total)
    for level in NAMING:
        if all((rows[f"#{n}"] != BLANK).any() for n in LEVELS[level].must_say):
            found = memory.of_classes(rows, level, width)
            both += 0.1 * found / (found.sum(axis=1, keepdims=True) + 1.0)
    chosen = np.empty((len(rows), min(CANDIDATES, width)), dtype=np.int64)
    each = np.arange(len(rows))
    for place in range(chosen.shape[1]):
        chosen[:, place] = both.argmax(axis=1)
        both[each, chosen[:, place]] = -1.0
    return chosen


def _smoothed(
    before: np.ndarray, seen: Seen, worth: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what vendors do, and what all nested levels together say."""
    chain = of_vendor = before
    for i, level in enumerate(LEVELS):
        if level.nested:
            trust = worth[:, None] if level.yields else 1.0
            least = seen.totals[i] * (1.0 / level.most - 1.0)
            pseudo = np.maximum(level.strength * trust, least)
            chain = (seen.weights[i] + pseudo * chain) / (seen.totals[i] + pseudo)
        if i == VENDOR:
            of_vendor = chain
    return of_vendor, chain


def _of_candidates(
    rows: pd.DataFrame,
    seen: Seen,
    before: np.ndarray,
    of_vendor: np.ndarray,
    chain: np.ndarray,
) -> np.ndarray:
    mine = seen.weights[VENDOR]
    is_seen = mine > 0
    size = rows["size"].to_numpy()[:, None]
    away = np.where(is_seen, np.abs(size - seen.size_mean), FAR)
    spread = np.where(is_seen, away / (seen.size_spread + 0.5), FAR)
    log_chain = _log(chain)
    told = zip(seen.weights, seen.totals, strict=True)
    features = [
        log_chain,
        _log(before),
        *[_log((w + LOOSE * of_vendor) / (t + LOOSE)) for w, t in told],
        *seen.is_last,
        np.log1p(mine),
        away,
        spread,
        _since(rows, seen.last_day) * is_seen,
        log_chain - log_chain.max(axis=1, keepdims=True),
        np.argsort(np.argsort(-chain, axis=1), axis=1),
    ]
    return np.stack(features, axis=2)


def _of_rows(
    rows: pd.DataFrame,
    memory: Memory,
    seen: Seen,
    before: np.ndarray,
    chain: np.ndarray,
    siblings: Siblings,
) -> np.ndarray:
    total = seen.totals[VENDOR]
    quiet = np.where(total > 0, _since(rows, seen.last_day_of_any), NEVER)
    features = {
        "horizon": _since(rows, np.array([[memory.newest]])),
        "size": rows["size"].to_numpy()[:, None],
        "doubt": -(chain * _log(chain)).sum(axis=1, keepdims=True),
        "quiet": quiet,
        "new": total <= 0,
        "elsewhere": 1.0 - chain.sum(axis=1, keepdims=True),
        "told": before.max(axis=1, keepdims=True),
        "said": (rows["text"] != "").to_numpy()[:, None],
        "lines": np.log(np.minimum(siblings.lines, MOST_LINES))[:, None],
    }
    told = [np.log1p(totals) for totals in seen.totals]
    return np.concatenate([*told, *[features[name] for name in ROW_FEATURES]], axis=1)


def _since(rows: pd.DataFrame, days: np.ndarray) -> np.ndarray:
    """Return the logarithm of the days that passed; nothing for what is not dated."""
    day = rows["day"].to_numpy()[:, None].astype(float)
    passed = np.clip(day - np.maximum(days, 0.0), 0.0, LONGEST_DAYS)
    return np.asarray(np.log1p(passed))


def _log(probabilities: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(probabilities + TINY))
