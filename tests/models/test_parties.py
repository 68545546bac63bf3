"""Who is one party: rules, contradictions, people's decisions, ids that stay.

Here belongs: small companies of a few records. Not here: how often it is right
(test_party_merges.py).
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import permutations

import pandas as pd
import pytest

from models.parties import Resolution, resolve
from models.party_ids import founded_by

COLUMNS = [
    "source_entity",
    "source_id",
    "raw_name",
    "created_at",
    "tax_id",
    "email",
    "phone",
    "bank_account",
    "address_line",
    "zip",
]
OVERRIDES = [
    "action",
    "source_entity",
    "source_id",
    "into_entity",
    "into_id",
    "name",
    "effective_at",
]
HISTORY = ["source_entity", "source_id", "party_id"]
DAY = pd.Timestamp("2026-01-01", tz="UTC")
HERE = {"address_line": "12 Oak Street", "zip": "78701"}
SAME_PLACE = {"address_line": "12 OAK ST.", "zip": "78701-1234"}
THERE = {"address_line": "9 Lake Road", "zip": "10001"}


def vendor(number: int, name: str, **known: object) -> dict[str, object]:
    """A vendor's record; the numbers count the days of making, too."""
    fixed: dict[str, object] = {
        "source_entity": "vendor",
        "source_id": f"v{number}",
        "raw_name": name,
        "created_at": DAY + pd.Timedelta(days=number),
    }
    return fixed | known


def said(
    action: str, source: str, into: str = "", *, day: int = 1, name: str = ""
) -> Mapping[str, object]:
    """A row of party_overrides about vendors."""
    return {
        "action": action,
        "source_entity": "vendor",
        "source_id": source,
        "into_entity": "vendor" if into else None,
        "into_id": into or None,
        "name": name or None,
        "effective_at": DAY + pd.Timedelta(days=day),
    }


def resolved(
    records: Sequence[Mapping[str, object]],
    decisions: Sequence[Mapping[str, object]] = (),
    before: Sequence[Resolution] = (),
) -> Resolution:
    """What the resolver says, with earlier answers as the past."""
    past = [one.members[HISTORY] for one in before]
    return resolve(
        pd.DataFrame(list(records), columns=COLUMNS),
        pd.DataFrame(list(decisions), columns=OVERRIDES),
        pd.concat(past) if past else pd.DataFrame(columns=HISTORY),
    )


def groups(found: Resolution) -> list[list[str]]:
    """The ids of the records of each party."""
    parties = found.members.groupby("party_id")["source_id"]
    return sorted(sorted(ids) for _, ids in parties)


def party_of(found: Resolution, source_id: str) -> str:
    """The party of a record."""
    members = found.members.set_index("source_id")["party_id"]
    return str(members[source_id])


TOGETHER = [["v1", "v2"]]
APART = [["v1"], ["v2"]]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        # equal names: until two pieces of evidence speak against it
        (("Acme Inc", {}), ("ACME, LLC", {}), TOGETHER),
        (("Acme", HERE), ("Acme", THERE), TOGETHER),
        (
            ("Acme", HERE | {"phone": "512 555 0101"}),
            ("Acme", THERE | {"phone": "512 555 0199"}),
            APART,
        ),
        (("Acme", {"tax_id": "a1"}), ("Acme", {"tax_id": "b2"}), APART),
        # nearly equal names: one piece of evidence and nothing against it
        (("Acme Hardware", {}), ("Acme Hardwares", {}), APART),
        (("Acme Hardware", HERE), ("Acme Hardwares", SAME_PLACE), TOGETHER),
        (
            ("Acme Hardware", HERE | {"phone": "5125550101"}),
            ("Acme Hardwares", SAME_PLACE | {"phone": "5125550199"}),
            APART,
        ),
        # alike: strong evidence, and at most one thing against it
        (("Brightway Cafe", HERE), ("Brightways Coffee", SAME_PLACE), APART),
        (
            ("Brightway Svc", {"email": "ap@brightway.example"} | HERE),
            ("Brightway Svcs X", {"email": "hi@brightway.example"} | THERE),
            TOGETHER,
        ),
        (
            ("Brightway Svc", {"email": "brightway@gmail.com"}),
            ("Brightway Svcs X", {"email": "other@gmail.com"}),
            APART,
        ),
        # a tax id decides, unless it is a filler
        (("Acme", {"tax_id": "a1"}), ("Zebra", {"tax_id": "a1"}), TOGETHER),
        (("Acme", {"tax_id": "00-0000000"}), ("Zebra", {"tax_id": "000000000"}), APART),
        # nothing is known by no name
        (("", HERE), ("", SAME_PLACE), APART),
        (("Vendor 1", {}), ("Vendor 2", {}), APART),
    ],
)
def test_names_and_evidence_decide(
    one: tuple[str, dict[str, object]],
    other: tuple[str, dict[str, object]],
    expected: list[list[str]],
) -> None:
    """Each rule merges what it says and nothing less certain."""
    records = [vendor(1, one[0], **one[1]), vendor(2, other[0], **other[1])]

    assert groups(resolved(records)) == expected


