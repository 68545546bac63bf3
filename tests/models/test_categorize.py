"""The call that turns lines into categories: what it promises whatever it is given."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from models import CategorizerError, categorize
from models.decide import RESULT_COLUMNS

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
Lines = Callable[..., pd.DataFrame]


def test_one_row_per_line_in_order(
    lines: Lines, accounts: pd.DataFrame, nothing_labelled: pd.DataFrame
) -> None:
    """Results stand in the order of the lines, with their keys and every column."""
    given = lines(("Comcast", ""), ("Nobody", ""), ("Staples", "paper")).iloc[::-1]

    found = categorize(given, nothing_labelled, accounts, now=NOW).categories

    assert list(RESULT_COLUMNS) == list(found.columns)
    assert found["line_id"].tolist() == ["line-3", "line-2", "line-1"]
    assert found["account_number"].tolist() == ["6300", None, "6220"]
    assert found["decided_by"].tolist() == ["model", "abstain", "model"]


def test_confidence_is_a_decimal_of_four_places(
    lines: Lines, accounts: pd.DataFrame, nothing_labelled: pd.DataFrame
) -> None:
    """Confidence fits DECIMAL(5, 4)."""
    given = lines(("Comcast", ""), ("Nobody", ""))

    found = categorize(given, nothing_labelled, accounts, now=NOW).categories

    assert all(isinstance(value, Decimal) for value in found["confidence"])
    assert {-4} == {value.as_tuple().exponent for value in found["confidence"]}
    assert all(0 <= value <= 1 for value in found["confidence"])


def test_the_explanation_names_word_and_account(
    lines: Lines, accounts: pd.DataFrame, nothing_labelled: pd.DataFrame
) -> None:
    """The sentence says which word points where."""
    given = lines(("Hollis Plumbing LLC", ""))

    found = categorize(given, nothing_labelled, accounts, now=NOW).categories

    assert found["explanation"][0] == (
        "The trade word 'plumbing' in the vendor's name points to "
        "6230 Repairs & Maintenance."
    )


def test_a_correction_decides_the_vendors_next_line(
    lines: Lines, accounts: pd.DataFrame
) -> None:
    """One decision by a person outweighs what is known of a well-known vendor."""
    decided = lines(("Comcast", "Cable ads, May")).assign(
        account_number="6000", effective_at=NOW - timedelta(days=1)
    )
    given = lines(("COMCAST INC", "something new"), amount=Decimal("912.00"))

    found = categorize(given, decided, accounts, now=NOW).categories

    assert found["account_number"][0] == "6000"
    assert found["decided_by"][0] == "history"
    assert "1 of 1" in found["explanation"][0]


def test_the_newest_of_two_corrections_leads(
    lines: Lines, accounts: pd.DataFrame
) -> None:
    """When people change their mind about a vendor, the later decision counts more."""
    decided = lines(("Zeta Partners", "one"), ("Zeta Partners", "two")).assign(
        account_number=["6400", "6420"],
        effective_at=[NOW - timedelta(days=9), NOW - timedelta(days=2)],
    )

    found = categorize(lines(("Zeta Partners", "three")), decided, accounts, now=NOW)

    assert found.categories["account_number"][0] == "6420"


def test_a_line_corrected_twice_teaches_its_last_account_only(
    lines: Lines, accounts: pd.DataFrame
) -> None:
    """A later decision about the same line replaces the earlier one."""
    once = lines(("Zeta Partners", "one"))
    decided = pd.concat([once, once]).assign(
        account_number=["6400", "6420"],
        effective_at=[NOW - timedelta(days=9), NOW - timedelta(days=2)],
    )

    found = categorize(lines(("Zeta Partners", "two")), decided, accounts, now=NOW)

    assert found.card["labels"] == 1
    assert "1 of 1" in found.categories["explanation"][0]


def test_a_decision_of_the_future_is_not_known_yet(
    lines: Lines, accounts: pd.DataFrame
) -> None:
    """What takes effect after `now` does not count."""
    decided = lines(("Zeta Partners", "")).assign(
        account_number="6400", effective_at=NOW + timedelta(seconds=1)
    )

    found = categorize(lines(("Zeta Partners", "")), decided, accounts, now=NOW)

    assert found.categories["account_number"][0] is None
    assert found.card["labels"] == 0


def test_plain_text_stands_against_one_decision_about_a_mixed_vendor(
    lines: Lines, accounts: pd.DataFrame
) -> None:
    """One keyboard from a shop does not make its paper equipment."""
    decided = lines(("Amazon.com", "HDMI adapter")).assign(
        account_number="6330", effective_at=NOW - timedelta(days=1)
    )

    found = categorize(
        lines(("Amazon.com", "Copy paper, 10 reams")), decided, accounts, now=NOW
    )

    assert found.categories["account_number"][0] in {"6300", None}


@pytest.mark.parametrize("account", ["6999", "4999", "2000", "no such account", "6850"])
def test_an_account_that_may_not_be_chosen_is_never_chosen(
    account: str, lines: Lines, accounts: pd.DataFrame
) -> None:
    """Suspense, control, closed and unknown accounts in decisions teach nothing."""
    decided = lines(("Zeta Partners", "")).assign(
        account_number=account, effective_at=NOW
    )

    found = categorize(lines(("Zeta Partners", "")), decided, accounts, now=NOW)

    assert found.categories["account_number"][0] is None
    assert found.card["fell_back"] is None


def test_an_account_of_the_other_side_is_never_chosen(
    lines: Lines, accounts: pd.DataFrame
) -> None:
    """Revenue is not chosen for a bill, even when people once did."""
    decided = lines(("Zeta Partners", "")).assign(
        account_number="4000", effective_at=NOW
    )

    found = categorize(lines(("Zeta Partners", "")), decided, accounts, now=NOW)

    assert found.categories["account_number"][0] is None


def test_history_of_a_customer_is_not_history_of_a_vendor(
    lines: Lines, accounts: pd.DataFrame
) -> None:
    """One name on both sides keeps two histories."""
    decided = lines(("Zeta Partners", ""), direction="ar").assign(
        account_number="4200", effective_at=NOW
    )
    given = pd.concat(
        [
            lines(("Zeta Partners", "")),
            lines(("Zeta Partners", ""), direction="ar", source_entity="invoice"),
        ]
    )

    found = categorize(given, decided, accounts, now=NOW).categories

    assert found["account_number"].tolist() == [None, "4200"]


def test_no_lines_give_no_rows(
    lines: Lines, accounts: pd.DataFrame, nothing_labelled: pd.DataFrame
) -> None:
    """An empty frame of lines is an empty frame of categories."""
    found = categorize(lines(), nothing_labelled, accounts, now=NOW)

    assert len(found.categories) == 0
    assert found.card["coverage"] == 0.0


@pytest.mark.parametrize("decisions", [0, 30])
def test_any_text_and_amount_is_survived(
    decisions: int, lines: Lines, accounts: pd.DataFrame
) -> None:
    """None, NaN, empty, endless and foreign text, and unknown amounts, do not raise."""
    odd = lines(
        (None, None),
        (float("nan"), ""),
        ("", "x" * 10_000),
        ("a " * 5_000, "word " * 2_000),
        ("株式会社さくら電気", "電気料金"),
        ("Ромашка", "уборка"),
        ("مكتب المحاماة", "🧾"),
        ("-- // ''", "\x00\u200b"),
        amount=None,
        txn_date=None,
    )
    decided = lines(*[(f"Vendor {i}", "text") for i in range(30)], amount=float("nan"))
    decided = decided.assign(
        account_number=["6400", "6410"] * 15, effective_at=NOW - timedelta(days=3)
    )

    found = categorize(odd, decided.head(decisions), accounts, now=NOW)

    assert len(found.categories) == 8
    assert found.card["fell_back"] is None


def test_one_label_and_one_class_are_enough(
    lines: Lines, accounts: pd.DataFrame
) -> None:
    """Thirty decisions for one account neither fail nor drag strangers into it."""
    decided = lines(*[(f"Vendor {chr(65 + i)}", "text") for i in range(20)]).assign(
        account_number="6400", effective_at=NOW - timedelta(days=3)
    )

    found = categorize(
        lines(("Stranger", ""), ("Vendor C", "")), decided, accounts, now=NOW
    )

    assert found.categories["account_number"].tolist() == [None, "6400"]
    assert found.card["fell_back"] is None


def test_the_same_inputs_give_the_same_outputs(
    lines: Lines, accounts: pd.DataFrame, ledger: tuple[pd.DataFrame, list[str]]
) -> None:
    """Two calls agree to the last digit, model part included."""
    rows, labels = ledger
    book = dict(zip(sorted(set(labels)), accounts_for(accounts), strict=False))
    decided = rows.assign(
        account_number=[book[label] for label in labels],
        effective_at=[pd.Timestamp(day, tz="UTC") for day in rows["txn_date"]],
        direction="ap",
    )
    given = lines(("Paper House A", "paper"), ("Legal House F", "x"), ("New", "rent"))

    first = categorize(given, decided, accounts, now=NOW)
    second = categorize(given, decided, accounts, now=NOW)

    pd.testing.assert_frame_equal(first.categories, second.categories)
    assert first.card == second.card
    assert first.card["scores"][0]["accuracy"] > 0.8


def test_knowledge_still_decides_new_vendors_when_much_was_learned(
    lines: Lines, accounts: pd.DataFrame, ledger: tuple[pd.DataFrame, list[str]]
) -> None:
    """Fifteen hundred decisions about others do not unlearn a well-known vendor."""
    rows, labels = ledger
    book = dict(zip(sorted(set(labels)), accounts_for(accounts), strict=False))
    decided = rows.assign(
        account_number=[book[label] for label in labels],
        effective_at=[pd.Timestamp(day, tz="UTC") for day in rows["txn_date"]],
        direction="ap",
    )

    found = categorize(lines(("Comcast Business", "")), decided, accounts, now=NOW)

    assert found.categories["account_number"][0] == "6220"
    assert found.categories["decided_by"][0] == "model"


def accounts_for(accounts: pd.DataFrame) -> list[str]:
    """Return some categorizable payables accounts."""
    is_open = (accounts["is_categorizable"] == "true") & (
        accounts["applies_to"] == "ap"
    )
    return accounts.loc[is_open, "account_number"].tolist()


def test_a_stored_model_is_used_again_and_a_damaged_one_replaced(
    lines: Lines, accounts: pd.DataFrame, tmp_path: Path
) -> None:
    """The artifact folder changes nothing but the time it takes."""
    decided = lines(("Zeta Partners", "")).assign(
        account_number="6400", effective_at=NOW - timedelta(days=3)
    )
    given = lines(("Zeta Partners", "August"), ("Comcast", ""))

    def run(folder: Path | None) -> pd.DataFrame:
        found = categorize(given, decided, accounts, artifact_folder=folder, now=NOW)
        assert found.card["fell_back"] is None
        return found.categories

    fresh = run(None)
    pd.testing.assert_frame_equal(fresh, run(tmp_path))
    pd.testing.assert_frame_equal(fresh, run(tmp_path))
    (tmp_path / "arrays.npz").write_bytes(b"damaged")
    pd.testing.assert_frame_equal(fresh, run(tmp_path))


def test_a_folder_that_cannot_be_written_costs_no_decision(
    lines: Lines, accounts: pd.DataFrame, tmp_path: Path
) -> None:
    """What was learned is used, and the card says that it was not kept."""
    occupied = tmp_path / "occupied"
    occupied.write_text("a file, not a folder")
    decided = lines(("Zeta Partners", "")).assign(
        account_number="6400", effective_at=NOW - timedelta(days=3)
    )

    found = categorize(
        lines(("Zeta Partners", "")),
        decided,
        accounts,
        artifact_folder=occupied,
        now=NOW,
    )

    assert found.categories["account_number"][0] == "6400"
    assert "trains again" in found.card["not_saved"]


def test_a_model_that_fails_leaves_what_is_known_beforehand(
    lines: Lines, accounts: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When training fails, the prior decides and the card says why."""

    def fail(*_: object, **__: object) -> None:
        raise CategorizerError("too few days")

    monkeypatch.setattr("models.training.train", fail)
    decided = lines(("Zeta Partners", "")).assign(
        account_number="6400", effective_at=NOW - timedelta(days=3)
    )

    found = categorize(
        lines(("Comcast", ""), ("Zeta Partners", "")), decided, accounts, now=NOW
    )

    assert found.categories["account_number"].tolist() == ["6220", None]
    assert found.card["fell_back"] == "CategorizerError: too few days"


