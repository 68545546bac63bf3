"""A choice among a row's candidates, learned from rows kept back in time.

Here belongs weighing the evidence: a linear choice model, boosted trees beside it, and
the calibration that makes their probability mean what it says. Counting, reading text
and choosing candidates do not belong here.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import minimize

from models.candidates import Candidates

MIN_ROWS = 100
# How strongly learned weights are held to the untrained ones, in rows.
PENALTY = 2.0
TINY = 1e-6
CHAIN, BEFORE = 0, 1


@dataclass
class Ranker:
    history_leads: bool = False
    weights: np.ndarray = field(default_factory=lambda: np.zeros(0))
    trees: Any = None
    sharpness: np.ndarray = field(default_factory=lambda: np.zeros(0))
    outside: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def fit(self, blocks: list[tuple[Candidates, np.ndarray]]) -> "Ranker":
        """Learn from blocks of rows, oldest first, that memory had not counted."""
        if len(blocks) > 1:
            self._learn(blocks[:-1])
            self._calibrate(*blocks[-1])
        self._learn(blocks)
        return self

    def _learn(self, blocks):
        features = np.concatenate([c.features for c, _ in blocks])
        of_rows = np.concatenate([c.of_rows for c, _ in blocks])
        hit = np.concatenate([c.chosen == codes[:, None] for c, codes in blocks])
        rows = np.flatnonzero(hit.any(axis=1))
        start = self._untrained(features.shape[2])
        self.weights = minimize(_loss, start, args=(features[rows], hit[rows].argmax(axis=1), start), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
        from sklearn.ensemble import HistGradientBoostingClassifier
        import os
        it=int(os.environ.get('IT','120'))
        machine = HistGradientBoostingClassifier(max_iter=it, max_leaf_nodes=15, learning_rate=float(os.environ.get('LR','0.08')), min_samples_leaf=40, l2_regularization=5.0, early_stopping=False, random_state=0)
        machine.fit(self._flat(features, of_rows), hit.ravel())
        self.trees = machine

    def _flat(self, features, of_rows):
        lin = features @ self.weights
        lin = lin - lin.max(axis=1, keepdims=True)
        wide = np.repeat(of_rows[:, None, :], features.shape[1], axis=1)
        both = np.concatenate([features, lin[..., None], wide], axis=2)
        return both.reshape(-1, both.shape[2]).astype(np.float32)

    def scores(self, given):
        lin = given.features @ self.weights
        lin = lin - lin.max(axis=1, keepdims=True)
        if self.trees is None: return lin
        gb = self.trees.decision_function(self._flat(given.features, given.of_rows)).reshape(lin.shape)
        gb = gb - gb.max(axis=1, keepdims=True)
        import os
        a=float(os.environ.get('MIX','0.5'))
        return (1-a)*lin + a*gb

    def _calibrate(self, given, codes):
        scores, hit = self.scores(given), given.chosen == codes[:, None]
        r = self._r(given)
        k = r.shape[1]
        target = np.where(hit.any(axis=1), hit.argmax(axis=1), hit.shape[1])
        start = np.zeros(2 * k); start[k] = -3.0
        def loss(w):
            sharp = np.exp(np.clip(r @ w[:k], -3, 3))
            z = np.concatenate([scores * sharp[:, None], (r @ w[k:])[:, None]], axis=1)
            p = _softmax(z)
            n = np.arange(len(target))
            away = w - start
            cost = -np.log(p[n, target] + 1e-12).sum() + PENALTY * (away @ away)
            d = p.copy(); d[n, target] -= 1
            gs = ((d[:, :-1] * scores).sum(axis=1) * sharp)
            slope = np.concatenate([r.T @ gs, r.T @ d[:, -1]]) + 2 * PENALTY * away
            return cost, slope
        found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
        self.sharpness, self.outside = found[:k], found[k:]

    def _r(self, given):
        o = given.of_rows
        from models.memory import LEVELS, VENDOR
        n = len(LEVELS)
        # vendor told, horizon, entropy, new, rest, best before
        cols = [o[:, VENDOR], o[:, n], o[:, n + 2], o[:, n + 3], o[:, n + 4], np.log(o[:, n + 5].clip(1e-4)), o[:, n + 6]]
        return np.column_stack([np.ones(len(o)), *[c / 3.0 for c in cols]])

    def predict(self, given) -> tuple[np.ndarray, np.ndarray]:
        """Return candidates' probabilities and what is left for all other classes."""
        if not len(self.weights):
            if self.history_leads:
                share = given.chain
            else:
                z = 0.5 * np.log(given.chain + TINY) + 0.5 * np.log(given.before + TINY)
                share = given.chain.sum(axis=1, keepdims=True) * _softmax(z)
            return share, 1.0 - share.sum(axis=1)
        scores = self.scores(given)
        if not len(self.sharpness):
            share = given.chain.sum(axis=1, keepdims=True) * _softmax(scores)
            return share, 1.0 - share.sum(axis=1)
        r = self._r(given)
        sharp = np.exp(np.clip(r @ self.sharpness, -3, 3))
        p = _softmax(np.concatenate([scores * sharp[:, None], (r @ self.outside)[:, None]], axis=1))
        return p[:, :-1], p[:, -1]

    def _untrained(self, width: int) -> np.ndarray:
        weights = np.zeros(width)
        weights[CHAIN] = 1.0 if self.history_leads else 0.5
        weights[BEFORE] = 1.0 - weights[CHAIN]
        return weights


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
