"""What a BILL list is to us: its columns, its child lists and how it is asked for.

Here belongs: the types every list is described with, and names derived from them. Not
here: the lists themselves (the modules beside this one), how one is read (client.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "money", "rate", "integer", "boolean", "date", "instant", "hash"]
Mode = Literal["incremental", "full"]
Shape = Literal["envelope", "cards", "bills", "array", "object"]
Group = Literal["core", "documents", "audit_trail", "spend"]

START = "start"
"""The paging parameter that is an offset and not a token."""


@dataclass(frozen=True)
class Column:
    """One typed column of a raw table and the JSON path it is read from.

    An empty ``path`` is the id of the parent a per-parent list was asked for. The
    column ``id`` of a parent table is the row's identity, wherever that comes from.
    ``values`` are those BILL is known to use; empty where their list is not whole.
    """

    name: str
    path: tuple[str, ...]
    kind: Kind
    values: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Children:
    """A list inside a record that becomes a table of its own.

    Rows carry ``org_id``, ``<parent_key>``, ``_version`` and ``ordinal`` (from 1), so
    that each version of a parent owns its whole list; a list inside a list carries its
    parents' ordinals too, as ``<singular>_ordinal``. Dots in ``path`` lead through
    objects: ``approvers.users``.
    """

    table: str
    path: str
    columns: tuple[Column, ...]
    children: tuple["Children", ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The JSON keys that lead to the list."""
        return tuple(self.path.split("."))

    @property
    def are_lines(self) -> bool:
        """Whether these are a document's lines, of which ``id`` names one.

        A line whose id an earlier one of the document has too gets none: no two lines
        may have one name. Elsewhere ``id`` may be a user's, or a credit's.
        """
        return self.table.endswith("_line_items")


@dataclass(frozen=True)
class Entity:
    """One BILL list and the raw tables it fills.

    ``created_filter`` and ``archived_filter`` say that BILL accepts a filter on
    createdTime (closed windows for backfill) and on archived; ``open_filter`` selects
    the rows whose derived amounts move without their updatedTime moving. ``unsettled``
    is a condition on our own newest versions: those rows are read again by id.
    ``touches`` names (table, column, touched table): documents whose amounts a row
    changes. ``after`` orders the lists of a sync: causes before what they touch,
    parents before what is asked for per parent. ``sort`` is a documented order in
    which rows keep their places while we page. ``is_bank`` marks records whose
    accountNumber is a bank's, to be masked. ``id_filter`` says that ``id:in`` is
    documented; without it rows are read singly, by ``get_path``, where there is one.

    Attributes:
        group: ``core`` is always read, the others when asked for.
        per: Raw table of the parents; one listing for each, whose id replaces
            ``{parent_id}`` in ``path`` and fills the column with an empty path.
        identity: The field that is a row's id; empty where a row has none and its
            content stands for it, so that a change is another row.
        scoped: Identities repeat from parent to parent, so that the parent's id has to
            be part of ours.
        page_size: Rows to ask for at once: BILL's maximum for the list.
        next_parameter: What brings the next page: a token, or ``start``, an offset.
        vanishes: BILL deletes rows for good: one that is missing from the whole list
            is gone, once ``get_path`` (where there is one) has no answer either.
        get_path: Where one record is read; empty where BILL has no such path, or one
            that needs the parent too.
        untyped: Documented fields without a column, kept in ``_raw`` only.
    """

    table: str
    path: str
    columns: tuple[Column, ...]
    children: tuple[Children, ...] = ()
    mode: Mode = "incremental"
    shape: Shape = "envelope"
    created_filter: bool = False
    archived_filter: bool = False
    open_filter: str = ""
    unsettled: str = ""
    touches: tuple[tuple[str, str, str], ...] = ()
    after: int = 0
    sort: str = "createdTime:asc"
    id_filter: bool = True
    is_bank: bool = False
    parameters: tuple[tuple[str, str], ...] = ()
    group: Group = "core"
    per: str = ""
    identity: str = "id"
    scoped: bool = False
    page_size: int = 100
    next_parameter: str = "page"
    vanishes: bool = False
    get_path: str = "{path}/{id}"
    untyped: frozenset[str] = frozenset()

    @property
    def parent_key(self) -> str:
        """Name of the column by which child rows know their parent: ``bill_id``."""
        return f"{singular(self.table)}_id"

    @property
    def is_paged(self) -> bool:
        """Whether the list takes ``max`` and goes on page by page."""
        return self.shape == "envelope" or self.next_parameter == START

    def tables(self) -> Iterator[str]:
        """Every raw table this entity fills, parents before children."""
        yield self.table
        for child in self.children:
            yield child.table
            yield from (nested.table for nested in child.children)

    def list_path(self, organization_id: str, parent_id: str = "") -> str:
        """Return the path of the list, of one parent where it is asked for per parent.

        Raises:
            ValueError: A per-parent list without its parent.
        """
        if bool(self.per) != bool(parent_id):
            raise ValueError(
                f"{self.table}: asked for per {self.per or 'organization'}"
            )
        return self.path.format(organization_id=organization_id, parent_id=parent_id)

    def record_path(self, organization_id: str, record_id: str) -> str:
        """Return the path of one record; empty where BILL has none."""
        path = self.path.replace("{organization_id}", organization_id)
        return self.get_path.format(path=path, id=record_id)


def singular(noun: str) -> str:
    """Return the singular of one of our table names: ``accounting_class``."""
    if noun == "chart_of_accounts":
        return "chart_of_account"
    if noun.endswith("sses"):
        return noun[:-2]
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    return noun.removesuffix("s")


def snake(name: str) -> str:
    """Return BILL's camelCase name in snake case: ``track1099`` stays whole."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
