"""Links and edits of sensitive fields are masked too."""

import json
from typing import Any

import pytest

from bill_source.masking import SENSITIVE, fingerprint, mask


def edit(name: str, previous: Any, current: Any) -> dict[str, Any]:
    """One entry of an audit trail."""
    value = {"previous": previous, "current": current}
    return {"source": "WEB", "field": {"name": name, "value": value}}


def values_of(entry: dict[str, Any]) -> tuple[Any, Any]:
    """What an entry says about before and after."""
    value = entry["field"]["value"]
    return value.get("previous"), value.get("current")


@pytest.mark.parametrize(
    ("name", "previous", "current", "expected"),
    [
        (
            "bankAccount.accountNumber",
            "000123456789",
            "98765",
            ("****6789", "****8765"),
        ),
        ("Account Number", None, "000123456789", (None, "****6789")),
        ("routing_number", "021000021", "011000015", ("****", "****")),
        ("taxId", "12-3456789", None, (fingerprint("123456789"), None)),
        ("EIN", "12-3456789", None, (fingerprint("123456789"), None)),
    ],
)
def test_edits_of_sensitive_fields_are_masked(
    name: str, previous: Any, current: Any, expected: tuple[Any, Any]
) -> None:
    """The trail of edits tells that a number changed, not the numbers."""
    entry = edit(name, previous, current)
    assert mask(entry) is True
    assert values_of(entry) == expected


@pytest.mark.parametrize("name", ["email", "accountType", "being", "address.line1"])
def test_other_edits_stay(name: str) -> None:
    """What is not sensitive is kept as it was."""
    entry = edit(name, "old", "new")
    assert mask(entry) is False
    assert values_of(entry) == ("old", "new")


def test_links_are_not_kept() -> None:
    """Neither links to files nor to receipts are stored; their names are."""
    document = {"id": "00h1", "name": "a.pdf", "downloadLink": "https://bill/x"}
    purchase = {"uuid": "trx_1", "receipts": [{"uuid": "r", "url": "https://bill/y"}]}
    assert mask(document) is True
    assert mask(purchase) is True
    assert document == {"id": "00h1", "name": "a.pdf"}
    assert purchase == {"uuid": "trx_1", "receipts": [{"uuid": "r"}]}


@pytest.mark.parametrize(
    "text",
    [
        b'{"taxId": "12-3456789"}',
        b'{"bankAccount": {"accountNumber": "1"}}',
        b'{"companyOwner": {"dateOfBirth": "1980-01-01"}}',
        b'{"downloadLink": "https://bill/x"}',
        b'{"receipts": [{"url": "https://bill/y"}]}',
        b'{"field": {"name": "Bank Account", "value": {"current": "1"}}}',
    ],
)
def test_sensitive_records_are_told_by_their_text(text: bytes) -> None:
    """Whatever is masked has one of the marks a record is looked at for."""
    assert mask(json.loads(text)) is True
    assert any(f'"{name}"'.encode() in text for name in SENSITIVE)
