"""Parties in the ledger, on the case of a party of several records."""

from datetime import UTC, datetime
from decimal import Decimal
from hashlib import md5
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ZEBRA = md5(b"vendor|party-d", usedforsecurity=False).hexdigest()


def test_every_record_has_the_party_it_was_placed_in_or_goes_by_its_name(
    case_ledger: Any,
) -> None:
    """A new record joins the party of a record of its exact name, else founds one."""
    rows = case_ledger.query(
        "select source_id, party_id, normalised_name, method, decided_by, score"
        " from ledger.party_members where source_id like 'party-%' order by source_id"
    )
    one = Decimal("1.0000")
    assert rows == [
        ("party-a", "party-one", "acme", "exact_name", "rule", one),
        ("party-b", "party-one", "acme", "similar_name", "rule", Decimal("0.9500")),
        ("party-c", ZEBRA, "zebra traders", "exact_name", "rule", one),
        ("party-d", ZEBRA, "zebra traders", "exact_name", "rule", one),
        ("party-e", "party-one", "acme inc", "exact_name", "rule", one),
    ]


def test_a_party_says_what_its_records_say(case_ledger: Any) -> None:
    """Its name is a person's, else the oldest record's; roles and 1099 add up."""
    rows = case_ledger.query(
        "select display_name, is_vendor, is_customer, n_source_records, track_1099,"
        " first_seen, merge_source from ledger.parties"
        " where party_id in ('party-one', ?) order by display_name",
        [ZEBRA],
    )
    first, third = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC)
    assert rows == [
        ("Acme of Austin", True, True, 3, True, first, "rule"),
        ("zebra TRADERS", True, False, 2, False, third, "exact"),
    ]


def test_suggestions_are_about_parties_that_are_still_two(case_ledger: Any) -> None:
    """One that was settled meanwhile is gone."""
    rows = case_ledger.query(
        "select source_id, other_id, party_id, other_party_id, raw_name,"
        " other_raw_name from ledger.party_suggestions where source_id like 'party-%'"
    )
    assert rows == [
        ("party-b", "party-c", "party-one", ZEBRA, "ACME, LLC", "Zebra Traders")
    ]


def test_a_former_id_leads_to_the_party(case_ledger: Any) -> None:
    """So that what people noted down still finds it."""
    rows = case_ledger.query(
        "select former_party_id, party_id from ledger.party_redirects"
    )
    assert rows == [("party-former", "party-one")]
