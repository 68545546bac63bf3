"""What the warehouse holds of one list, asked in pieces: history may be long.

Here belongs: reading our own newest versions, for the few ids or states a sync needs.
Not here: opening and repairing the file (warehouse.py), writing, which dlt does
(pipeline.py).
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from bill_source.entities import Entity, singular, snake
from bill_source.states import ListState
from bill_source.tables import LIST_STATES, QUARANTINE, SCHEMA_CHANGES

DATASET = "raw_bill"
EVERYTHING = "true"


class Reader(Protocol):
    """What this module needs of the warehouse."""

    def ask(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """Run one query; no rows where the warehouse does not exist yet."""


class Held:
    """The rows of one entity as they are in the warehouse.

    Attributes:
        count: Distinct ids when the sync started.
    """

    def __init__(self, entity: Entity, reader: Reader, present: Iterable[str]) -> None:
        self.entity = entity
        self._reader = reader
        self._present = set(present)
        self._is_there = entity.table in self._present
        first = f"select count(*) from {DATASET}.{entity.table} where _version = 1"  # noqa: S608 - our names
        self.count = int(reader.ask(first)[0][0]) if self._is_there else 0

    def newest(self, ids: Sequence[str]) -> dict[str, tuple[str, int]]:
        """Return hash and number of the newest version of each id."""
        query = f"""
            select id, arg_max(coalesce(_content_hash, ''), _version), max(_version)
            from {DATASET}.{self.entity.table}
            where id in (select unnest($ids)) group by id
        """  # noqa: S608 - our names
        rows = self._of(query, ids)
        return {one: (digest, version) for one, digest, version in rows}

    def raws(self, ids: Sequence[str]) -> dict[str, bytes]:
        """Return the JSON of the newest version of each id."""
        query = f"""
            select id, arg_max(_raw, _version) from {DATASET}.{self.entity.table}
            where id in (select unnest($ids)) group by id
        """  # noqa: S608 - our names
        return {one: raw.encode() for one, raw in self._of(query, ids)}

    def parents(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the parent of each id, in a list that stands below another."""
        if not self.entity.per:
            return {}
        query = f"""
            select distinct id, {self.parent_column}
            from {DATASET}.{self.entity.table} where id in (select unnest($ids))
        """  # noqa: S608 - our names
        return dict(self._of(query, ids))

    @property
    def parent_column(self) -> str:
        """The column with the parent's id: ``customer_id``."""
        return f"{singular(self.entity.per)}_id"

    def below(self, parent_id: str) -> set[str]:
        """Return the ids that stand below one parent."""
        return self.ids(f"{self.parent_column} = $parent_id", parent_id=parent_id)

    def ids(self, condition: str = EVERYTHING, **values: str) -> set[str]:
        """Return the ids whose newest version fits, records deleted in BILL apart."""
        if not self._is_there:
            return set()
        query = f"""
            select id from {DATASET}.{self.entity.table} as this
            where ({condition}) and _deleted is not true and not exists (
                select 1 from {DATASET}.{self.entity.table} as later
                where later._version > 1 and later.id = this.id
                    and later._version > this._version
            )
        """  # noqa: S608 - conditions from entities.py
        return {row[0] for row in self._reader.ask(query, **values)}

    def archived(self) -> set[str]:
        """Return the ids that are archived."""
        return self.ids("archived") if self._has_archived else set()

    def open(self) -> set[str]:
        """Return the ids that BILL's filter for open documents would bring."""
        text = self.entity.open_filter
        return self.ids(open_condition(text)) if text else set()

    def unsettled(self) -> set[str]:
        """Return the ids that may change without their updatedTime moving."""
        text = self.entity.unsettled
        return self.ids(text) if text else set()

    @property
    def _has_archived(self) -> bool:
        return any(column.name == "archived" for column in self.entity.columns)

    def missing(self, seen: Iterable[str]) -> set[str]:
        """Return what a whole list should have held besides these ids.

        Archived rows are no part of a whole list for sure, so none of them is missing.
        """
        condition = "archived is not true" if self._has_archived else EVERYTHING
        return self.ids(condition) - set(seen)

    def set_aside(self) -> dict[str, tuple[str, int]]:
        """Return the newest case of each record that stands in quarantine."""
        if QUARANTINE not in self._present:
            return {}
        query = f"""
            select id, arg_max(coalesce(_content_hash, ''), _version), max(_version)
            from {DATASET}.{QUARANTINE} where entity = $entity group by id
        """  # noqa: S608 - our names
        rows = self._reader.ask(query, entity=self.entity.table)
        return {one: (digest, version) for one, digest, version in rows}

    def findings(self) -> set[tuple[str, str]]:
        """Return (path, value) of what BILL's documentation did not have."""
        if SCHEMA_CHANGES not in self._present:
            return set()
        query = f"""
            select path, value from {DATASET}.{SCHEMA_CHANGES} where entity = $entity
        """  # noqa: S608 - our names
        rows = self._reader.ask(query, entity=self.entity.table)
        return {(path, value) for path, value in rows}

    def state(self) -> ListState:
        """Return how BILL answered for the list last."""
        query = f"""
            select state, reason, _version from {DATASET}.{LIST_STATES}
            where entity = $entity order by _version desc limit 1
        """  # noqa: S608 - our names
        if LIST_STATES not in self._present:
            return ListState()
        rows = self._reader.ask(query, entity=self.entity.table)
        return ListState(*rows[0]) if rows else ListState()

    def _of(self, query: str, ids: Sequence[str]) -> list[tuple[Any, ...]]:
        if not ids:
            return []
        return self._reader.ask(query, ids=list(ids))


def formerly_touched(
    reader: Reader, entity: Entity, table: str, column: str, ids: Sequence[str]
) -> set[str]:
    """Return the documents that any stored version of these records refers to."""
    if not ids:
        return set()
    key = "id" if table == entity.table else entity.parent_key
    query = f"""
        select distinct {column} from {DATASET}.{table}
        where {column} is not null and {key} in (select unnest($ids))
    """  # noqa: S608 - our names
    return {row[0] for row in reader.ask(query, ids=list(ids))}


def stored_since(reader: Reader, entity: Entity, since: str) -> set[str]:
    """Return the ids of which a version came with a sync of this instant or later."""
    query = f"""
        select distinct id from {DATASET}.{entity.table}
        where _synced_at >= $since::timestamptz
    """  # noqa: S608 - our names
    return {row[0] for row in reader.ask(query, since=since)}


def open_condition(text: str) -> str:
    """Return a list filter of ours, ``field:in:"A,B"``, as an SQL condition."""
    field, _, values = text.split(":")
    quoted = ", ".join(f"'{value}'" for value in values.strip('"').split(","))
    return f"{snake(field)} in ({quoted})"
