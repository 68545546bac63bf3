"""Sums under hashed keys, as sorted arrays: fast for many rows, cheap to add one to.

Here belongs hashing, adding and finding, and how fast what is old counts less. Which
keys are counted, and what the sums mean, does not belong here: see memory.
"""

from dataclasses import dataclass, field

import numpy as np

WIDTH = 3
"""Sums per key: weight, weight times size, weight times squared size."""
HALF_LIFE_DAYS = 300.0
NOBODY = np.uint64(0)
BLANK = np.uint64(1)
"""The hash of an empty text, and of an unknown number."""
_GOLDEN, _PRIME = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xFF51AFD7ED558CCD)


def hashed(texts: list[str]) -> np.ndarray:
    """Return a number of 64 bits per text, the same one on every machine."""
    import pandas as pd

    places, distinct = pd.factorize(np.array(texts, dtype=object))
    hashes = pd.util.hash_array(distinct, categorize=False)
    return np.asarray(np.where(distinct == "", BLANK, hashes)[places])


def hashed_numbers(numbers: np.ndarray) -> np.ndarray:
    """Return a number of 64 bits per whole number."""
    return joined(BLANK, numbers.astype(np.int64).view(np.uint64))


def joined(first: np.ndarray | np.uint64, second: np.ndarray) -> np.ndarray:
    """Return the hashes of pairs of hashes or codes, element by element."""
    left, right = np.broadcast_arrays(first, second.astype(np.uint64))
    with np.errstate(over="ignore"):
        mixed = left ^ (
            right * _PRIME + _GOLDEN + (left << np.uint64(6)) + (left >> np.uint64(2))
        )
        mixed = (mixed ^ (mixed >> np.uint64(33))) * _PRIME
        return np.asarray(mixed ^ (mixed >> np.uint64(29)))


def faded(days: np.ndarray) -> np.ndarray:
    """Return what a row counts that is so many days (below 0) older than another."""
    return np.asarray(np.exp2(np.maximum(days / HALF_LIFE_DAYS, -900.0)))


@dataclass
class Counts:
    """Per key its sums, and the number and day of the newest row under it."""

    keys: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))
    sums: np.ndarray = field(default_factory=lambda: np.zeros((0, WIDTH)))
    newest: np.ndarray = field(default_factory=lambda: np.zeros((0, 2)))

    def add(self, keys: np.ndarray, sums: np.ndarray, newest: np.ndarray) -> None:
        """Add rows; those under `NOBODY` are left out."""
        said = keys != NOBODY
        found, inverse = np.unique(keys[said], return_inverse=True)
        added = np.zeros((len(found), WIDTH))
        latest = np.full((len(found), 2), -np.inf)
        np.add.at(added, inverse, sums[said])
        np.maximum.at(latest, inverse, newest[said])
        places = np.searchsorted(self.keys, found)
        known = self._is_at(places, found)
        self.sums[places[known]] += added[known]
        self.newest[places[known]] = np.maximum(
            self.newest[places[known]], latest[known]
        )
        new = places[~known]
        self.keys = np.insert(self.keys, new, found[~known])
        self.sums = np.insert(self.sums, new, added[~known], axis=0)
        self.newest = np.insert(self.newest, new, latest[~known], axis=0)

    def find(self, keys: np.ndarray) -> "Found":
        """Return what is held under keys of any shape."""
        if not (keys != NOBODY).any():
            nowhere = np.zeros(keys.shape, dtype=np.int64)
            return Found(self, nowhere, np.zeros(keys.shape, dtype=bool))
        places = np.searchsorted(self.keys, keys)
        known = self._is_at(places, keys)
        return Found(self, np.where(known, places, 0), known)

    def _is_at(self, places: np.ndarray, keys: np.ndarray) -> np.ndarray:
        if not len(self.keys):
            return np.zeros(keys.shape, dtype=bool)
        inside = np.minimum(places, len(self.keys) - 1)
        return np.asarray(self.keys[inside] == keys)


@dataclass(frozen=True)
class Found:
    """The sums and newest rows under some keys, read one column at a time."""

    counts: Counts
    places: np.ndarray
    known: np.ndarray

    def sums(self, column: int) -> np.ndarray:
        """Return a column of sums; 0 where nothing is held."""
        return self._column(self.counts.sums, column, 0.0)

    def newest(self, column: int) -> np.ndarray:
        """Return the newest rows' numbers (0) or days (1); -inf where there is none."""
        return self._column(self.counts.newest, column, -np.inf)

    def _column(self, held: np.ndarray, column: int, missing: float) -> np.ndarray:
        if not len(held) or not self.known.any():
            return np.full(self.known.shape, missing)
        return np.where(self.known, held[:, column][self.places], missing)