def test_a_chart_without_its_columns_is_refused(
    lines: Lines, nothing_labelled: pd.DataFrame
) -> None:
    """A chart that cannot be read says which columns are missing."""
    chart = pd.DataFrame({"account_number": ["6400"], "account_name": ["Legal"]})

    with pytest.raises(CategorizerError, match="is_categorizable"):
        categorize(lines(("A", "b")), nothing_labelled, chart, now=NOW)


def decisions(lines: Lines, accounts: list[str], first_day: int) -> pd.DataFrame:
    """Return a decision a day, vendor by vendor in turn, one account each."""
    vendors = [(f"Vendor {chr(65 + i % 10)}", "") for i in range(len(accounts))]
    starts = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=first_day * 24)
    return lines(*vendors).assign(
        document_id=[f"bill-{first_day}-{i}" for i in range(len(accounts))],
        account_number=accounts,
        effective_at=[starts + timedelta(hours=2 * i) for i in range(len(accounts))],
    )


def test_a_worse_model_does_not_replace_a_better_one(
    lines: Lines, accounts: pd.DataFrame, tmp_path: Path
) -> None:
    """After decisions at random the older model stays, and remembers the newest."""
    choices = accounts_for(accounts)
    good = decisions(lines, [choices[i % 10] for i in range(600)], 0)
    chance = [choices[(7 * i * i + i // 3) % 11] for i in range(600)]
    bad = pd.concat([good, decisions(lines, chance, 60)])
    asked = lines(("Vendor C", ""))

    def run(decided: pd.DataFrame) -> dict[str, object]:
        return categorize(
            asked, decided, accounts, artifact_folder=tmp_path, now=NOW
        ).card

    first, second, third = run(good), run(bad), run(good)

    assert first["kept_older"] is None
    assert "The older one stays" in str(second["kept_older"])
    assert third["trained"] is False


def test_a_model_as_good_as_the_last_is_taken(
    lines: Lines, accounts: pd.DataFrame, tmp_path: Path
) -> None:
    """More decisions of the same kind train a new model that replaces the old."""
    choices = accounts_for(accounts)
    good = decisions(lines, [choices[i % 10] for i in range(600)], 0)
    for decided in (good.head(400), good):
        card = categorize(
            lines(("Vendor C", "")),
            decided,
            accounts,
            artifact_folder=tmp_path,
            now=NOW,
        ).card

    assert card["trained"] is True
    assert card["kept_older"] is None
    assert card["labels"] == 600


BILL_ACCOUNT = {"bill_account_number": "5120", "bill_account_name": "Legal Fees"}


def test_what_bill_says_is_not_looked_at_unless_asked_for(
    lines: Lines, accounts: pd.DataFrame
) -> None:
    """Without the setting, lines with and without accounts in BILL give one result."""
    decided = lines(*[(f"Vendor {chr(65 + i)}", "") for i in range(20)]).assign(
        account_number=["6400", "6420"] * 10, effective_at=NOW - timedelta(days=3)
    )
    asked = lines(("Zeta Partners", "May"), ("Vendor C", ""))

    plain = categorize(asked, decided, accounts, now=NOW)
    coded = categorize(
        asked.assign(**BILL_ACCOUNT), decided.assign(**BILL_ACCOUNT), accounts, now=NOW
    )

    pd.testing.assert_frame_equal(plain.categories, coded.categories)
    assert plain.card == coded.card


def test_an_account_in_bill_alone_decides_nothing(
    lines: Lines, accounts: pd.DataFrame
) -> None:
    """However often people agreed with BILL, a stranger's line is only suggested."""
    decided = lines(*[(f"Vendor {chr(65 + i)}", "") for i in range(20)]).assign(
        account_number="6400", effective_at=NOW - timedelta(days=3), **BILL_ACCOUNT
    )

    found = categorize(
        lines(("Zeta Partners", "")).assign(**BILL_ACCOUNT),
        decided.iloc[:0],
        accounts,
        learn_from_bill_coding=True,
        now=NOW,
    ).categories
    learned = categorize(
        lines(("Zeta Partners", "")).assign(**BILL_ACCOUNT | {"bill_account_name": ""}),
        decided.assign(bill_account_name=""),
        accounts,
        learn_from_bill_coding=True,
        now=NOW,
    ).categories

    assert found["account_number"].tolist() == [None]
    assert found["suggestion_1"].tolist() == ["6400"]
    assert learned["account_number"].tolist() == [None]
    assert learned["suggestion_1"].tolist() == ["6400"]


def test_what_people_made_of_an_account_in_bill_is_shown_as_such(
    lines: Lines, accounts: pd.DataFrame
) -> None:
    """The mapping is learned from decisions, tips a scale, and is named as a reason."""
    coding = {"bill_account_number": "77", "bill_account_name": "Zone nine"}
    decided = lines(*[(f"Vendor {chr(65 + i)}", "") for i in range(20)]).assign(
        account_number="6420", effective_at=NOW - timedelta(days=3), **coding
    )
    asked = lines(("Zeta Partners", "")).assign(**coding)

    on, off = (
        categorize(
            asked, decided, accounts, learn_from_bill_coding=is_on, now=NOW
        ).categories.iloc[0]
        for is_on in (True, False)
    )

    assert on["suggestion_1"] == "6420"
    assert on["confidence"] > off["confidence"]
    assert on["deciding_level"] == "account in BILL"
    assert (on["lines_agreeing"], on["lines_alike"]) == (20, 20)
    assert off["deciding_level"] != "account in BILL"


def test_history_blends_what_bill_says_away(
    lines: Lines, accounts: pd.DataFrame
) -> None:
    """Three decisions about a vendor outweigh twenty about its account in BILL."""
    coded = lines(*[(f"Vendor {chr(65 + i)}", "") for i in range(20)]).assign(
        account_number="6400", effective_at=NOW - timedelta(days=3), **BILL_ACCOUNT
    )
    own = lines(*[("Zeta Partners", "")] * 3).assign(
        document_id=["z1", "z2", "z3"],
        account_number="6420",
        effective_at=NOW - timedelta(days=2),
        **BILL_ACCOUNT,
    )

    found = categorize(
        lines(("Zeta Partners", "")).assign(**BILL_ACCOUNT),
        pd.concat([coded, own]),
        accounts,
        learn_from_bill_coding=True,
        now=NOW,
    ).categories

    assert found["account_number"].tolist() == ["6420"]
    assert found["deciding_level"].tolist() == ["vendor"]
