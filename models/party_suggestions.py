"""Pairs of parties that may be one: what a person should look at.

Here belongs: which pairs, the best record of each side, why. Merging does not: see
party_links, whose rules these pairs missed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.party_clusters import Clusters
from models.party_evidence import KINDS, Evidence
from models.party_links import Met
from models.party_lookalikes import similar_labels
from models.party_names import Name

if TYPE_CHECKING:
    Found = tuple[int, int, float, str, str]

PER_LABEL = 20
"""So many parties of one name are enough to show that the name is a common one."""
PER_PARTY = 3
SPOKEN = {
    "tax_id": "tax id",
    "email": "e-mail",
    "phone": "phone",
    "bank": "bank account",
    "address": "address",
}


@dataclass(frozen=True)
class Suggestion:
    """Two records, by row number, whose parties may be one."""

    one: int
    other: int
    score: float
    kind: str
    why: str


def suggest(
    names: Sequence[Name],
    evidence: Evidence,
    clusters: Clusters,
    met: Sequence[Met],
    ages: Sequence[int],
) -> list[Suggestion]:
    """Return one pair of records per pair of parties, the likeliest first.

    Args:
        names: Per record its name.
        evidence: What else is known of them.
        clusters: The parties as they are.
        met: Pairs of records that share something and were not merged.
        ages: Per record its place in the order of age.
    """
    best: dict[tuple[int, int], Found] = {}
    for one, other, score, kind, why in _found(names, clusters, met, ages):
        ours, theirs = clusters.root(one), clusters.root(other)
        if ours == theirs or {one, other} & clusters.alone:
            continue
        if clusters.are_apart(one, other):
            continue
        key = (min(ours, theirs), max(ours, theirs))
        found = (one, other, score, kind, why)
        if key not in best or _rank(found, ages) < _rank(best[key], ages):
            best[key] = found
    ordered = _likeliest(best.values(), clusters, ages)
    return [
        Suggestion(
            min(one, other, key=ages.__getitem__),
            max(one, other, key=ages.__getitem__),
            score,
            kind,
            "; ".join([why, *_spoken(evidence, one, other)]),
        )
        for one, other, score, kind, why in ordered
    ]


def _likeliest(
    found: Iterable["Found"], clusters: Clusters, ages: Sequence[int]
) -> list["Found"]:
    """Return pairs in the order of likelihood, a few per party, every contradiction."""
    shown: Counter[int] = Counter()
    chosen = []
    for pair in sorted(found, key=lambda each: _rank(each, ages)):
        sides = clusters.root(pair[0]), clusters.root(pair[1])
        if pair[3] == "contradiction" or max(shown[side] for side in sides) < PER_PARTY:
            shown.update(sides)
            chosen.append(pair)
    return chosen


def _rank(found: "Found", ages: Sequence[int]) -> tuple[bool, float, list[int], str]:
    one, other, score, kind, why = found
    return kind != "contradiction", -score, sorted((ages[one], ages[other])), why


def _found(
    names: Sequence[Name], clusters: Clusters, met: Sequence[Met], ages: Sequence[int]
) -> Iterator["Found"]:
    for one, other, score, why in clusters.refused:
        yield one, other, score, "contradiction", f"names or ids agree, but {why}"
    holders = _holders(names, clusters, ages)
    labels = list(holders)
    for rows in holders.values():
        yield from (
            (one, other, 100.0, "similar", "one name, and too little to merge them")
            for place, one in enumerate(rows)
            for other in rows[place + 1 :]
        )
    for (left, right), (score, why) in similar_labels(labels).items():
        yield from (
            (one, other, score, "similar", why)
            for one in holders[labels[left]]
            for other in holders[labels[right]]
        )
    for one, other, score in met:
        yield one, other, score, "similar", "alike, and too little to merge them"


def _holders(
    names: Sequence[Name], clusters: Clusters, ages: Sequence[int]
) -> dict[str, list[int]]:
    """Return by name the oldest record of each party that has it."""
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for row in sorted(range(len(names)), key=ages.__getitem__):
        for label in filter(None, (names[row].normalised, names[row].alias)):
            if len(found[label]) < PER_LABEL:
                found[label].setdefault(clusters.root(row), row)
    return {label: list(rows.values()) for label, rows in found.items()}


def _spoken(evidence: Evidence, one: int, other: int) -> Iterator[str]:
    pair = np.array([one]), np.array([other])
    for kind in KINDS:
        if evidence.equal(kind, *pair)[0]:
            yield f"same {SPOKEN[kind]}"
        elif evidence.different(kind, *pair)[0]:
            yield f"different {SPOKEN[kind]}"
