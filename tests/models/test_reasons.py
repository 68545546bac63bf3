"""Why a line was put where it was: columns and sentence agree, and both are true."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pandas as pd
import pytest
from answers import NOW, first_answer

from models.metrics import lower_end

Lines = Callable[..., pd.DataFrame]


@pytest.fixture
def decided(lines: Lines) -> pd.DataFrame:
    """Ten lines of one vendor: hosting in one account, advice in another."""
    texts = ["Hosting"] * 4 + ["Advice"] * 6
    return lines(*[("Zeta Partners", text) for text in texts]).assign(
        account_number=["6300"] * 4 + ["6420"] * 6,
        amount=[Decimal(20 + i) for i in range(4)] + [Decimal(500)] * 6,
        document_id=[f"d{i}" for i in range(10)],
        effective_at=[NOW - timedelta(days=20 - i) for i in range(10)],
    )


def test_the_plainest_level_is_named_with_its_counts(
    lines: Lines, decided: pd.DataFrame, accounts: pd.DataFrame
) -> None:
    """Of a vendor with two accounts, the lines with this text say more than all."""
    found = first_answer(
        lines(("Zeta Partners", "Hosting"), amount=Decimal("22.10")), decided, accounts
    )

    assert found["account_number"] == "6300"
    assert found["deciding_level"] in {"vendor and text", "vendor and size"}
    assert found["lines_agreeing"] == found["lines_alike"] == 4
    assert found["example_document_id"] == "d2"
    assert found["is_usual_amount"] is True
    assert "People put 4 of 4 decided lines of this vendor" in found["explanation"]
    assert "(see d2)" in found["explanation"]


def test_an_amount_out_of_range_is_told(
    lines: Lines, decided: pd.DataFrame, accounts: pd.DataFrame
) -> None:
    """Ninety thousand where twenty were usual stands in column and sentence."""
    found = first_answer(
        lines(("Zeta Partners", "Hosting"), amount=Decimal(90_000)),
        decided[decided["account_number"] == "6300"],
        accounts,
    )

    assert found["account_number"] == "6300"
    assert found["is_usual_amount"] is False
    assert "the amount is not usual" in found["explanation"]


def test_two_lines_are_no_range(
    lines: Lines, decided: pd.DataFrame, accounts: pd.DataFrame
) -> None:
    """Where fewer than three lines were decided, nothing is called unusual."""
    found = first_answer(
        lines(("Zeta Partners", "Hosting"), amount=Decimal(90_000)),
        decided.head(2),
        accounts,
    )

    assert found["is_usual_amount"] is None


def test_the_runner_up_has_its_confidence(
    lines: Lines, decided: pd.DataFrame, accounts: pd.DataFrame
) -> None:
    """The second account stands in a column with its confidence, under the first's."""
    found = first_answer(
        lines(("Zeta Partners", "Something"), amount=None), decided, accounts
    )

    assert {found["suggestion_1"], found["suggestion_2"]} == {"6300", "6420"}
    assert Decimal(0) < found["runner_up_confidence"] <= found["confidence"]


def test_known_words_stand_in_their_column(
    lines: Lines, accounts: pd.DataFrame, nothing_labelled: pd.DataFrame
) -> None:
    """What is known beforehand names its kind and its words, and counts nothing."""
    found = first_answer(lines(("Hollis Plumbing LLC", "")), nothing_labelled, accounts)

    assert found["deciding_level"] == "trade word"
    assert found["deciding_words"] == "plumbing"
    assert found["lines_agreeing"] is None
    assert found["example_document_id"] is None


def test_words_that_the_model_read_are_words_of_the_line(
    lines: Lines, accounts: pd.DataFrame
) -> None:
    """For an unknown vendor they are the words that its right account has alone."""
    texts = ("quil pad", "zork pad")
    pairs = [
        (f"{chr(65 + i // 20)}{chr(65 + i % 20)} Ware", texts[i % 2])
        for i in range(400)
    ]
    decided = lines(*pairs).assign(
        account_number=["6400", "6420"] * 200, effective_at=NOW - timedelta(days=3)
    )

    found = first_answer(lines(("Stranger", "quil zonk")), decided, accounts)

    assert found["suggestion_1"] == "6400"
    assert found["deciding_words"] == "quil"
    assert found["deciding_level"] == "similar words"


def test_nothing_known_gives_no_reason(
    lines: Lines, accounts: pd.DataFrame, nothing_labelled: pd.DataFrame
) -> None:
    """Every column of reasons is empty, none is invented."""
    found = first_answer(lines(("Nobody", "")), nothing_labelled, accounts)

    assert found[["deciding_level", "deciding_words", "is_usual_amount"]].isna().all()


def test_the_lower_end_is_wilsons() -> None:
    """Of 9 in 10, one error wide: (0.95 - sqrt(0.09 / 10 + 0.0025)) / 1.1."""
    assert pytest.approx((0.95 - 0.0115**0.5) / 1.1) == lower_end(9, 10)
    assert lower_end(0, 0) == 0.0