def test_a_vendor_and_a_customer_may_be_one_party() -> None:
    """The same rules hold across both lists."""
    customer = vendor(2, "Acme Corp") | {"source_entity": "customer"}

    assert groups(resolved([vendor(1, "Acme"), customer])) == TOGETHER


def test_a_chain_is_cut_where_tax_ids_differ_whatever_the_order() -> None:
    """The record between them goes with the surer one, and a person is told."""
    records = [
        vendor(1, "Acme", tax_id="a1", phone="5125550101"),
        vendor(2, "Acme", phone="5125550101"),
        vendor(3, "Acme", tax_id="b2"),
    ]
    for order in permutations(records):
        found = resolved(order)
        assert groups(found) == [["v1", "v2"], ["v3"]]
        assert found.suggestions["kind"].tolist() == ["contradiction"]
        assert "different tax ids" in found.suggestions["why"][0]


def test_look_alikes_are_suggested_and_not_merged() -> None:
    """The pair names the older record first and says what speaks for it."""
    records = [vendor(1, "Blue Fern Media"), vendor(2, "Blue Fern"), vendor(3, "Zebra")]

    found = resolved(records)

    assert groups(found) == [["v1"], ["v2"], ["v3"]]
    (row,) = found.suggestions.to_dict("records")
    assert (row["source_id"], row["other_id"], row["kind"]) == ("v1", "v2", "similar")
    assert row["score"] == Decimal("1.0000")
    assert row["why"] == "one name is part of the other"


def test_the_legal_name_of_one_is_suggested_for_the_other() -> None:
    """A trading name hides it from equality only."""
    records = [vendor(1, "Smith Foods LLC dba Joe's Pizza"), vendor(2, "Smith Foods")]

    found = resolved(records)

    assert groups(found) == APART
    assert found.suggestions["other_id"].tolist() == ["v2"]


def test_a_person_merges_what_contradicts() -> None:
    """A decision outranks evidence."""
    records = [vendor(1, "Acme", tax_id="a1"), vendor(2, "Zebra", tax_id="b2")]

    found = resolved(records, [said("merge", "v2", "v1")])

    assert groups(found) == TOGETHER
    assert set(found.members["decided_by"]) == {"user"}
    assert set(found.members["method"]) == {"user_merge"}


@pytest.mark.parametrize("pair", [("v1", "v2"), ("v2", "v1")])
def test_a_split_lasts_in_both_directions_and_is_not_suggested(
    pair: tuple[str, str],
) -> None:
    """Whichever record it names first, also where a third links the two."""
    records = [vendor(1, "Acme"), vendor(2, "Acme"), vendor(3, "Acme")]

    found = resolved(records, [said("split", *pair)])

    assert party_of(found, "v1") != party_of(found, "v2")
    assert len(groups(found)) == 2
    assert found.suggestions.empty


