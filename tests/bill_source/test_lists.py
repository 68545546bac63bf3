"""Every list we describe is read, kept up to date, and loses what BILL deletes."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bill_source import BillCredentials, BillForbiddenError, LoadReport
from bill_source.answers import decode
from bill_source.client import BillClient
from bill_source.entities import BY_TABLE, ENTITIES, GROUPS, Children, Entity
from bill_source.masking import mask
from bill_source.pipeline import Order, run_load
from bill_source.sandbox import SandboxServer

WINTER, SPRING = "2026-02-01T00:00:00Z", "2026-03-02T00:00:00Z"
EVERY = [entity for entity in ENTITIES if entity.table != "nominated_card_accounts"]
"""Without the list that differs from another by a parameter only."""


def record_of(entity: Entity, number: int, note: str) -> dict[str, Any]:
    """One record: an id where the list has ids, times, and a word that can change."""
    updated = SPRING if note == "changed" else WINTER
    named = {entity.identity: f"{entity.table}-{number}"} if entity.identity else {}
    return {"note": note, "createdTime": WINTER, "updatedTime": updated} | named


def write_all(books: Any, notes: dict[int, str]) -> None:
    """Let every list of BILL hold these records, those per parent below number 1."""
    for entity in EVERY:
        rows = [record_of(entity, number, note) for number, note in notes.items()]
        name, found = entity.table.replace("_", "-"), {"results": rows}
        if entity.table == "organizations":
            name, found = "organization", rows[0] | {"id": books.server.organization_id}
        elif entity.shape == "object":
            found = rows[0]
        elif entity.per:
            found = {f"{entity.per}-1": rows}
        books.write_text(name, json.dumps(found))


def load_all(books: Any, day: int) -> LoadReport:
    """Load every list of every group, as if so many days after the first."""
    token = books.server.spend_token
    credentials = replace(books.credentials, spend_token=token)
    now = books.server.clock.now() + timedelta(days=day)
    order = Order(groups=GROUPS)
    return run_load(credentials, books.folder, now=now, order=order)


def rows_where(books: Any, condition: str) -> dict[str, int]:
    """How many rows of each list's table fulfil a condition."""
    counts = (
        f"from raw_bill.{entity.table} select '{entity.table}', count(*)"
        f" where {condition}"
        for entity in EVERY
    )
    return dict(books.query(" union all ".join(counts)))


def test_every_list_is_kept_up_to_date(books: Any) -> None:
    """Of every list, a change is a version, and what BILL deletes is known as gone."""
    write_all(books, {1: "as before", 2: "as before"})
    load_all(books, 0)
    write_all(books, {1: "changed"})
    load_all(books, 1)
    everywhere = dict.fromkeys((entity.table for entity in EVERY), 1)
    assert rows_where(books, "_raw like '%changed%'") == everywhere
    known = {entity.table: int(bool(entity.identity)) for entity in EVERY}
    assert rows_where(books, "_version = 2 and not _deleted") == known
    gone = {entity.table: int(entity.vanishes) for entity in EVERY}
    assert rows_where(books, "_deleted") == gone


def test_a_record_kept_back_is_not_a_missing_one(
    sandbox: SandboxServer, credentials: BillCredentials
) -> None:
    """Only BILL's word that there is no such record counts as that."""
    with BillClient(credentials) as client:
        assert client.record(BY_TABLE["bills"], "00n02UNKNOWNBILL0001") is None
        asked = client.calls
        assert client.record(BY_TABLE["ap_cards"], "unreadable by id") is None
        assert client.calls == asked
        sandbox.faults.forbidden("bills")
        with pytest.raises(BillForbiddenError):
            client.record(BY_TABLE["bills"], "00n02UNKNOWNBILL0001")


def test_what_bill_shows_has_a_place(
    sandbox: SandboxServer, credentials: BillCredentials
) -> None:
    """Every field and status of a company's records is known to the lists' columns."""
    shown: dict[str, list[dict[str, Any]]] = {}
    unknown: set[str] = set()
    known_as_spender = replace(credentials, spend_token=sandbox.spend_token)
    with BillClient(known_as_spender) as client:
        for entity in ENTITIES:
            if entity.table == "organizations":
                continue  # kept from a token, as BILL may do
            parents = [id_of(entity, one) for one in shown.get(entity.per, [{}])]
            shown[entity.table] = first_records(client, entity, parents)
            for record in shown[entity.table]:
                mask(record)
                unknown.update(surprises(entity, record, entity.table))
    assert unknown == set()
    assert {table for table, records in shown.items() if not records} == set()


def first_records(
    client: BillClient, entity: Entity, parents: list[str]
) -> list[dict[str, Any]]:
    """Records of a list's first page, of the first parent that has any."""
    for parent_id in parents:
        page = next(client.pages(entity, parent_id=parent_id))
        if page.records:
            return [decode(record) for record in page.records]
    return []


def id_of(entity: Entity, parent: dict[str, Any]) -> str:
    """The id of a record that a list is asked for."""
    return str(parent[BY_TABLE[entity.per].identity]) if entity.per else ""


def surprises(
    entity: Entity | Children, record: dict[str, Any], place: str
) -> Iterator[str]:
    """Fields and values of a record that no column knows."""
    leaves = {column.path: column for column in entity.columns}
    lists = {children.keys: children for children in entity.children}
    for path, value in fields_of(record, {*leaves, *lists}):
        if path in lists:
            for item in value:
                yield from surprises(lists[path], item, lists[path].table)
        elif path != (getattr(entity, "identity", "id"),):
            column = leaves.get(path)
            if column is None or (column.values and value not in column.values):
                yield f"{place}: {'.'.join(path)} {value!r}"


def fields_of(
    record: dict[str, Any], ends: set[tuple[str, ...]], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Paths and values of a record, into objects but not beyond the given ends."""
    for key, value in record.items():
        path = (*above, key)
        if isinstance(value, dict) and path not in ends:
            yield from fields_of(value, ends, path)
        else:
            yield path, value
