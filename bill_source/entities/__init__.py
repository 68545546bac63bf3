"""The BILL entities we load, as tables of data.

Here belongs: the whole list of them, in the order they are asked for. Not here: how a
list is read (client.py), in which order (sync.py), where rows land (pipeline.py).
Source of every path, filter and field: BILL's v3 reference.
"""

from bill_source.entities.company import ACCOUNT, COMPANY
from bill_source.entities.documents import AUDIT_TRAIL, DOCUMENTS
from bill_source.entities.entity import (
    START,
    Children,
    Column,
    Entity,
    Group,
    Kind,
    Mode,
    Shape,
    singular,
    snake,
)
from bill_source.entities.funding import ACCESS, ACCOUNTS
from bill_source.entities.payables import (
    APPROVALS,
    BILLS,
    PAYMENTS,
    RECURRING_BILLS,
    VENDOR_CREDITS,
    VENDORS,
)
from bill_source.entities.receivables import (
    CREDIT_MEMOS,
    CUSTOMER_CONTACTS,
    CUSTOMERS,
    INVOICES,
    RECEIVABLE_PAYMENTS,
    RECURRING_INVOICES,
)
from bill_source.entities.spend import SPEND
from bill_source.entities.words import columns

__all__ = [
    "BY_TABLE",
    "ENTITIES",
    "GROUPS",
    "START",
    "VERSION_COLUMNS",
    "Children",
    "Column",
    "Entity",
    "Group",
    "Kind",
    "Mode",
    "Shape",
    "columns",
    "singular",
    "snake",
]

VERSION_COLUMNS = (
    "org_id",
    "_version",
    "_synced_at",
    "_content_hash",
    "_deleted",
    "_raw",
)
"""Columns every parent table carries besides its own and dlt's ``_dlt_load_id``.

``_version`` counts the contents an id has had, from 1; ``_synced_at`` is the instant
of the sync that first saw this content; ``_deleted`` marks a version that says BILL no
longer has the record, and repeats what it held; ``_raw`` is the record's JSON as
received, with sensitive values masked.
"""

ENTITIES: tuple[Entity, ...] = (
    *COMPANY,
    *ACCOUNTS,
    VENDORS,
    CUSTOMERS,
    BILLS,
    RECURRING_BILLS,
    VENDOR_CREDITS,
    PAYMENTS,
    INVOICES,
    RECURRING_INVOICES,
    CREDIT_MEMOS,
    RECEIVABLE_PAYMENTS,
    *APPROVALS,
    *ACCESS,
    CUSTOMER_CONTACTS,
    *ACCOUNT,
    *DOCUMENTS,
    *AUDIT_TRAIL,
    *SPEND,
)

BY_TABLE = {entity.table: entity for entity in ENTITIES}

GROUPS: tuple[Group, ...] = ("core", "documents", "audit_trail", "spend")
"""What a connection may be asked to read; ``core`` always is."""
