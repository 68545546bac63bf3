"""Content hashes change with meaning only; rows carry every list of a record."""

from decimal import Decimal
from typing import Any

import pytest

from bill_source.answers import decode
from bill_source.entities import BY_TABLE, ENTITIES
from bill_source.masking import mask
from bill_source.records import Stamp, content_hash, typed_rows
from bill_source.tables import SCHEMAS
from bill_source.values import UnreadableError

STAMP = Stamp("008", "stp1", 3)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a": 1, "b": 2}', '{"b": 2, "a": 1}'),
        ('{"a": 12}', '{"a": 12.00}'),
        ('{"a": 1e2}', '{"a": 100}'),
        ('{"a": 1}', '{"a": 1, "b": null}'),
        ('{"a": 1}', '{"a": 1, "b": {"c": null}, "d": []}'),
    ],
)
def test_spelling_does_not_change_the_hash(one: str, other: str) -> None:
    """Order of keys, trailing zeros and absent or null fields mean the same."""
    assert content_hash(decode(one.encode())) == content_hash(decode(other.encode()))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"a": 1}', '{"a": "1"}'),
        ('{"a": 1}', '{"a": 1.01}'),
        ('{"a": [1, 2]}', '{"a": [2, 1]}'),
        ('{"a": 0}', '{"a": null}'),
        ('{"a": false}', "{}"),
        ('{"a": ""}', "{}"),
        ('{"a": 0.1}', '{"a": 0.10000000000000001}'),
    ],
)
def test_meaning_changes_the_hash(one: str, other: str) -> None:
    """Another value, type or order of a list is other content."""
    assert content_hash(decode(one.encode())) != content_hash(decode(other.encode()))


def test_lists_in_lists_know_both_parents() -> None:
    """A credit used by a payment's second allocation says so by ordinals from 1."""
    payment: dict[str, Any] = {
        "id": "stp1",
        "billPayments": [
            {"id": "blp1", "billId": "00n1", "amount": 5},
            {
                "id": "blp2",
                "billId": "00n2",
                "amount": 7,
                "vendorCredits": [{"id": "vcr1", "amount": 1}],
            },
        ],
    }
    rows = typed_rows(BY_TABLE["payments"], payment, STAMP, (None, "", False, ""))
    assert rows["payment_bill_payments"] == [
        ("008", "stp1", 3, 1, "blp1", "00n1", Decimal(5)),
        ("008", "stp1", 3, 2, "blp2", "00n2", Decimal(7)),
    ]
    credit = ("008", "stp1", 3, 2, 1, "vcr1", Decimal(1))
    assert rows["payment_vendor_credits"] == [credit]
    assert rows["payment_voids"] == []


@pytest.mark.parametrize(
    "record",
    [
        {"id": "x", "billPayments": {}},
        {"id": "x", "billPayments": ["blp1"]},
        {"id": "x", "fundingAccount": "bac1"},
        {"id": "x", "billPayments": [{"amount": "seven"}]},
    ],
)
def test_other_shapes_are_refused(record: dict[str, Any]) -> None:
    """A list or object that became something else is not read as empty."""
    with pytest.raises(UnreadableError):
        typed_rows(BY_TABLE["payments"], record, STAMP, (None, "", False, ""))


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.table)
def test_every_row_fits_its_table(entity: Any) -> None:
    """Rows have as many values as their tables have columns, in every table."""
    record = {"id": "x"} | with_lists(entity.children)
    rows = typed_rows(entity, record, STAMP, (None, "", False, ""))
    assert set(rows) == set(entity.tables())
    widths = {table: {len(row) for row in found} for table, found in rows.items()}
    assert widths == {table: {len(SCHEMAS[table].names)} for table in rows}


def with_lists(children: Any) -> dict[str, Any]:
    """Return a record in which each of these lists has one item."""
    record: dict[str, Any] = {}
    for child in children:
        place = record
        for key in child.keys[:-1]:
            place = place.setdefault(key, {})
        place[child.keys[-1]] = [with_lists(child.children)]
    return record


def test_sensitive_values_are_masked() -> None:
    """Bank numbers keep four digits, tax ids a hash; birth dates and routing go."""
    md5_of_digits = "25f9e794323b453885f5181f1b624d0b"
    record = {
        "taxId": "12-3456789",
        "accountNumber": "REF-1",
        "companyOwner": {"firstName": "A", "dateOfBirth": "1980-01-01"},
        "paymentInformation": {
            "bankAccount": {"accountNumber": "000123456789", "routingNumber": "021"}
        },
    }
    assert mask(record) is True
    assert record == {
        "taxId": md5_of_digits,
        "accountNumber": "REF-1",
        "companyOwner": {"firstName": "A"},
        "paymentInformation": {"bankAccount": {"accountNumber": "****6789"}},
    }


def test_our_own_references_are_not_masked() -> None:
    """A vendor's account number with us is a reference, not a bank's."""
    record = {"accountNumber": "HL-40021", "name": "Vendor"}
    assert mask(record) is False
    assert record["accountNumber"] == "HL-40021"


def test_bank_accounts_are_masked_by_their_own_list() -> None:
    """A funding account's number is masked also where no routing number stands."""
    record = {"id": "bac1", "accountNumber": "123456781188"}
    mask(record, is_bank=BY_TABLE["bank_accounts"].is_bank)
    assert record["accountNumber"] == "****1188"
