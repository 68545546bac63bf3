"""How often merges are right and complete, on a labelled set made from seeds."""

from collections.abc import Hashable, Iterable
from dataclasses import astuple, dataclass
from itertools import combinations, groupby

import pandas as pd
from suppliers import labelled

from models.parties import resolve
from models.party_lookalikes import similar_labels
from models.party_names import read_name

SEEDS = range(1, 6)
LEAST_PRECISION = 0.99
LEAST_RECALL = 0.83
LEAST_WITH_REVIEW = 0.98
NO_OVERRIDES = pd.DataFrame(
    columns=[
        *("action", "source_entity", "source_id", "into_entity", "into_id"),
        *("name", "effective_at"),
    ]
)
NO_PAST = pd.DataFrame(columns=["source_entity", "source_id", "party_id"])


def pairs(labels: Iterable[Hashable]) -> set[tuple[int, int]]:
    """The pairs of rows with one label."""
    rows = sorted(enumerate(labels), key=lambda each: str(each[1]))
    found: set[tuple[int, int]] = set()
    for _, group in groupby(rows, key=lambda each: str(each[1])):
        found.update(combinations(sorted(row for row, _ in group), 2))
    return found


@dataclass(frozen=True)
class Counts:
    """Pairs of records of one seed, and pairs of parties on its review list."""

    true: int
    merged: int
    right: int
    reviewed: int
    suggested: int
    suggested_rightly: int


def counted(seed: int) -> Counts:
    """Resolve the suppliers of a seed and count."""
    suppliers = labelled(seed)
    found = resolve(suppliers.records, NO_OVERRIDES, NO_PAST)
    keys = ["source_entity", "source_id"]
    members = suppliers.records[keys].merge(found.members, on=keys)
    parties = members["party_id"].tolist()
    true, merged = pairs(suppliers.truth), pairs(parties)
    suggested = found.suggestions[["party_id", "other_party_id"]].to_numpy().tolist()
    listed = {frozenset(pair) for pair in suggested}
    truly = dict(zip(parties, suppliers.truth, strict=True))
    return Counts(
        true=len(true),
        merged=len(merged),
        right=len(merged & true),
        reviewed=sum(
            frozenset((parties[one], parties[other])) in listed
            for one, other in true - merged
        ),
        suggested=len(suggested),
        suggested_rightly=sum(truly[one] == truly[other] for one, other in suggested),
    )


def test_merges_are_right_and_most_are_found() -> None:
    """Precision on each seed; on all the reference's recall, the rest to review."""
    every = [counted(seed) for seed in SEEDS]
    true, merged, right, reviewed, suggested, rightly = (
        sum(column) for column in zip(*map(astuple, every), strict=True)
    )
    print(  # noqa: T201 - a measurement
        f"\n{true} true pairs: precision {right / merged:.3f}, recall"
        f" {right / true:.3f}, with the review list {(right + reviewed) / true:.3f};"
        f" of {suggested} suggestions {rightly} are right"
    )

    assert min(one.right / one.merged for one in every) >= LEAST_PRECISION
    assert right / true >= LEAST_RECALL
    assert (right + reviewed) / true >= LEAST_WITH_REVIEW


def test_an_equal_name_alone_finds_less() -> None:
    """What evidence adds is recall: the set is no easier than it looks."""
    suppliers = labelled(1)
    names = [read_name(str(name)).normalised for name in suppliers.records["raw_name"]]
    true = pairs(suppliers.truth)

    assert len(pairs(names) & true) / len(true) < 0.72


def test_blocking_finds_what_comparing_all_with_all_finds() -> None:
    """Of names that are alike at most one in a hundred pairs is missed."""
    names = {
        read_name(str(name)).normalised for name in labelled(2).records["raw_name"]
    }
    labels = sorted(names)
    blocked = similar_labels(labels)
    whole = all_alike(labels)

    assert len(whole) > 100
    assert len(whole & set(blocked)) / len(whole) >= 0.99


def all_alike(labels: list[str]) -> set[tuple[int, int]]:
    """Every pair whose words are nearly the same."""
    import numpy as np
    from rapidfuzz import fuzz, process

    matrix = process.cdist(
        labels, labels, scorer=fuzz.token_sort_ratio, score_cutoff=86
    )
    return set(
        zip(*(each.tolist() for each in np.nonzero(np.triu(matrix, 1))), strict=True)
    )
