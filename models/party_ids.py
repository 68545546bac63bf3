"""Which id a party has, and where ids went that are in use no more.

Here belongs: founding an id, keeping it when records join, redirects. Which records are
one party does not: see party_clusters.

An id is the md5 of the record that founded the party: its oldest in BILL. It stays with
that record whoever joins, so ids are the same whether records came one by one or all
at once; only where an older record turns up later does the id tell who came first.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence

from models.party_clusters import Clusters


def founded_by(source_entity: str, source_id: str) -> str:
    """Return the id of the party that a record founds."""
    return _md5(f"{source_entity}|{source_id}")


def assign_ids(
    clusters: Clusters,
    ages: Sequence[int],
    founded: Sequence[str],
    history: Mapping[str, Sequence[int]],
) -> tuple[list[str], dict[str, str]]:
    """Return the party id of each record, and for each former id the present one.

    Args:
        clusters: The parties.
        ages: Per record its place in the order of age, the oldest first.
        founded: Per record the id it founds.
        history: Per id ever given, the records that had it.
    """
    founders = {party: row for row, party in enumerate(founded)}
    holders = {
        party: founders.get(party, min(rows, key=ages.__getitem__))
        for party, rows in history.items()
        if rows
    }
    claims: dict[int, list[str]] = defaultdict(list)
    for party in sorted(holders, key=lambda one: (ages[holders[one]], one)):
        claims[clusters.root(holders[party])].append(party)
    chosen = {root: parties[0] for root, parties in claims.items()}
    taken = set(chosen.values())
    for row in sorted(range(len(ages)), key=ages.__getitem__):
        root = clusters.root(row)
        if root not in chosen:
            chosen[root] = _fresh(founded[row], taken)
            taken.add(chosen[root])
    present = [chosen[clusters.root(row)] for row in range(len(ages))]
    moved = {
        party: present[holder]
        for party, holder in holders.items()
        if party not in taken
    }
    return present, moved


def _fresh(party: str, taken: set[str]) -> str:
    while party in taken:
        party = _md5(party)
    return party


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