def test_a_record_split_from_everybody_stands_alone() -> None:
    """Without a second record the split holds against all, and none is suggested."""
    records = [vendor(1, "Acme"), vendor(2, "Acme"), vendor(3, "Acme")]

    found = resolved(records, [said("split", "v2")])

    assert groups(found) == [["v1", "v3"], ["v2"]]
    assert found.suggestions.empty
    placed = found.members.set_index("source_id")
    assert placed.loc["v2", ["method", "decided_by"]].tolist() == ["user_split", "user"]


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ((("merge", 1), ("split", 2)), APART),
        ((("split", 1), ("merge", 2)), TOGETHER),
        ((("merge", 1), ("split", 2), ("merge", 3)), TOGETHER),
    ],
)
def test_the_newest_decision_wins(
    decisions: Sequence[tuple[str, int]], expected: list[list[str]]
) -> None:
    """Whatever the order of the rows."""
    records = [vendor(1, "Acme"), vendor(2, "Zebra")]
    rows = [said(action, "v1", "v2", day=day) for action, day in decisions]

    assert groups(resolved(records, rows)) == expected
    assert groups(resolved(records, rows[::-1])) == expected


def test_a_decision_about_a_record_that_is_not_loaded_waits() -> None:
    """It changes nothing until the record is there."""
    rows = [said("merge", "v1", "v2"), said("rename", "v9", name="Nobody")]

    assert groups(resolved([vendor(1, "Acme")], rows)) == [["v1"]]
    assert groups(resolved([vendor(1, "Acme"), vendor(2, "Z")], rows)) == TOGETHER


def test_the_newest_rename_names_the_party() -> None:
    """Of all that were said of any of its records."""
    records = [vendor(1, "Acme"), vendor(2, "Acme")]
    rows = [
        said("rename", "v1", name="New", day=3),
        said("rename", "v2", name="Old", day=2),
    ]

    assert resolved(records, rows).members["chosen_name"].tolist() == ["New", "New"]


def test_a_party_keeps_its_id_when_records_join() -> None:
    """Also when the one that joins is older and turns up late."""
    first = resolved([vendor(2, "Acme")])
    second = resolved([vendor(1, "Acme"), vendor(2, "Acme")], before=[first])

    assert set(second.members["party_id"]) == {founded_by("vendor", "v2")}
    assert second.redirects.empty


def test_a_merge_leaves_a_redirect_and_a_split_takes_it_back() -> None:
    """The id that goes leads to the one that stays, until its record is alone again."""
    records = [vendor(1, "Acme"), vendor(2, "Zebra")]
    apart = resolved(records)
    merged = resolved(records, [said("merge", "v2", "v1")], before=[apart])
    again = resolved(
        records,
        [said("merge", "v2", "v1"), said("split", "v2", "v1", day=2)],
        before=[apart, merged],
    )

    assert merged.redirects.to_dict("records") == [
        {
            "former_party_id": founded_by("vendor", "v2"),
            "party_id": founded_by("vendor", "v1"),
        }
    ]
    assert again.redirects.empty
    assert again.members["party_id"].tolist() == apart.members["party_id"].tolist()


def test_one_by_one_gives_the_same_parties_as_all_at_once() -> None:
    """Records that come in the order they were made, each known from then on."""
    records = [
        vendor(5, "Acme", phone="5125550101"),
        vendor(3, "Zebra"),
        vendor(4, "Acme Inc"),
        vendor(1, "Acme Corp", phone="5125550199"),
        vendor(2, "Zebra Ltd"),
    ]
    records.sort(key=lambda record: str(record["created_at"]))
    past: list[Resolution] = []
    for count in range(1, len(records) + 1):
        past.append(resolved(records[:count], before=past))

    at_once = resolved(records)
    pd.testing.assert_frame_equal(past[-1].members, at_once.members)
    again = resolved(records[::-1], before=past)
    pd.testing.assert_frame_equal(again.members, at_once.members)
    pd.testing.assert_frame_equal(again.suggestions, at_once.suggestions)


def test_no_records_give_no_parties() -> None:
    """An empty company has empty tables with every column."""
    found = resolved([])

    assert found.members.empty
    assert found.suggestions.empty
    assert found.redirects.empty
    assert "party_id" in found.members.columns
