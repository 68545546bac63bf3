"""The lists are described so that every reader of them can rely on it."""

from collections.abc import Iterator

import duckdb
import pytest

from bill_source.entities import (
    BY_TABLE,
    ENTITIES,
    GROUPS,
    START,
    Children,
    Column,
    Entity,
    columns,
    singular,
)

EVERY = pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.table)


def child_lists(lists: tuple[Children, ...]) -> Iterator[Children]:
    """Every list inside a record, those inside others too."""
    for one in lists:
        yield one
        yield from child_lists(one.children)


def test_words_become_columns() -> None:
    """Path, name, kind and known values are read from one word."""
    found = columns(
        "id dueDate:date limit_amount=limit:money bill_id= at.type@bank_type"
    )
    assert found == (
        Column("id", ("id",), "text"),
        Column("due_date", ("dueDate",), "date"),
        Column("limit_amount", ("limit",), "money"),
        Column("bill_id", (), "text"),
        Column("at_type", ("at", "type"), "text", frozenset({"CHECKING", "SAVINGS"})),
    )


def test_unknown_names_of_values_are_refused() -> None:
    """A misspelt set of values does not silently become an empty one."""
    with pytest.raises(KeyError, match="bank_tipe"):
        columns("type@bank_tipe")


@pytest.mark.parametrize(
    ("plural", "expected"),
    [
        ("bills", "bill"),
        ("accounting_classes", "accounting_class"),
        ("bill_approval_policies", "bill_approval_policy"),
        ("chart_of_accounts", "chart_of_account"),
        ("spend_custom_fields", "spend_custom_field"),
    ],
)
def test_singulars_name_the_keys_of_child_rows(plural: str, expected: str) -> None:
    """Keys of child rows are made from words a person would use."""
    assert singular(plural) == expected


def test_no_table_is_filled_twice() -> None:
    """Every raw table belongs to one list."""
    tables = [table for entity in ENTITIES for table in entity.tables()]
    assert len(tables) == len(set(tables))


@EVERY
def test_columns_are_told_apart(entity: Entity) -> None:
    """No table has two columns of one name, and none that SQL reserves."""
    reserved = {
        word
        for (word,) in duckdb.sql(
            "select keyword_name from duckdb_keywords()"
            " where keyword_category = 'reserved'"
        ).fetchall()
    }
    for found in (entity.columns, *(c.columns for c in child_lists(entity.children))):
        names = [column.name for column in found]
        assert len(names) == len(set(names))
        assert reserved.isdisjoint(names)


@EVERY
def test_every_row_has_an_id(entity: Entity) -> None:
    """Parent tables have a column id, read from the field that is the identity."""
    found = next(column for column in entity.columns if column.name == "id")
    # Without a field of its own, or with one that repeats, the reader makes the id.
    is_made = not entity.identity or entity.scoped
    assert is_made or found.path == (entity.identity,)


@EVERY
def test_lists_per_parent_know_their_parent(entity: Entity) -> None:
    """A list has a parent in its path exactly when its rows keep the parent's id."""
    keys = [column.name for column in entity.columns if not column.path]
    expected = [f"{singular(entity.per)}_id"] if entity.per else []
    assert keys == expected
    assert ("{parent_id}" in entity.path) == bool(entity.per)
    if entity.per:
        assert BY_TABLE[entity.per].after < entity.after
        assert entity.mode == "full"


@EVERY
def test_groups_follow_the_paths(entity: Entity) -> None:
    """What needs the token of Spend & Expense is in its group, and nothing else is."""
    assert entity.group in GROUPS
    assert (entity.group == "spend") == entity.path.startswith("/v3/spend/")


@EVERY
def test_only_documents_of_the_ledger_are_read_by_a_cursor(entity: Entity) -> None:
    """A list with a cursor has updatedTime, a page token and ids of its own."""
    if entity.mode == "incremental":
        assert "updated_time" in {column.name for column in entity.columns}
        assert (entity.identity, entity.next_parameter) == ("id", "page")


def test_paths_are_filled_in() -> None:
    """Lists and records are asked for by organization, parent and id."""
    documents, terms = BY_TABLE["bill_documents"], BY_TABLE["payment_terms"]
    assert documents.list_path("008", "00n1") == "/v3/documents/bills/00n1"
    assert documents.record_path("008", "00h1") == "/v3/documents/00h1"
    assert (
        terms.record_path("008", "00p1") == "/v3/organizations/008/payment-terms/00p1"
    )
    assert BY_TABLE["ap_cards"].record_path("008", "x") == ""


@pytest.mark.parametrize(("table", "parent"), [("bill_documents", ""), ("bills", "x")])
def test_a_parent_too_few_or_too_many_is_refused(table: str, parent: str) -> None:
    """A list per parent is never asked for without one, and no other with one."""
    with pytest.raises(ValueError, match=table):
        BY_TABLE[table].list_path("008", parent)


def test_an_offset_is_told_from_a_token() -> None:
    """Only the audit trail is paged by an offset; objects are not paged at all."""
    assert [e.table for e in ENTITIES if e.next_parameter == START] == [
        "vendor_audit_trail"
    ]
    assert BY_TABLE["vendor_audit_trail"].is_paged
    assert not BY_TABLE["funding_permissions"].is_paged


def test_what_the_ledger_decides_by_has_known_values() -> None:
    """A new status of a document or payment can be told from the known ones."""
    decisive = {
        "bills": ("record_status", "payment_status", "approval_status"),
        "payments": ("status", "single_status", "disbursement_status"),
        "invoices": ("record_status", "status"),
        "receivable_payments": ("status", "receivables_type"),
        "vendor_credits": ("status",),
        "credit_memos": ("status",),
        "chart_of_accounts": ("account_type",),
    }
    for table, names in decisive.items():
        known = {column.name: column.values for column in BY_TABLE[table].columns}
        assert all(known[name] for name in names)
