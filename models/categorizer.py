"""The estimator: history of vendors over a text model over what is known beforehand.

Here belongs how the parts are fitted together, and scikit-learn's manners (parameters,
clone, fit, predict). The parts themselves (memory, text model, prior), the choice of a
floor and frames of documents do not belong here.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin

from models.candidates import Candidates, candidates
from models.counting import hashed
from models.errors import CategorizerError
from models.features import clean, with_keys
from models.memory import Memory
from models.ranker import Block, Ranker
from models.text_model import TextModel

CHUNK_ROWS = 16_384
# A correction after the last fit must show on the next line: it counts for so many rows
# of history.
CORRECTION_WEIGHT = 3.0
# What the newest rows are, as seen from the older ones, teaches the ranker.
BLOCKS = ((0.4, 0.6), (0.6, 0.8), (0.8, 1.0))
MOST_KEPT_BACK = 5000
MIN_TO_KEEP_BACK = 1000
# Fewer only tell how far an untrained ranker is to be trusted.
MIN_TO_ADJUST = 50


class Belief(Protocol):
    """Anything that has an opinion before history is looked at."""

    def predict_proba(self, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Return classes and one probability row per row."""
        ...

    def known(self, frame: pd.DataFrame) -> tuple[list[str], list[str]]:
        """Return per row the plainest class and the shared words that say so, or ""."""
        ...

    def worth(self, frame: pd.DataFrame) -> np.ndarray:
        """Return per row how many rows of a vendor's history the belief is worth."""
        ...


