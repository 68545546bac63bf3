"""Boosted trees as plain arrays: grown by scikit-learn, read back without code.

Here belongs growing, scoring, and turning trees into arrays and back. What they are
grown on does not belong here.
"""

from dataclasses import dataclass, field

import numpy as np

from models.errors import CategorizerError

TREES, LEAVES, RATE, LEAST_LEAF = 40, 15, 0.2, 40
DAMPED = 5.0
# So many rows stay in the processor's cache while all trees look at them.
TOGETHER = 2048


@dataclass
class Trees:
    """A sum of regression trees: the log-odds of a candidate being the right one.

    `nodes` holds the trees one after the other, `sizes` how many nodes each has.
    """

    start: float = 0.0
    nodes: np.ndarray = field(default_factory=lambda: np.zeros(0))
    sizes: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def fit(self, features: np.ndarray, hits: np.ndarray) -> "Trees":
        """Grow trees that tell hits from misses."""
        from sklearn.ensemble import HistGradientBoostingClassifier

        machine = HistGradientBoostingClassifier(
            max_iter=TREES,
            max_leaf_nodes=LEAVES,
            learning_rate=RATE,
            min_samples_leaf=LEAST_LEAF,
            l2_regularization=DAMPED,
            early_stopping=False,
            random_state=0,
        )
        machine.fit(features, hits)
        grown = [tree.nodes for (tree,) in machine._predictors]  # noqa: SLF001
        self.start = float(np.ravel(machine._baseline_prediction)[0])  # noqa: SLF001
        self.nodes = np.concatenate(grown)
        self.sizes = np.array([len(nodes) for nodes in grown])
        return self

    def scores(self, features: np.ndarray) -> np.ndarray:
        """Return the log-odds of each row."""
        from sklearn.ensemble._hist_gradient_boosting.predictor import TreePredictor

        nothing = np.zeros((0, 8), dtype=np.uint32)
        places = np.zeros(features.shape[1], dtype=np.uint32)
        trees = [
            TreePredictor(nodes, nothing, nothing)
            for nodes in np.split(self.nodes, np.cumsum(self.sizes)[:-1])
        ]
        total = np.full(len(features), self.start)
        for start in range(0, len(features), TOGETHER):
            some = features[start : start + TOGETHER]
            for tree in trees:
                total[start : start + TOGETHER] += tree.predict(
                    some, nothing, places, 1
                )
        return total

    def as_arrays(self) -> dict[str, np.ndarray]:
        """Return everything as arrays of plain numbers."""
        names = self.nodes.dtype.names or ()
        columns = {f"trees_{name}": self.nodes[name] for name in names}
        return {
            "trees": np.array([self.start]),
            "trees_sizes": self.sizes,
            **columns,
        }

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray], width: int) -> "Trees":
        """Read trees back; those that point outside themselves are refused.

        Args:
            arrays: what `as_arrays` returned.
            width: how many features there are.

        Raises:
            CategorizerError: the arrays are no trees over so many features.
        """
        from sklearn.ensemble._hist_gradient_boosting.common import (
            PREDICTOR_RECORD_DTYPE,
        )

        sizes = arrays["trees_sizes"]
        if not len(sizes):
            return cls()
        nodes = np.zeros(int(sizes.sum()), dtype=PREDICTOR_RECORD_DTYPE)
        for name in nodes.dtype.names or ():
            nodes[name] = arrays[f"trees_{name}"]
        _refuse_stray(nodes, sizes, width)
        return cls(float(arrays["trees"][0]), nodes, sizes)


def _refuse_stray(nodes: np.ndarray, sizes: np.ndarray, width: int) -> None:
    inner = nodes["is_leaf"] == 0
    place = np.concatenate([np.arange(size) for size in sizes])
    size = np.repeat(sizes, sizes)
    sides = (nodes["left"], nodes["right"])
    forward = [(side > place) & (side < size) for side in sides]
    whole = forward[0] & forward[1] & (nodes["feature_idx"] < width)
    if not (whole | ~inner).all() or nodes["is_categorical"].any():
        raise CategorizerError("Its trees point outside themselves.")
