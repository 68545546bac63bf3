"""Each row's likeliest accounts, and what speaks for each in figures without a name.

Here belongs choosing candidates, smoothing memory's counts level by level, and turning
both into features. No feature names an account or a vendor, so what is learned from
them is how far to trust each kind of evidence. Learning that does not belong here.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.memory import LEVELS, SAME_TEXT, VENDOR, Memory, Seen

CANDIDATES = 8
TINY = 1e-6
# Half a row of belief keeps a level that has seen nothing at what its vendor does.
LOOSE = 0.5
DEPARTMENT = 0


@dataclass(frozen=True)
class Candidates:
    """Rows with their likeliest classes, best guess of the untrained chain first.

    `chosen`, `before` (without history) and `chain` (with it) are rows by candidates;
    `features` has a third axis, `of_rows` one row of features per row.
    """

    chosen: np.ndarray
    before: np.ndarray
    chain: np.ndarray
    features: np.ndarray
    of_rows: np.ndarray


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
    levels = _smoothed(before, seen, worth)
    chain = levels[-1]
    features, of_rows = _features(rows, memory, seen, before, levels)
    return Candidates(chosen, before, chain, features, of_rows)


def _chosen(rows: pd.DataFrame, base: np.ndarray, memory: Memory) -> np.ndarray:
    width = base.shape[1]
    of_vendor = memory.of_vendors(rows, VENDOR, width)
    of_department = memory.of_vendors(rows, DEPARTMENT, width)
    both = (of_vendor + base) / (of_vendor.sum(axis=1, keepdims=True) + 1.0)
    both += 0.5 * base
    both += 0.1 * of_department / (of_department.sum(axis=1, keepdims=True) + 1.0)
    count = min(CANDIDATES, width)
    if count == width:
        found = np.tile(np.arange(width), (len(rows), 1))
    else:
        found = np.argpartition(-both, count - 1, axis=1)[:, :count]
    order = np.argsort(-np.take_along_axis(both, found, axis=1), axis=1, kind="stable")
    return np.take_along_axis(found, order, axis=1)


def _smoothed(before: np.ndarray, seen: Seen, worth: np.ndarray) -> list[np.ndarray]:
    """Return the probabilities of every nested level, each smoothed by the one above."""
    levels = [before]
    for i, level in enumerate(LEVELS):
        if level.nested:
            trust = 1.0 if i == SAME_TEXT else worth[:, None]
            pseudo = level.strength * trust
            levels.append(
                (seen.weights[i] + pseudo * levels[-1]) / (seen.totals[i] + pseudo)
            )
    return levels


def _features(
    rows: pd.DataFrame,
    memory: Memory,
    seen: Seen,
    before: np.ndarray,
    levels: list[np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:
    chain, of_vendor = levels[-1], levels[2]
    log_chain = _log(chain)
    siblings = _siblings(rows, log_chain)
    alone = [
        _log((weights + LOOSE * of_vendor) / (totals + LOOSE))
        for weights, totals in zip(seen.weights, seen.totals, strict=True)
    ]
    told = [np.log1p(totals) for totals in seen.totals]
    last = [
        ((mine == newest) & np.isfinite(mine)).astype(float)
        for mine, newest in zip(seen.last, seen.last_of_any, strict=True)
    ]
    day = rows["day"].to_numpy()[:, None].astype(float)
    horizon = np.log1p(np.clip(day - memory.newest, 0.0, 2000.0))
    size = rows["size"].to_numpy()[:, None]
    mine, total = seen.weights[VENDOR], seen.totals[VENDOR]
    away = np.where(mine > 0, np.abs(size - seen.size_mean), 3.0)
    strange = np.where(mine > 0, away / (seen.size_spread + 0.5), 3.0)
    per_candidate = [
        log_chain,
        _log(before),
        *[_log(level) for level in levels[1:-1]],
        *alone,
        *last,
        *[log_chain * t for t in told],
        *[_log(before) * t for t in told],
        last[VENDOR] * told[VENDOR],
        np.log1p(mine),
        away,
        strange,
        np.log1p(np.clip(day - np.maximum(seen.last_day, 0), 0, 3000)) * (mine > 0),
        log_chain - log_chain.max(axis=1, keepdims=True),
        siblings,
        np.argsort(np.argsort(-chain, axis=1), axis=1).astype(float),
    ]
    shape = before.shape
    entropy = -(chain * log_chain).sum(axis=1, keepdims=True)
    quiet = np.log1p(np.clip(day - np.maximum(seen.last_day_of_any, 0), 0, 3000))
    quiet = np.where(total > 0, quiet, 9.0)
    row_wise = [
        *told,
        horizon,
        size,
        entropy,
        quiet,
        (total <= 0).astype(float),
        1.0 - chain.sum(axis=1, keepdims=True),
        before.max(axis=1, keepdims=True),
        _lines(rows)[:, None],
        (rows["text"] != "").to_numpy()[:, None].astype(float),
    ]
    features = np.stack([np.broadcast_to(f, shape) for f in per_candidate], axis=2)
    return features, np.concatenate(row_wise, axis=1)


def _siblings(rows: pd.DataFrame, scores: np.ndarray) -> np.ndarray:
    """Return per candidate place the mean score over the lines of the document."""
    return scores


def _lines(rows: pd.DataFrame) -> np.ndarray:
    _, inverse, counts = np.unique(
        rows["#document"].to_numpy(), return_inverse=True, return_counts=True
    )
    said = (rows["doc_id"] != "").to_numpy()
    return np.asarray(np.where(said, np.log1p(counts[inverse]), 0.0))


def _log(probabilities: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(probabilities + TINY))
