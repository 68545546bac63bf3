"""Lines of one document, which are often put in accounts that go together.

Here belongs what a document's lines say together about each candidate. Which rows are
of one document is a key of theirs (see features), what that is worth is learned (see
the ranker).
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Siblings:
    """Rows of the same documents.

    `places` numbers the pairs of document and candidate, rows by candidates; `lines`
    tells how many of the rows are of the row's document.
    """

    places: np.ndarray
    lines: np.ndarray

    @classmethod
    def of(cls, documents: np.ndarray, chosen: np.ndarray) -> "Siblings":
        """Return rows' siblings, from documents' hashes and the rows' candidates."""
        _, numbers = np.unique(documents, return_inverse=True)
        pairs = numbers[:, None] * (chosen.max(initial=0) + 1) + chosen
        _, places = np.unique(pairs, return_inverse=True)
        return cls(places.reshape(chosen.shape), np.bincount(numbers)[numbers])

    def mean(self, chances: np.ndarray) -> np.ndarray:
        """Return each candidate's mean chance over the lines of the document.

        Lines of which it is no candidate give it none.
        """
        sums = np.bincount(self.places.ravel(), chances.ravel())
        return np.asarray(sums[self.places] / self.lines[:, None])
