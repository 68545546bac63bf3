"""Names that look alike, whoever bears them.

Here belongs: finding them among many names, the three measures of likeness. Whether
they are worth a person's look does not: see party_suggestions.

They are looked for among names that share a word or an edge, since comparing all with
all takes minutes where there are tens of thousands.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

from models.party_names import in_order

ALIKE_SORTED = 86.0
ALIKE_SET = 96.0
ALIKE_START = 0.93
NAME_BLOCK = 120
"""Words that more names have say nothing; pairs of words stand in for them."""
EDGE = 5


def similar_labels(labels: Sequence[str]) -> dict[tuple[int, int], tuple[float, str]]:
    """Return pairs of names that look alike, with score and the reason why.

    Args:
        labels: Different normalised names.
    """
    found: dict[tuple[int, int], tuple[float, str]] = {}
    ordered = [in_order(label) for label in labels]
    for block in _name_blocks(labels):
        for row, column, score, why in _alike(block, labels, ordered):
            pair = (block[row], block[column])
            found[pair] = max(found.get(pair, (0.0, "")), (score, why))
    return found


def _name_blocks(labels: Sequence[str]) -> Iterator[list[int]]:
    """Yield groups of names that share a word, two words, or an edge."""
    words: dict[str, list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        for word in dict.fromkeys(label.split()):
            words[word].append(place)
    frequent = {word for word, places in words.items() if len(places) > NAME_BLOCK}
    blocks: dict[tuple[str, ...], list[int]] = {
        ("word", word): places for word, places in words.items()
    }
    wider: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        for key in _wider_keys(label, frequent):
            wider[key].append(place)
    for places in (blocks | wider).values():
        if 1 < len(places) <= NAME_BLOCK:
            yield places


def _wider_keys(label: str, frequent: set[str]) -> Iterator[tuple[str, ...]]:
    parts = sorted(set(label.split()))
    common = [word for word in parts if word in frequent]
    yield from (
        ("words", one, other)
        for place, one in enumerate(common)
        for other in common[place + 1 :]
    )
    joined = label.replace(" ", "")
    if len(joined) > EDGE:
        yield ("start", joined[:EDGE])
        yield ("end", joined[-EDGE:])


def _alike(
    block: list[int], labels: Sequence[str], ordered: Sequence[str]
) -> Iterator[tuple[int, int, float, str]]:
    """Yield the pairs of a block that a rule of similarity holds for."""
    plain = [labels[place] for place in block]
    sorted_words = [ordered[place] for place in block]
    start = process.cdist(
        plain,
        plain,
        scorer=JaroWinkler.similarity,
        score_cutoff=ALIKE_START,
        dtype=np.float32,
    )
    whole = process.cdist(
        sorted_words,
        sorted_words,
        scorer=fuzz.ratio,
        score_cutoff=ALIKE_SORTED,
        dtype=np.float32,
    )
    part = process.cdist(
        plain,
        plain,
        scorer=fuzz.token_set_ratio,
        score_cutoff=ALIKE_SET,
        dtype=np.float32,
    )
    rules = (
        (whole, "their words are nearly the same"),
        (part, "one name is part of the other"),
        (start * 100, "they begin alike"),
    )
    for matrix, why in rules:
        rows, columns = np.nonzero(np.triu(matrix, 1))
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            yield row, column, float(matrix[row, column]), why
