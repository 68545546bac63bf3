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
# How strongly learned weights are held to the untrained ones, in rows; where few rows
# only adjust what other ledgers taught, to that.
PENALTY, FEW_PENALTY = 2.0, 20.0
# Where two features stand among all.
CHAIN, BEFORE = 0, 1
# What decides how far scores are to be trusted: nothing here names a candidate.
TRUSTED_BY = ("horizon", "doubt", "quiet", "new", "elsewhere", "told", "lines")
UNLIKELY = -3.0
LEAST_TRUSTED = -6.0
# So that the penalty weighs on what decides trust as on the constant.
SCALE = 3.0
# The trees look at candidates that the linear model finds at least exp(-5) times as
# likely as the best one: the others cost a third of the time.
CLOSE = -5.0
# How far an untrained one is to be trusted, as small ledgers taught that were drawn
# from the older rows of public ones (calibrated_untrained): a constant, the vendor's
# rows, then TRUSTED_BY.
FEW_SHARPNESS = np.array(
    [0.647, 0.168, 0.027, -1.373, -0.183, -0.206, 0.375, -2.429, -0.214]
)
FEW_OUTSIDE = np.array([-2.183, -1.564, 0.415, 3.437, 0.68, 0.76, 2.589, -2.784, 1.036])
Block = tuple[Candidates, np.ndarray]


@dataclass
class Ranker:
    """Scores candidates; untrained, it halves between history and what came before.

    Where people's decisions are history (`history_leads`), the untrained one repeats
    history: a correction must show on the next line. `sharpness` and `outside` turn
    scores into probabilities, the second that of no candidate being right.
    """

    history_leads: bool = False
    weights: np.ndarray = field(default_factory=lambda: np.zeros(0))
    trees: Trees = field(default_factory=Trees)
    sharpness: np.ndarray = field(default_factory=FEW_SHARPNESS.copy)
    outside: np.ndarray = field(default_factory=FEW_OUTSIDE.copy)

    def fit(self, blocks: Sequence[Block]) -> "Ranker":
        """Learn from blocks of rows, oldest first, that memory had not counted.

        The probabilities are calibrated on all blocks but the first, each as scored by
        what the blocks before it taught.
        """
        if min(len(codes) for _, codes in blocks) < MIN_ROWS:
            return self
        # On a busy machine threads that wait for each other cost minutes.
        with threadpool_limits(limits=1):
            judged = [
                (*self._weighed(given), _places(given, codes))
                for count, (given, codes) in enumerate(blocks)
                if count and self._learn(blocks[:count])
            ]
            if judged:
                scores, trust, places = map(np.concatenate, zip(*judged, strict=True))
                self.sharpness, self.outside = _calibrated(scores, trust, places)
                self._learn(blocks)
        return self

    def adjust(self, blocks: Sequence[Block]) -> "Ranker":
        """Learn from few rows only how far scores are to be trusted in this ledger."""
        shipped = np.concatenate([self.sharpness, self.outside])
        self.sharpness, self.outside = _calibrated(
            *_untrained(blocks), shipped, FEW_PENALTY
        )
        return self

    def predict(self, given: Candidates) -> tuple[np.ndarray, np.ndarray]:
        """Return candidates' probabilities, and what is left for all other classes."""
        if len(self.weights):
            scores, trust = self._weighed(given)
        elif self.history_leads:
            return given.chain, 1.0 - given.chain.sum(axis=1)
        else:
            scores, trust = _halved(given), _trust(given)
        chances = _chances(scores, trust, self.sharpness, self.outside)
        return chances[:, :-1], chances[:, -1]

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
        is_close = self._linear(flat) >= CLOSE
        self.trees = Trees().fit(flat[is_close], hits.ravel()[is_close])
        return True

    def _weighed(self, given: Candidates) -> tuple[np.ndarray, np.ndarray]:
        """Return the candidates' scores, and what says how far they are to be trusted.

        That is what is true of the row, and of the candidate that scores best, and how
        likely that is on the lines of the same document.
        """
        scores = self._scores(given)
        best = scores.argmax(axis=1)[:, None]
        features = np.take_along_axis(given.features, best[:, :, None], axis=1)[:, 0]
        together = np.take_along_axis(_together(given, scores), best, axis=1)
        of_best = np.column_stack([features, together])
        # What has hardly any chance says no more than what has little.
        of_best = np.maximum(of_best, LEAST_TRUSTED) / SCALE
        return scores, np.column_stack([_trust(given), of_best])

    def _scores(self, given: Candidates) -> np.ndarray:
        """Return the mean of both models' scores, 0 for a row's best candidate."""
        flat = self._flat(given)
        linear = self._linear(flat)
        is_close = linear >= CLOSE
        grown = np.full(len(flat), -np.inf)
        grown[is_close] = self.trees.scores(flat[is_close])
        shape = given.chosen.shape
        behind = grown.reshape(shape) - grown.reshape(shape).max(axis=1)[:, None]
        behind = np.where(is_close.reshape(shape), behind, linear.reshape(shape))
        both = 0.5 * (behind + linear.reshape(shape))
        return np.asarray(both - both.max(axis=1, keepdims=True))

    def _linear(self, flat: np.ndarray) -> np.ndarray:
        """Return the linear score of each candidate, 0 for a row's best."""
        return np.asarray(flat[:, len(self.weights)])

    def _flat(self, given: Candidates) -> np.ndarray:
        """Return one line of features per candidate, the linear score among them.

        Last is what that score says on the lines of the same document.
        """
        linear = given.features @ self.weights
        linear -= linear.max(axis=1, keepdims=True)
        width = given.features.shape[2]
        shape = (*given.chosen.shape, width + 2 + given.of_rows.shape[1])
        flat = np.empty(shape)
        flat[..., :width] = given.features
        flat[..., width] = linear
        flat[..., width + 1 : -1] = given.of_rows[:, None, :]
        flat[..., -1] = _together(given, linear)
        return flat.reshape(-1, shape[2])