class TransactionCategorizer(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Puts transactions in accounts and says how sure it is.

    Args:
        prior: what is believed before any history; None knows nothing.
        floor: `predict` abstains (None) below this confidence; 0 never abstains.
        row_weight: how many rows of history one fitted row counts for.
        text_rows: at most so many distinct rows, the newest, teach the text model.
    """

    def __init__(
        self,
        prior: Belief | None = None,
        floor: float = 0.0,
        row_weight: float = 1.0,
        text_rows: int = 12_000,
    ) -> None:
        self.prior = prior
        self.floor = floor
        self.row_weight = row_weight
        self.text_rows = text_rows

    def fit(self, X: pd.DataFrame, y: Sequence[str]) -> Self:
        """Learn from rows (oldest first) and their accounts."""
        labels = _labels(X, y)
        if not labels:
            raise CategorizerError(
                "Cannot fit the categorizer: no labelled rows were given. Label at "
                "least one row, or use the prior alone."
            )
        # In order of appearance, so that no result hangs on what accounts are called.
        found = dict.fromkeys([*labels, *self._known()])
        self.classes_ = np.array(list(found), dtype=object)
        frame = X.reset_index(drop=True)
        rows = self._keyed(frame)
        codes = self._codes(labels)
        self.ranker_ = Ranker(history_leads=self.prior is not None)
        if len(rows) >= MIN_TO_KEEP_BACK:
            self.ranker_.fit([self._block(frame, rows, codes, at) for at in BLOCKS])
        elif len(rows) >= MIN_TO_ADJUST and self.prior is None:
            self.ranker_.adjust([self._block(frame, rows, codes, at) for at in BLOCKS])
        self._learn(rows, codes)
        return self

    def update(self, X: pd.DataFrame, y: Sequence[str]) -> Self:
        """Learn a few more rows at once; the text model waits for the next fit."""
        if not hasattr(self, "memory_"):
            return self.fit(X, y)
        labels = _labels(X, y)
        if labels:
            # Codes already counted keep their meaning: new classes go last.
            found = dict.fromkeys([*self.classes_, *labels])
            self.classes_ = np.array(list(found), dtype=object)
            rows = self._keyed(X)
            codes = self._codes(labels)
            is_wrong = self._chances(X, rows).argmax(axis=1) != codes
            self.memory_.correct(rows, codes, is_wrong=is_wrong)
            times = np.where(is_wrong, CORRECTION_WEIGHT, 1.0)
            self.memory_.learn(rows, codes, self.row_weight * times)
        return self

    def predict_proba(self, X: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Return the classes and, per row, a probability for each of them.

        Lines of one document are judged together; no other row matters.
        """
        self._must_be_fitted()
        matrix = np.zeros((len(X), len(self.classes_)))
        rows = self._keyed(X)
        for some in _chunks(rows["#document"].to_numpy()):
            matrix[some] = self._chances(X[some], rows[some])
        return self.classes_, matrix

    def confidence(self, X: pd.DataFrame) -> np.ndarray:
        """Return per row the probability of the account that would be chosen."""
        matrix = self.predict_proba(X)[1]
        return matrix.max(axis=1) if len(matrix) else np.zeros(0)

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """Return per row the account, or None where confidence is under the floor."""
        classes, matrix = self.predict_proba(X)
        if not len(matrix):
            return np.zeros(0, dtype=object)
        best = classes[matrix.argmax(axis=1)]
        return np.asarray(np.where(matrix.max(axis=1) >= self.floor, best, None))

    def words_for(
        self, X: pd.DataFrame, pairs: Sequence[tuple[str, str]]
    ) -> list[list[str]]:
        """Return per row the words that spoke for its first class against the second.

        Empty where the text model has not learned both.
        """
        self._must_be_fitted()
        chosen, others = (
            np.array([*self._codes([pair[i] for pair in pairs])]) for i in range(2)
        )
        return self.text_.words_for(clean(X), chosen, others)

    def seen_as(self, X: pd.DataFrame, y: Sequence[str]) -> Block:
        """Return rows' candidates and their right codes; -1 for classes not known."""
        rows = self._keyed(X)
        code = {label: i for i, label in enumerate(self.classes_)}
        codes = np.array([code.get(label, -1) for label in _labels(X, y)])
        return self._candidates(X, rows, self._base(X, rows)), codes

    def _keyed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows with the keys memory counts under."""
        rows = with_keys(clean(frame))
        nothing = [""] * len(rows)
        known = (nothing, nothing) if self.prior is None else self.prior.known(frame)
        keys = zip(("#known", "#phrase"), map(hashed, known), strict=True)
        return rows.assign(**dict(keys))

    def _learn(self, rows: pd.DataFrame, codes: np.ndarray) -> None:
        self.memory_ = Memory()
        self.memory_.learn(rows, codes, self.row_weight)
        self.memory_.settled = self.memory_.rows
        self.text_ = TextModel(self.text_rows).fit(rows, codes)

    def _block(
        self,
        frame: pd.DataFrame,
        rows: pd.DataFrame,
        codes: np.ndarray,
        shares: tuple[float, float],
    ) -> Block:
        """Return candidates of newer rows, as seen by what the older ones taught."""
        start, end = (int(len(rows) * share) for share in shares)
        self._learn(rows[:start], codes[:start])
        newer = slice(start, min(end, start + MOST_KEPT_BACK))
        given = self._base(frame[newer], rows[newer])
        return self._candidates(frame[newer], rows[newer], given), codes[newer]

    def _chances(self, frame: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
        result = self._base(frame, rows)
        given = self._candidates(frame, rows, result)
        chances, left = self.ranker_.predict(given)
        codes, changed = self.memory_.corrections(rows)
        is_corrected = codes[:, None] == given.chosen
        changed = changed * is_corrected.any(axis=1)
        chances = (1.0 - changed)[:, None] * chances + changed[:, None] * is_corrected
        left = (1.0 - changed) * left
        np.put_along_axis(result, given.chosen, 0.0, axis=1)
        total = result.sum(axis=1)
        scale = np.divide(left, total, out=np.zeros_like(left), where=total > 0)
        result *= scale[:, None]
        # Doubt is shared out by how usual accounts are: it must not choose one.
        np.minimum(result, 0.5 * chances.max(axis=1, keepdims=True), out=result)
        np.put_along_axis(result, given.chosen, chances, axis=1)
        result /= result.sum(axis=1, keepdims=True)
        return result

    def _candidates(
        self, frame: pd.DataFrame, rows: pd.DataFrame, base: np.ndarray
    ) -> Candidates:
        worth = np.ones(len(rows)) if self.prior is None else self.prior.worth(frame)
        return candidates(rows, base, worth, self.memory_)

    def _base(self, frame: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
        text = self.text_.predict_proba(rows, len(self.classes_))
        if self.prior is None:
            return text
        classes, matrix = self.prior.predict_proba(frame)
        prior = np.zeros_like(text)
        prior[:, self._codes(list(classes))] = matrix
        # What is plainly known beforehand is not talked down by a text model that has
        # never seen the like.
        share = self.text_.share * (1.0 - prior.max(axis=1, keepdims=True, initial=0.0))
        return np.asarray(share * text + (1.0 - share) * prior)

    def _known(self) -> list[str]:
        if self.prior is None:
            return []
        nothing = pd.DataFrame({"vendor_name": pd.Series(dtype=object)})
        return list(self.prior.predict_proba(nothing)[0])

    def _codes(self, labels: Sequence[str]) -> np.ndarray:
        code = {label: i for i, label in enumerate(self.classes_)}
        return np.array([code[label] for label in labels], dtype=np.int64)

    def _must_be_fitted(self) -> None:
        if not hasattr(self, "memory_"):
            raise CategorizerError(
                "Cannot predict: the categorizer has not been fitted. Call fit first."
            )


def new_categorizer() -> TransactionCategorizer:
    """Return an untrained categorizer that knows no chart and never abstains."""
    return TransactionCategorizer()


def _chunks(documents: np.ndarray) -> Iterator[slice]:
    """Yield some rows after the other; documents in one piece stay in one."""
    ends = np.append(
        np.flatnonzero(documents[1:] != documents[:-1]) + 1, len(documents)
    )
    start = 0
    while start < len(documents):
        wanted = min(start + CHUNK_ROWS, len(documents))
        end = int(ends[np.searchsorted(ends, wanted)])
        yield slice(start, end)
        start = end


def _labels(rows: pd.DataFrame, labels: Sequence[str]) -> list[str]:
    found = [str(label) for label in labels]
    if len(found) != len(rows):
        raise CategorizerError(
            f"Cannot fit the categorizer: {len(rows)} rows came with {len(found)} "
            "labels. Give one label per row."
        )
    return found
