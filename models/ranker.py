"""A choice among a row's candidates, learned from rows kept back in time.

Here belongs weighing the evidence: a linear choice model, boosted trees over it, and
the calibration that makes a probability mean what it says. Counting, reading text and
choosing candidates do not belong here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from models.candidates import ROW_FEATURES, TINY, Candidates
from models.memory import LEVELS, VENDOR
from models.trees import Trees

MIN_ROWS = 100
# How strongly learned weights are held to the untrained ones, in rows.
PENALTY = 2.0
# Where two features stand among all.
CHAIN, BEFORE = 0, 1
# What decides how far scores are to be trusted: nothing here names a candidate.
TRUSTED_BY = ("horizon", "doubt", "quiet", "new", "elsewhere", "told")
UNLIKELY = -3.0
Block = tuple[Candidates, np.ndarray]


def _nothing() -> np.ndarray:
    return np.zeros(0)


@dataclass
class Ranker:
    """Scores candidates; untrained, it halves between history and what came before.

    Where people's decisions are history (`history_leads`), the untrained one repeats
    history: a correction must show on the next line. `sharpness` and `outside` turn
    scores into probabilities, the second that of no candidate being right.
    """

    history_leads: bool = False
    weights: np.ndarray = field(default_factory=_nothing)
    trees: Trees = field(default_factory=Trees)
    sharpness: np.ndarray = field(default_factory=_nothing)
    outside: np.ndarray = field(default_factory=_nothing)

    def fit(self, blocks: Sequence[Block]) -> "Ranker":
        """Learn from blocks of rows, oldest first, that memory had not counted.

        The probabilities are calibrated on the last block, before it is learned from.
        """
        if min(len(codes) for _, codes in blocks) < MIN_ROWS:
            return self
        *older, newest = blocks
        # On a busy machine threads that wait for each other cost minutes.
        with threadpool_limits(limits=1):
            if self._learn(older):
                self._calibrate(*newest)
                self._learn(blocks)
        return self

    def predict(self, given: Candidates) -> tuple[np.ndarray, np.ndarray]:
        """Return candidates' probabilities, and what is left for all other classes."""
        if not len(self.weights) or not len(self.sharpness):
            chances = self._untrained_chances(given)
            return chances, 1.0 - chances.sum(axis=1)
        chances = _chances(
            self._scores(given), _trust(given), self.sharpness, self.outside
        )
        return chances[:, :-1], chances[:, -1]

    def _untrained_chances(self, given: Candidates) -> np.ndarray:
        if self.history_leads:
            return given.chain
        # The text model has not heard of corrections since it was fitted.
        trust = np.where(given.is_corrected, 1.0, 0.5)
        both = trust * np.log(given.chain + TINY)
        both += (1.0 - trust) * np.log(given.before + TINY)
        share = given.chain.sum(axis=1, keepdims=True)
        return np.asarray(share * _softmax(both))

    def _learn(self, blocks: Sequence[Block]) -> bool:
        hits = np.concatenate([c.chosen == codes[:, None] for c, codes in blocks])
        rows = np.flatnonzero(hits.any(axis=1))
        if len(rows) < MIN_ROWS or hits.all():
            return False
        features = np.concatenate([given.features for given, _ in blocks])[rows]
        start = np.zeros(features.shape[2])
        start[CHAIN] = 1.0 if self.history_leads else 0.5
        start[BEFORE] = 1.0 - start[CHAIN]
        target = hits[rows].argmax(axis=1)
        self.weights = _least(_choice_loss(features, target, start), start)
        flat = np.concatenate([self._flat(given) for given, _ in blocks])
        self.trees = Trees().fit(flat, hits.ravel())
        return True

    def _calibrate(self, given: Candidates, codes: np.ndarray) -> None:
        hit = given.chosen == codes[:, None]
        target = np.where(hit.any(axis=1), hit.argmax(axis=1), hit.shape[1])
        trust = _trust(given)
        start = np.zeros(2 * trust.shape[1])
        start[trust.shape[1]] = UNLIKELY
        loss = _calibration_loss(self._scores(given), trust, target, start)
        self.sharpness, self.outside = np.split(_least(loss, start), 2)

    def _scores(self, given: Candidates) -> np.ndarray:
        scores = self.trees.scores(self._flat(given)).reshape(given.chosen.shape)
        return np.asarray(scores - scores.max(axis=1, keepdims=True))

    def _flat(self, given: Candidates) -> np.ndarray:
        """Return one line of features per candidate, the linear score among them."""
        linear = given.features @ self.weights
        linear -= linear.max(axis=1, keepdims=True)
        width = given.features.shape[2]
        shape = (*given.chosen.shape, width + 1 + given.of_rows.shape[1])
        flat = np.empty(shape)
        flat[..., :width] = given.features
        flat[..., width] = linear
        flat[..., width + 1 :] = given.of_rows[:, None, :]
        return flat.reshape(-1, shape[2])


def _trust(given: Candidates) -> np.ndarray:
    """Return per row what says how far its scores are to be trusted."""
    first = len(LEVELS)
    places = [VENDOR, *[first + ROW_FEATURES.index(name) for name in TRUSTED_BY]]
    # A third, so that the penalty weighs on them as on the constant.
    scaled = given.of_rows[:, places] / 3.0
    return np.column_stack([np.ones(len(scaled)), scaled])


def _chances(
    scores: np.ndarray, trust: np.ndarray, sharpness: np.ndarray, outside: np.ndarray
) -> np.ndarray:
    """Return probabilities of the candidates and, last, of none of them."""
    sharp = np.exp(np.clip(trust @ sharpness, -3.0, 3.0))
    return _softmax(np.column_stack([scores * sharp[:, None], trust @ outside]))


Loss = Callable[[np.ndarray], tuple[float, np.ndarray]]


def _choice_loss(features: np.ndarray, target: np.ndarray, start: np.ndarray) -> Loss:
    rows = np.arange(len(target))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        chances = _softmax(features @ weights)
        away = weights - start
        cost = -np.log(chances[rows, target] + TINY).sum() + PENALTY * (away @ away)
        chances[rows, target] -= 1.0
        slope = np.tensordot(chances, features, axes=2) + 2.0 * PENALTY * away
        return float(cost), slope

    return loss


def _calibration_loss(
    scores: np.ndarray, trust: np.ndarray, target: np.ndarray, start: np.ndarray
) -> Loss:
    rows, half = np.arange(len(target)), trust.shape[1]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        chances = _chances(scores, trust, weights[:half], weights[half:])
        away = weights - start
        cost = -np.log(chances[rows, target] + TINY).sum() + PENALTY * (away @ away)
        chances[rows, target] -= 1.0
        sharp = np.exp(np.clip(trust @ weights[:half], -3.0, 3.0))
        of_sharp = (chances[:, :-1] * scores).sum(axis=1) * sharp
        slope = np.concatenate([trust.T @ of_sharp, trust.T @ chances[:, -1]])
        return float(cost), slope + 2.0 * PENALTY * away

    return loss


def _least(loss: Loss, start: np.ndarray) -> np.ndarray:
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return np.asarray(found.x)


def _softmax(scores: np.ndarray) -> np.ndarray:
    masses = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(masses / masses.sum(axis=1, keepdims=True))
