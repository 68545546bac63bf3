"""Which records are one party, and which pairs a person should look at.

Here belongs: finding pairs worth comparing, scoring them, the rules that merge. What
becomes of chains of links, and what people decided, does not: see party_clusters.

Merges need an equal name or a shared piece of evidence, so those pairs are found whole.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from models.party_evidence import KINDS, STRONG, Evidence
from models.party_names import Name, in_order

SURE = 94.0
LIKELY = 88.0
ALIKE = 86.0
CONTRADICTED = 2
"""So many contradictions outweigh an equal name."""
WHOLE_BLOCK = 1_000
"""Of larger groups with one name or one piece of evidence only neighbours meet."""
NEIGHBOURS = 20
METHODS = ("tax_id", "exact_name", "similar_name")
TAX_ID, EXACT, SIMILAR = range(len(METHODS))


Met = tuple[int, int, float]
"""Two records that share something, and how alike their names are."""


@dataclass(frozen=True)
class Links:
    """Pairs of records, by row number, the surest first.

    Attributes:
        ones: The record that comes first.
        others: The one that comes after it.
        scores: How alike the names are, 0 to 100.
        methods: Place in `METHODS` of what makes them one party.
    """

    ones: np.ndarray
    others: np.ndarray
    scores: np.ndarray
    methods: np.ndarray


def find_links(names: Sequence[Name], evidence: Evidence) -> tuple[Links, list[Met]]:
    """Return the links that merge, and the pairs that are alike and do not."""
    pairs = _pairs(_groups(names, evidence), len(names))
    ones, others = pairs[:, 0], pairs[:, 1]
    equal = {kind: evidence.equal(kind, ones, others) for kind in KINDS}
    against = {kind: evidence.different(kind, ones, others) for kind in KINDS}
    agreeing = np.sum(list(equal.values()), axis=0, dtype=np.int64)
    opposing = np.sum(list(against.values()), axis=0, dtype=np.int64)
    strong = np.any([equal[kind] for kind in STRONG], axis=0)
    labels = numbered(name.normalised for name in names)
    named = (labels[ones] >= 0) & (labels[others] >= 0)
    scores = np.where(named, _scores(names, ones, others), 0.0)
    same = (labels[ones] == labels[others]) & named

    by_tax = equal["tax_id"]
    by_name = same & (opposing < CONTRADICTED)
    alike = ((scores >= SURE) & (agreeing >= 1) & (opposing == 0)) | (
        (scores >= LIKELY) & strong & (opposing <= 1)
    )
    merges = (by_tax | by_name | alike) & ~against["tax_id"]
    methods = np.where(by_name, EXACT, np.where(alike, SIMILAR, TAX_ID))
    least_sure = (others, ones, -agreeing, -scores, methods == SIMILAR)
    order: np.ndarray = np.asarray(np.lexsort(least_sure))
    order = order[merges[order]]
    links = Links(ones[order], others[order], scores[order], methods[order])
    left = ~merges & (scores >= ALIKE)
    columns = (ones[left].tolist(), others[left].tolist(), scores[left].tolist())
    return links, list(zip(*columns, strict=True))


def numbered(texts: Iterable[str]) -> np.ndarray:
    """Return a number per text, the same for equal ones; -1 for an empty one."""
    places: dict[str, int] = {"": -1}
    return np.array([places.setdefault(t, len(places)) for t in texts], dtype=np.int64)


def _groups(names: Sequence[Name], evidence: Evidence) -> Iterator[np.ndarray]:
    """Yield the records that have a name or a piece of evidence in common."""
    yield from _equal_rows(numbered(name.normalised for name in names))
    for kind in KINDS:
        yield from _equal_rows(evidence.codes[kind])


def _equal_rows(codes: np.ndarray) -> Iterator[np.ndarray]:
    order = np.argsort(codes, kind="stable")
    order = order[codes[order] >= 0]
    edges = np.flatnonzero(np.diff(codes[order])) + 1
    yield from (rows for rows in np.split(order, edges) if len(rows) > 1)


def _pairs(groups: Iterable[np.ndarray], count: int) -> np.ndarray:
    """Return every pair of rows that meets in a group once, smaller row first."""
    found = [np.empty(0, dtype=np.int64)]
    for rows in groups:
        first, second = _places(len(rows))
        low = np.minimum(rows[first], rows[second])
        high = np.maximum(rows[first], rows[second])
        found.append(low * count + high)
    keys = np.unique(np.concatenate(found))
    return np.stack([keys // max(count, 1), keys % max(count, 1)], axis=1)


def _places(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of a group that meet: all, or neighbours where it is large."""
    places = np.arange(size)
    reach = size if size <= WHOLE_BLOCK else NEIGHBOURS
    steps = places[1 : reach + 1]
    first, second = np.repeat(places, len(steps)), np.add.outer(places, steps).ravel()
    return first[second < size], second[second < size]


def _scores(names: Sequence[Name], ones: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return the token-sort ratio of each pair, of names or aliases the better."""
    if not len(ones):
        return np.empty(0)
    best = np.zeros(len(ones))
    mains = [in_order(name.normalised) for name in names]
    aliases = [in_order(name.alias) for name in names]
    has_alias = np.array([bool(alias) for alias in aliases])
    for left, right in ((mains, mains), (aliases, mains), (mains, aliases)):
        rows = np.arange(len(ones))
        if left is aliases:
            rows = rows[has_alias[ones]]
        if right is aliases:
            rows = rows[has_alias[others]]
        best[rows] = np.maximum(
            best[rows],
            process.cpdist(
                [left[row] for row in ones[rows]],
                [right[row] for row in others[rows]],
                scorer=fuzz.ratio,
                dtype=np.float64,
            )
            if len(rows)
            else 0.0,
        )
    return best