def calibrated_untrained(blocks: Sequence[Block]) -> tuple[np.ndarray, np.ndarray]:
    """Return what makes an untrained ranker's scores probabilities, from many ledgers.

    FEW_SHARPNESS and FEW_OUTSIDE are made by it: tests/benchmarks/few_rows.py.
    """
    return _calibrated(*_untrained(blocks))


def _untrained(blocks: Sequence[Block]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return an untrained ranker's scores, what says how far to trust them, places."""
    return (
        np.concatenate([_halved(given) for given, _ in blocks]),
        np.concatenate([_trust(given) for given, _ in blocks]),
        np.concatenate([_places(given, codes) for given, codes in blocks]),
    )


def _calibrated(
    scores: np.ndarray,
    trust: np.ndarray,
    target: np.ndarray,
    start: np.ndarray | None = None,
    penalty: float = PENALTY,
) -> tuple[np.ndarray, np.ndarray]:
    """Return sharpness and outside; the penalty, in rows, holds them to the start."""
    if start is None:
        start = np.zeros(2 * trust.shape[1])
        start[trust.shape[1]] = UNLIKELY
    loss = _calibration_loss(scores, trust, target, start, penalty)
    sharpness, outside = np.split(_least(loss, start), 2)
    return sharpness, outside


def _together(given: Candidates, scores: np.ndarray) -> np.ndarray:
    """Return the logarithm of each candidate's mean chance on its document's lines."""
    return np.asarray(np.log(given.siblings.mean(_softmax(scores)) + TINY))


def _places(given: Candidates, codes: np.ndarray) -> np.ndarray:
    """Return the place of each right class among its candidates, or past the last."""
    hit = given.chosen == codes[:, None]
    place: np.ndarray = np.where(hit.any(axis=1), hit.argmax(axis=1), hit.shape[1])
    return place


def _halved(given: Candidates) -> np.ndarray:
    """Return scores that halve between history and what came before it."""
    # The text model has not heard of corrections since it was fitted.
    share = np.where(given.is_corrected, 1.0, 0.5)
    both = share * np.log(given.chain + TINY)
    both += (1.0 - share) * np.log(given.before + TINY)
    return np.asarray(both - both.max(axis=1, keepdims=True))


def _trust(given: Candidates) -> np.ndarray:
    """Return what is true of each row that says how far its scores are trusted."""
    first = len(LEVELS)
    places = [VENDOR, *[first + ROW_FEATURES.index(name) for name in TRUSTED_BY]]
    scaled = given.of_rows[:, places] / SCALE
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
    scores: np.ndarray,
    trust: np.ndarray,
    target: np.ndarray,
    start: np.ndarray,
    penalty: float,
) -> Loss:
    rows, half = np.arange(len(target)), trust.shape[1]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        chances = _chances(scores, trust, weights[:half], weights[half:])
        away = weights - start
        cost = -np.log(chances[rows, target] + TINY).sum() + penalty * (away @ away)
        chances[rows, target] -= 1.0
        sharp = np.exp(np.clip(trust @ weights[:half], -3.0, 3.0))
        of_sharp = (chances[:, :-1] * scores).sum(axis=1) * sharp
        slope = np.concatenate([trust.T @ of_sharp, trust.T @ chances[:, -1]])
        return float(cost), slope + 2.0 * penalty * away

    return loss


def _least(loss: Loss, start: np.ndarray) -> np.ndarray:
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return np.asarray(found.x)


def _softmax(scores: np.ndarray) -> np.ndarray:
    masses = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(masses / masses.sum(axis=1, keepdims=True))
