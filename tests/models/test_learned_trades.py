"""What an organization does with a trade shows on vendors it has not met yet."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pandas as pd
from answers import NOW, first_answer

Lines = Callable[..., pd.DataFrame]
Pair = tuple[str, str]
SOLD = {"direction": "ar", "source_entity": "invoice"}
LAW = ("Aldine Law Office", "Borrow Attorneys", "Castell Paralegal", "Dunn Notary LLC")
MORE_LAW = ("Eversham Law Group", "Fold Litigation", "Gantry Patent Law", "Holm Esq")


def decided(
    lines: Lines, account: str, *pairs: Pair, **columns: object
) -> pd.DataFrame:
    """Build lines that people put in an account."""
    return lines(*pairs, **columns).assign(
        account_number=account, effective_at=NOW - timedelta(days=3)
    )


def test_a_trade_that_people_put_elsewhere_is_suggested_there(
    lines: Lines, accounts: pd.DataFrame, nothing_labelled: pd.DataFrame
) -> None:
    """Eight law offices in another account than ours teach it for the ninth."""
    asked = lines(("Meridew Solicitors", ""))
    elsewhere = decided(lines, "6410", *((name, "") for name in LAW + MORE_LAW))

    before = first_answer(asked, nothing_labelled, accounts)
    after = first_answer(asked, elsewhere, accounts)

    assert before["account_number"] == "6400"
    assert after["account_number"] == "6410"
    assert after["deciding_level"] == "same trade"
    assert (after["lines_agreeing"], after["lines_alike"]) == (8, 8)
    assert "of the same trade" in after["explanation"]


def test_a_trade_that_people_contradicted_is_doubted(
    lines: Lines, accounts: pd.DataFrame
) -> None:
    """Four law offices elsewhere are not enough to decide, but to ask."""
    elsewhere = decided(lines, "6410", *((name, "") for name in LAW))

    found = first_answer(lines(("Meridew Solicitors", "")), elsewhere, accounts)

    assert found["decided_by"] == "abstain"
    assert {found["suggestion_1"], found["suggestion_2"]} == {"6400", "6410"}


def test_one_vendor_with_many_lines_does_not_speak_for_its_trade(
    lines: Lines, accounts: pd.DataFrame
) -> None:
    """Sixty lines of one law office elsewhere leave the others where they were."""
    elsewhere = decided(lines, "6410", *[(LAW[0], "")] * 60)

    found = first_answer(lines(("Meridew Solicitors", "")), elsewhere, accounts)

    assert found["account_number"] == "6400"


def test_words_mean_what_people_made_of_them_for_other_customers(
    lines: Lines, accounts: pd.DataFrame
) -> None:
    """Four customers' consulting in product sales teach it for the fifth."""
    customers = ("Orrin", "Pell", "Quarn", "Rusk")
    elsewhere = decided(
        lines,
        "4100",
        *((name, "Consulting hours") for name in customers),
        **SOLD,
    )
    asked = lines(("Sorrel", "Consulting hours, June"), **SOLD)

    found = first_answer(asked, elsewhere, accounts)

    assert found["account_number"] == "4100"


def test_a_customers_history_does_not_outweigh_what_the_line_says(
    lines: Lines, accounts: pd.DataFrame
) -> None:
    """Who was sold goods once and is now billed for consulting is billed for that."""
    goods = decided(
        lines,
        "4100",
        ("Orrin", "Widgets, blue"),
        amount=Decimal("912.00"),
        **SOLD,
    )
    asked = lines(("Orrin", "Consulting hours, June"), **SOLD)

    found = first_answer(asked, goods, accounts)

    assert found["account_number"] == "4000"


def test_of_words_and_trade_the_plainer_one_is_told(
    lines: Lines, accounts: pd.DataFrame
) -> None:
    """One solicitor and seven other law offices: the trade has said more."""
    names = ("Nantwich Solicitors", *LAW, *MORE_LAW[:3])
    elsewhere = decided(lines, "6410", *((name, "") for name in names))

    found = first_answer(lines(("Meridew Solicitors", "")), elsewhere, accounts)

    assert found["deciding_level"] == "same trade"
    assert (found["lines_agreeing"], found["lines_alike"]) == (8, 8)
