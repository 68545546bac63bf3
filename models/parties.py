"""Names to canonical parties with evidence: the call others make.

Here belongs what goes in and out. Names (party_names), evidence (party_evidence), the
rules (party_links), what overrides them (party_clusters), ids (party_ids) and what is
left to a person (party_suggestions) have files of their own.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from models.party_clusters import Clusters, Placed
from models.party_decisions import read_decisions
from models.party_evidence import read_evidence
from models.party_ids import assign_ids, founded_by
from models.party_links import find_links
from models.party_names import Name, read_name
from models.party_suggestions import Suggestion, suggest

MEMBER_COLUMNS = (
    "source_entity",
    "source_id",
    "party_id",
    "raw_name",
    "normalised_name",
    "chosen_name",
    "method",
    "score",
    "decided_by",
)
SUGGESTION_COLUMNS = (
    "source_entity",
    "source_id",
    "party_id",
    "other_entity",
    "other_id",
    "other_party_id",
    "kind",
    "score",
    "why",
)
REDIRECT_COLUMNS = ("former_party_id", "party_id")
BY_ITSELF = Placed("exact_name", 100.0, "rule")


@dataclass(frozen=True)
class Resolution:
    """Who is who.

    Attributes:
        members: One row per record, MEMBER_COLUMNS, ordered by record.
        suggestions: Pairs to look at, SUGGESTION_COLUMNS, the likeliest first.
        redirects: Former party ids with the present one, REDIRECT_COLUMNS.
    """

    members: pd.DataFrame
    suggestions: pd.DataFrame
    redirects: pd.DataFrame


def resolve(
    records: pd.DataFrame, overrides: pd.DataFrame, previous: pd.DataFrame
) -> Resolution:
    """Find which vendors and customers are one party.

    Which records are one party depends on records and overrides alone; `previous` only
    keeps ids. The order of rows never matters.

    Args:
        records: source_entity, source_id, raw_name, created_at and what is known of
            tax_id, email, phone, bank_account, address_line, zip.
        overrides: What people decided: action, source_entity, source_id, into_entity,
            into_id, name, effective_at, and decision_id where two are of one instant.
        previous: Every membership ever: source_entity, source_id, party_id.
    """
    identity = ["source_entity", "source_id"]
    records = records.sort_values(identity, kind="stable", ignore_index=True)
    keys = list(zip(records["source_entity"], records["source_id"], strict=True))
    rows = {key: row for row, key in enumerate(keys)}
    names = [read_name(_text(name)) for name in records["raw_name"]]
    evidence, ages = read_evidence(records), _ages(records)

    links, met = find_links(names, evidence)
    clusters = Clusters(evidence, len(records))
    clusters.decide(read_decisions(overrides, rows))
    clusters.follow(links)
    founded = [founded_by(*key) for key in keys]
    parties, moved = assign_ids(clusters, ages, founded, _history(previous, rows))
    found = suggest(names, evidence, clusters, met, ages)
    return Resolution(
        _members(records, names, clusters, parties),
        _suggestions(found, keys, parties),
        pd.DataFrame(sorted(moved.items()), columns=list(REDIRECT_COLUMNS)),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _ages(records: pd.DataFrame) -> list[int]:
    """Return each record's place in the order of age, those without a date last."""
    order = records["created_at"].sort_values(kind="stable", na_position="last").index
    ages = [0] * len(records)
    for place, row in enumerate(order):
        ages[row] = place
    return ages


def _history(
    previous: pd.DataFrame, rows: Mapping[tuple[str, str], int]
) -> dict[str, list[int]]:
    """Return for each id ever given the records that had it and are known."""
    history: dict[str, list[int]] = defaultdict(list)
    for entity, source_id, party in zip(
        previous["source_entity"],
        previous["source_id"],
        previous["party_id"],
        strict=True,
    ):
        if (entity, source_id) in rows:
            history[party].append(rows[entity, source_id])
    return history


def _members(
    records: pd.DataFrame, names: Sequence[Name], clusters: Clusters, parties: list[str]
) -> pd.DataFrame:
    chosen = {parties[row]: name for row, name in reversed(clusters.names.items())}
    placed = [clusters.placed.get(row, BY_ITSELF) for row in range(len(records))]
    frame = records[["source_entity", "source_id", "raw_name"]].assign(
        party_id=parties,
        normalised_name=[name.normalised for name in names],
        chosen_name=pd.Series([chosen.get(one) for one in parties], dtype=object),
        method=[one.method for one in placed],
        score=pd.Series([_share(one.score) for one in placed], dtype=object),
        decided_by=[one.decided_by for one in placed],
    )
    return frame[list(MEMBER_COLUMNS)]


def _suggestions(
    found: Sequence[Suggestion], keys: Sequence[tuple[str, str]], parties: Sequence[str]
) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (
                *(*keys[one.one], parties[one.one]),
                *(*keys[one.other], parties[one.other]),
                *(one.kind, _share(one.score), one.why),
            )
            for one in found
        ],
        columns=list(SUGGESTION_COLUMNS),
    )


def _share(score: float) -> Decimal:
    """Return a score of 0 to 100 as a share with four decimals."""
    return Decimal(f"{score / 100:.4f}")
