"""What people decided about parties: merge, split, rename.

Here belongs reading the rows of party_overrides for the records at hand, newest first.
How decisions and rules make parties does not: see party_clusters.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

MERGE, SPLIT, RENAME = "merge", "split", "rename"


@dataclass(frozen=True)
class Decision:
    """One decision about records, by row number.

    Attributes:
        action: merge, split or rename.
        source: The record it is about.
        into: The other record of a merge or split; None: split from every other.
        name: The name a rename gives.
    """

    action: str
    source: int
    into: int | None
    name: str


def read_decisions(
    overrides: pd.DataFrame, rows: Mapping[tuple[str, str], int]
) -> list[Decision]:
    """Return the decisions about known records, the newest first.

    What names a record that is not loaded yet waits; so does a merge of nothing.
    """
    ordered = overrides
    if len(overrides):
        tie = [name for name in ("decision_id",) if name in overrides.columns]
        ordered = overrides.sort_values(["effective_at", *tie], kind="stable")
    found = [_decision(row, rows) for row in reversed(ordered.to_dict("records"))]
    return [decision for decision in found if decision is not None]


def _decision(
    row: Mapping[object, object], rows: Mapping[tuple[str, str], int]
) -> Decision | None:
    cells = {str(name): _text(value) for name, value in row.items()}
    source = rows.get((cells["source_entity"], cells["source_id"]))
    into = rows.get((cells["into_entity"], cells["into_id"]))
    if source is None or source == into:
        return None
    is_for_one = not cells["into_entity"] and not cells["into_id"]
    action = cells["action"]
    if action == RENAME:
        return Decision(action, source, None, cells["name"]) if cells["name"] else None
    if into is None and not (action == SPLIT and is_for_one):
        return None
    return Decision(action, source, into, "")


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
