"""What the categorizer has to beat: simple predictors with the same interface.

Here belong baselines, each as plain as it can be. Nothing here is used to categorize.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, Self

import numpy as np
import pandas as pd

from models.features import clean
from models.wording import vendor_key


class Predictor(Protocol):
    """Anything that learns rows with labels and gives probabilities."""

    def fit(self, X: pd.DataFrame, y: Sequence[str]) -> Any:
        """Learn."""
        ...

    def predict_proba(self, X: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Return classes and one probability row per row."""
        ...


class VendorShares:
    """The vendor's account shares, smoothed by the shares of all rows.

    `newest_only` looks at the vendor's last row alone, `smoothing` is in rows; with
    `by_vendor` off it is the most frequent account.
    """

    def __init__(
        self, *, by_vendor: bool, newest_only: bool = False, smoothing: float = 1.0
    ) -> None:
        self.by_vendor = by_vendor
        self.newest_only = newest_only
        self.smoothing = smoothing

    def fit(self, X: pd.DataFrame, y: Sequence[str]) -> Self:
        """Count."""
        self.classes, codes = np.unique(np.array(y, dtype=object), return_inverse=True)
        self.overall = np.bincount(codes) / len(codes)
        self.counts: dict[str, np.ndarray] = {}
        for vendor, code in zip(_vendors(X), codes.tolist(), strict=True):
            row = self.counts.setdefault(vendor, np.zeros(len(self.classes)))
            if self.newest_only:
                row[:] = 0.0
            row[code] += 1.0
        return self

    def predict_proba(self, X: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Return classes and shares."""
        nothing = np.zeros(len(self.classes))
        vendors = _vendors(X) if self.by_vendor else [""] * len(X)
        seen = np.array([self.counts.get(v, nothing) for v in vendors])
        seen = seen.reshape(len(X), len(self.classes)) * self.by_vendor
        total = seen.sum(axis=1, keepdims=True) + self.smoothing
        return self.classes, (seen + self.smoothing * self.overall) / total


class WordModel:
    """A scikit-learn classifier on the words of name and text."""

    def __init__(self, build: Callable[[], tuple[Any, Any]]) -> None:
        self.build = build

    def fit(self, X: pd.DataFrame, y: Sequence[str]) -> Self:
        """Learn."""
        self.features, self.machine = self.build()
        self.machine.fit(self.features.fit_transform(_words(X)), list(y))
        return self

    def predict_proba(self, X: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Return classes and probabilities, from margins where there are none."""
        matrix = self.features.transform(_words(X))
        classes = np.array(self.machine.classes_, dtype=object)
        if hasattr(self.machine, "predict_proba"):
            return classes, self.machine.predict_proba(matrix)
        margins = self.machine.decision_function(matrix)
        if margins.ndim == 1:
            margins = np.column_stack([-margins, margins])
        masses = np.exp(4.0 * (margins - margins.max(axis=1, keepdims=True)))
        return classes, masses / masses.sum(axis=1, keepdims=True)


def baselines() -> dict[str, Predictor]:
    """Return the untrained baselines by name."""
    return {
        "most frequent": VendorShares(by_vendor=False),
        "vendor's last": VendorShares(by_vendor=True, newest_only=True, smoothing=0.1),
        "vendor shares": VendorShares(by_vendor=True),
        "word naive Bayes": WordModel(_naive_bayes),
        "TF-IDF + SVM": WordModel(_support_vectors),
    }


def _naive_bayes() -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.naive_bayes import ComplementNB

    return CountVectorizer(), ComplementNB()


def _support_vectors() -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union
    from sklearn.svm import LinearSVC

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    runs = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True
    )
    return make_union(words, runs), LinearSVC(C=1.0, random_state=0)


def _vendors(rows: pd.DataFrame) -> list[str]:
    return [vendor_key(name) for name in clean(rows)["vendor_name"]]


def _words(rows: pd.DataFrame) -> list[str]:
    cleaned = clean(rows)
    pairs = zip(cleaned["vendor_name"], cleaned["description"], strict=True)
    return [f"{name} {text}" for name, text in pairs]
