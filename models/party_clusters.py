"""Links and people's decisions become groups of records: the parties.

Here belongs: which link counts when two contradict, what a decision rules out. Which
links there are, and what a party is called, does not: see party_links, party_ids.

Links are taken one by one, people's first (newest first), then the surest. One that
would bring together what must stay apart is refused, so a chain of links is cut at its
weakest place, whatever order the records came in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from models.party_decisions import MERGE, RENAME, SPLIT, Decision
from models.party_evidence import KINDS, Evidence
from models.party_links import CONTRADICTED, METHODS, TAX_ID, Links

TAX_IDS_DIFFER = "their parties have different tax ids"
EVIDENCE_DIFFERS = "their parties contradict each other"


@dataclass(frozen=True)
class Placed:
    """What first put a record into its party."""

    method: str
    score: float
    decided_by: str


@dataclass
class Clusters:
    """Groups of records that grow together; every record begins alone.

    Attributes:
        placed: By record, what joined it to another.
        refused: Links that were not followed, each with the reason.
        names: By record, the name a person gave its party; the newest comes first.
        alone: Records that a person took out of any party.
    """

    evidence: Evidence
    size: int
    placed: dict[int, Placed] = field(default_factory=dict)
    refused: list[tuple[int, int, float, str]] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    alone: set[int] = field(default_factory=set)
    _above: list[int] = field(default_factory=list)
    _values: dict[int, dict[str, set[int]]] = field(default_factory=dict)
    _apart: dict[int, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with every record by itself."""
        self._above = list(range(self.size))

    def root(self, record: int) -> int:
        """Return the record that stands for a record's group."""
        while self._above[record] != record:
            self._above[record] = self._above[self._above[record]]
            record = self._above[record]
        return record

    def decide(self, decisions: Sequence[Decision]) -> None:
        """Follow people's decisions, the newest first: an older one yields."""
        for decision in decisions:
            if decision.action == RENAME:
                self.names.setdefault(decision.source, decision.name)
            elif decision.action == MERGE and decision.into is not None:
                self._merge(decision.source, decision.into)
            elif decision.action == SPLIT:
                self._split(decision.source, decision.into)

    def follow(self, links: Links) -> None:
        """Follow the links the rules found, in their order."""
        for one, other, score, method in zip(
            links.ones.tolist(),
            links.others.tolist(),
            links.scores.tolist(),
            links.methods.tolist(),
            strict=True,
        ):
            ours, theirs = self.root(one), self.root(other)
            if ours == theirs or {one, other} & self.alone:
                continue
            if self.are_apart(ours, theirs):
                continue
            reason = self._contradiction(ours, theirs, is_sure=method == TAX_ID)
            if reason:
                self.refused.append((one, other, score, reason))
                continue
            self._unite(one, other, Placed(METHODS[method], score, "rule"))

    def are_apart(self, one: int, other: int) -> bool:
        """Tell whether a person keeps the groups of two records apart."""
        ours, theirs = self.root(one), self.root(other)
        return any(self.root(foe) == theirs for foe in self._apart.get(ours, ()))

    def _merge(self, one: int, other: int) -> None:
        is_kept_apart = bool({one, other} & self.alone) or self.are_apart(one, other)
        if self.root(one) != self.root(other) and not is_kept_apart:
            self._unite(one, other, Placed("user_merge", 100.0, "user"))

    def _split(self, one: int, other: int | None) -> None:
        self.placed.setdefault(one, Placed("user_split", 100.0, "user"))
        if other is None:
            self.alone.add(one)
        elif self.root(one) != self.root(other):
            self._apart.setdefault(self.root(one), set()).add(other)
            self._apart.setdefault(self.root(other), set()).add(one)

    def _contradiction(self, one: int, other: int, *, is_sure: bool) -> str:
        """Return why two groups cannot be one party; nothing where they can."""
        ours, theirs = self._values_of(one), self._values_of(other)
        differing = [
            kind
            for kind in KINDS
            if ours[kind] and theirs[kind] and ours[kind].isdisjoint(theirs[kind])
        ]
        if "tax_id" in differing:
            return TAX_IDS_DIFFER
        is_torn = len(differing) >= CONTRADICTED and not is_sure
        return EVIDENCE_DIFFERS if is_torn else ""

    def _values_of(self, root: int) -> dict[str, set[int]]:
        if root not in self._values:
            self._values[root] = {
                kind: {int(codes[root])} - {-1}
                for kind, codes in self.evidence.strict.items()
            }
        return self._values[root]

    def _unite(self, one: int, other: int, how: Placed) -> None:
        for record in (one, other):
            before = self.placed.get(record)
            if before is None or before.method == "user_split":
                self.placed[record] = how
        ours, theirs = sorted((self.root(one), self.root(other)))
        values = self._values_of(ours)
        for kind, found in self._values_of(theirs).items():
            values[kind] |= found
        del self._values[theirs]
        self._apart.setdefault(ours, set()).update(self._apart.pop(theirs, ()))
        self._above[theirs] = ours
