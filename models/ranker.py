"""A choice among a row's likeliest accounts, learned from rows kept back in time.

Here belongs weighing the levels of belief against each other. Its features name no
account and no vendor, only how strongly each level believes; so what it learns is how
far to trust each. Counting and reading text do not belong here.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import minimize

CANDIDATES = 8
MIN_ROWS = 100
# How strongly learned weights are held to the untrained ones, in rows.
PENALTY = 2.0
TINY = 1e-6
# Where two features stand among all: the last level's belief, and the first one's.
NARROWEST, BEFORE_HISTORY = 1, 0


@dataclass(frozen=True)
class Beliefs:
    """What each level believes about rows, and how much each level has seen.

    `levels` holds one matrix (rows by classes) per level, the widest first; the last
    one already has the others in it. `seen` holds one column of row weights per key
    level. `last` is the class of the vendor's newest row, -1 where it has none.
    """

    levels: list[np.ndarray]
    seen: np.ndarray
    last: np.ndarray


@dataclass
class Ranker:
    """Weights of features; untrained, it halves between history and what came before.

    Where people's decisions are history (`history_leads`), the untrained one repeats
    history: a correction must show on the next line.
    """

    history_leads: bool = False
    weights: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def fit(self, beliefs: Beliefs, codes: np.ndarray) -> "Ranker":
        """Learn weights from rows whose account is known but was not counted."""
        chosen = _candidates(beliefs)
        hit = chosen == codes[:, None]
        rows = np.flatnonzero(hit.any(axis=1))
        if len(rows) < MIN_ROWS:
            return self
        features = _features(beliefs, chosen)[rows]
        target = hit[rows].argmax(axis=1)
        start = self._untrained(features.shape[2])
        found = minimize(
            _loss,
            start,
            args=(features, target, start),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": 200},
        )
        self.weights = found.x
        return self

    def predict_proba(self, beliefs: Beliefs) -> np.ndarray:
        """Return probabilities of all classes, the candidates' share divided anew."""
        result = beliefs.levels[-1].copy()
        if not len(self.weights) and self.history_leads:
            return result
        chosen = _candidates(beliefs)
        features = _features(beliefs, chosen)
        weights = self._untrained(features.shape[2])
        weights = self.weights if len(self.weights) else weights
        share = np.take_along_axis(result, chosen, axis=1).sum(axis=1, keepdims=True)
        divided = share * _softmax(features @ weights)
        np.put_along_axis(result, chosen, divided, axis=1)
        return result

    def _untrained(self, width: int) -> np.ndarray:
        weights = np.zeros(width)
        weights[NARROWEST] = 1.0 if self.history_leads else 0.5
        weights[BEFORE_HISTORY] = 1.0 - weights[NARROWEST]
        return weights


def _candidates(beliefs: Beliefs) -> np.ndarray:
    both = beliefs.levels[-1] + 0.5 * beliefs.levels[0]
    count = min(CANDIDATES, both.shape[1])
    return np.argsort(-both, axis=1, kind="stable")[:, :count]


def _features(beliefs: Beliefs, chosen: np.ndarray) -> np.ndarray:
    logs = [
        np.log(np.take_along_axis(level, chosen, axis=1) + TINY)
        for level in beliefs.levels
    ]
    last = (chosen == beliefs.last[:, None]).astype(float)
    told = np.log1p(beliefs.seen)
    weighed = [logs[-1] * told[:, [i]] for i in range(told.shape[1])]
    weighed += [logs[0] * told[:, [i]] for i in range(told.shape[1])]
    weighed += [last * told[:, [0]]]
    return np.stack([logs[0], logs[-1], *logs[1:-1], last, *weighed], axis=2)


def _loss(
    weights: np.ndarray, features: np.ndarray, target: np.ndarray, start: np.ndarray
) -> tuple[float, np.ndarray]:
    chances = _softmax(features @ weights)
    rows = np.arange(len(target))
    away = weights - start
    cost = -np.log(chances[rows, target] + TINY).sum() + PENALTY * (away @ away)
    chances[rows, target] -= 1.0
    slope = np.einsum("rc,rcf->f", chances, features) + 2.0 * PENALTY * away
    return float(cost), slope


def _softmax(scores: np.ndarray) -> np.ndarray:
    masses = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(masses / masses.sum(axis=1, keepdims=True))
