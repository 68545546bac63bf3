"""What each vendor's lines were put in before: counts under nested keys.

Here belongs which keys are counted, that newer rows count more, and that one correction
acts at once. How the levels are weighed against each other and against a text model
does not belong here: see the ranker.
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from models.counting import BLANK, NOBODY, Counts, Found, faded, joined


@dataclass(frozen=True)
class Level:
    """One kind of key: its columns, and how many rows what is above it is worth.

    Keys in which one of `must_say` is blank would put strangers together: they are not
    counted. A level that is not `nested` is looked at by the ranker only. However
    much a level has seen, it has at `most` that share of belief. Many lines of one
    vendor say little of the others: `of_vendor` tells whether all of them in a class
    count, as many as their root, or the newest. Where a level `yields`, a plain line
    may be worth many rows of it (the prior's `worth`).
    """

    name: str
    columns: tuple[str, ...]
    strength: float
    must_say: tuple[str, ...] = ()
    nested: bool = True
    most: float = 1.0
    of_vendor: Literal["all", "root", "newest"] = "all"
    yields: bool = True


LEVELS = (
    # What is usual at all: of a vendor that is new, its amounts are all there is to go
    # by where its name says nothing.
    Level("all", ("direction",), 1.0, nested=False, of_vendor="root"),
    Level("size", ("direction", "bucket"), 1.0, nested=False, of_vendor="root"),
    Level("roundness", ("direction", "roundness"), 1.0, nested=False, of_vendor="root"),
    Level("department", ("direction", "department"), 8.0, ("department",)),
    Level("coding", ("direction", "coded_as"), 8.0, ("coded_as",), most=0.5),
    # What people do with vendors of which the same account is known beforehand, and
    # where the same words, which many vendors share, speak plainest.
    Level(
        "known",
        ("direction", "known"),
        12.0,
        ("known",),
        most=0.8,
        of_vendor="newest",
        yields=False,
    ),
    Level("phrase", ("direction", "phrase"), 6.0, ("phrase",), most=0.8, yields=False),
    Level("series", ("direction", "series"), 8.0, ("series",), nested=False),
    Level("text", ("direction", "text"), 1.0, ("text",), nested=False),
    Level("vendor and steps", ("vendor", "step"), 1.0, nested=False),
    Level("vendor and roundness", ("vendor", "roundness"), 1.0, nested=False),
    Level("vendor and weekday", ("vendor", "weekday"), 1.0, nested=False),
    Level("vendor", ("vendor",), 1.0),
    Level("vendor and size", ("vendor", "bucket"), 1.5),
    Level("vendor and series", ("vendor", "series"), 1.5, ("series",)),
    Level("vendor and department", ("vendor", "department"), 0.7, ("department",)),
    Level("vendor and text", ("vendor", "text"), 0.7, ("text",), yields=False),
    Level("vendor and amount", ("vendor", "cents"), 1.0, ("cents",)),
)
NAMES = [level.name for level in LEVELS]
VENDOR = NAMES.index("vendor")
# Columns of what is counted, and of the newest row under a key.
WEIGHT, SIZE, SQUARE = range(3)
NUMBER, DAY = range(2)
LEAST = 1e-300
# How likely one row that the model got wrong means that its vendor's account changed.
CHANGED = 1.0 / 3.0


@dataclass(frozen=True)
class Seen:
    """What memory holds about candidates (rows by candidates).

    Per level: `weights`, decayed to the newest day, `totals` over all classes, and
    whether the newest row went there (`is_last`). Of the vendor: the day of the newest
    row, the sizes of its amounts, and whether a line was corrected since the last fit.
    """

    weights: list[np.ndarray]
    totals: list[np.ndarray]
    is_last: list[np.ndarray]
    is_corrected: np.ndarray
    last_day: np.ndarray
    last_day_of_any: np.ndarray
    size_mean: np.ndarray
    size_spread: np.ndarray


@dataclass
class Memory:
    """Weighted counts per level, key and class; rows of day `anchor` weigh 1.

    Of `rows`, those from number `settled` on were learned since the last fit.
    `corrected` has the vendors whose newest of these proved the model wrong: the class,
    and the chance that it is the vendor's account from now on.
    """

    anchor: int | None = None
    newest: int = 0
    rows: int = 0
    settled: int = 0
    corrected: dict[int, tuple[int, float]] = field(default_factory=dict)
    pairs: list[Counts] = field(default_factory=lambda: [Counts() for _ in LEVELS])
    totals: list[Counts] = field(default_factory=lambda: [Counts() for _ in LEVELS])

    def learn(
        self, rows: pd.DataFrame, classes: np.ndarray, weight: float | np.ndarray
    ) -> None:
        """Count rows (with their keys, oldest first) under every level."""
        days = rows["day"].to_numpy()
        if self.anchor is None:
            self.anchor = self.newest = int(days.max())
        self.newest = max(self.newest, int(days.max()))
        dated = np.where(days < 0, self.newest, days)
        weights = weight * faded(dated - self.anchor)
        size = rows["size"].to_numpy()
        sums = np.column_stack([weights, weights * size, weights * size**2])
        numbers = np.arange(self.rows, self.rows + len(rows))
        newest = np.column_stack([numbers, dated]).astype(float)
        self.rows += len(rows)
        every = _keys(rows, LEVELS)
        pairs_of_vendors = _with_class(every[VENDOR], classes)
        is_nobody = rows["is_nobody"].to_numpy()
        shares = self._shares(pairs_of_vendors, weights, dated, is_nobody)
        counted = {kind: sums * share[:, None] for kind, share in shares.items()}
        for level, keys, pairs, totals in zip(
            LEVELS, every, self.pairs, self.totals, strict=True
        ):
            totals.add(keys, counted[level.of_vendor], newest)
            pairs.add(_with_class(keys, classes), counted[level.of_vendor], newest)

    def _shares(
        self,
        pairs: np.ndarray,
        weights: np.ndarray,
        days: np.ndarray,
        is_nobody: np.ndarray,
    ) -> dict[str, np.ndarray]:
        """Return per `Level.of_vendor` what each row adds, as a share of its weight.

        `pairs` are the rows' vendors with their classes. What one counted for fades
        until its next row, and is made up for. Rows of nobody are of one vendor each.
        """
        held = self.pairs[VENDOR].find(pairs)
        gone = pd.Series(np.where(held.known, days - held.newest(DAY), np.inf))
        since = pd.Series(days).groupby(pairs).diff().fillna(gone).to_numpy()
        kept = np.where(is_nobody, 0.0, faded(-np.maximum(since, 0.0)))
        until = pd.Series(weights).groupby(pairs).cumsum().to_numpy() - weights
        total = np.where(is_nobody, 0.0, held.sums(WEIGHT) + np.maximum(until, 0.0))
        before = np.divide(total, weights, out=np.zeros_like(total), where=weights > 0)
        return {
            "all": np.ones(len(pairs)),
            "root": np.sqrt(before + 1.0) - np.sqrt(kept * before),
            "newest": 1.0 - kept,
        }

    def correct(
        self, rows: pd.DataFrame, classes: np.ndarray, *, is_wrong: np.ndarray
    ) -> None:
        """Note which vendors' newest row the model got wrong, and how often so."""
        vendors = rows["#vendor"].tolist()
        for vendor, code, wrong in zip(
            vendors, classes.tolist(), is_wrong, strict=True
        ):
            before, chance = self.corrected.pop(vendor, (code, 0.0))
            if wrong:
                chance = chance if before == code else 0.0
                self.corrected[vendor] = (code, chance + CHANGED * (1.0 - chance))

    def corrections(self, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Return per row the class its vendor may have changed to, and the chance."""
        vendors = rows["#vendor"].tolist()
        found = [self.corrected.get(vendor, (-1, 0.0)) for vendor in vendors]
        codes, chances = zip(*found, strict=True)
        return np.array(codes), np.array(chances)

    def of_classes(self, rows: pd.DataFrame, level: int, width: int) -> np.ndarray:
        """Return per row the weight of each of the first `width` classes."""
        every = _keys(rows, (LEVELS[level],))[0]
        keys, inverse = np.unique(every, return_inverse=True)
        pairs = _with_class(keys[:, None], np.arange(width)[None, :])
        sums = self.pairs[level].find(pairs).sums(WEIGHT) * self._scale
        return np.asarray(sums[inverse])

    def seen(self, rows: pd.DataFrame, chosen: np.ndarray) -> Seen:
        """Return what is held about each row's candidates."""
        found = [
            _found(keys[:, None], chosen, pairs, totals)
            for keys, pairs, totals in zip(
                _keys(rows, LEVELS), self.pairs, self.totals, strict=True
            )
        ]
        mine, of_any = found[VENDOR]
        weight = np.maximum(mine.sums(WEIGHT), LEAST)
        mean = mine.sums(SIZE) / weight
        return Seen(
            weights=[pair.sums(WEIGHT) * self._scale for pair, _ in found],
            totals=[total.sums(WEIGHT) * self._scale for _, total in found],
            is_last=[_is_last(pair, total) for pair, total in found],
            is_corrected=of_any.newest(NUMBER) >= self.settled,
            last_day=mine.newest(DAY),
            last_day_of_any=of_any.newest(DAY),
            size_mean=mean,
            size_spread=np.sqrt(np.maximum(mine.sums(SQUARE) / weight - mean**2, 0.0)),
        )

    @property
    def _scale(self) -> float:
        return float(faded(np.array((self.anchor or 0) - self.newest)))


def _found(
    keys: np.ndarray, chosen: np.ndarray, pairs: Counts, totals: Counts
) -> tuple[Found, Found]:
    """Return what is held about keys and classes, and about keys alone."""
    of_any = totals.find(keys)
    # A key that was never seen was not seen with any class: looking would be slow.
    seen = np.where(of_any.known, keys, NOBODY)
    return pairs.find(_with_class(seen, chosen)), of_any


def _is_last(mine: Found, of_any: Found) -> np.ndarray:
    return np.asarray(mine.known & (mine.newest(NUMBER) == of_any.newest(NUMBER)))


def _with_class(keys: np.ndarray, classes: np.ndarray) -> np.ndarray:
    pairs = joined(keys, np.asarray(classes))
    return np.where(keys == NOBODY, NOBODY, pairs)


def _keys(rows: pd.DataFrame, levels: tuple[Level, ...]) -> list[np.ndarray]:
    """Return the rows' keys at each level; every column is fetched once."""
    names = {name for level in levels for name in level.columns}
    columns = {name: rows[f"#{name}"].to_numpy() for name in names}
    return [_keys_at(columns, level) for level in levels]


def _keys_at(columns: dict[str, np.ndarray], level: Level) -> np.ndarray:
    keys: np.ndarray | np.uint64 = np.uint64(len(level.name))
    for name in level.columns:
        keys = joined(keys, columns[name])
    for name in level.must_say:
        keys = np.where(columns[name] == BLANK, NOBODY, keys)
    return np.asarray(keys)
