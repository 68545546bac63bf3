"""Names in the spelling in which they are compared."""

import pytest

from models.party_names import Name, read_name


@pytest.mark.parametrize(
    ("raw", "normalised"),
    [
        ("Société Générale S.A.", "societe generale"),
        ("Müller & Söhne GmbH & Co. KG", "muller and sohne"),
        ("AT&T", "at and t"),
        ("U.S. Foods, Inc.", "us foods"),
        ("McDonald's (Main Street)", "mcdonalds"),
        ("The Home Depot #0412", "home depot"),
        ("Home Depot Store 0412", "home depot"),
        ("Shell Oil 57444", "shell oil"),
        ("7-Eleven", "7 eleven"),
        ("Acme Co. Ltd., Inc", "acme"),
        ("Acme Pty Ltd", "acme"),
        ("Smith, John", "john smith"),
        ("Smith, Jones & Co", "smith jones"),
        ("Acme, LLC", "acme"),
        ("Acme LLC c/o Bob's Agency", "acme"),
        ("東京銀行", "東京銀行"),
    ],
)
def test_a_name_is_compared_without_what_varies(raw: str, normalised: str) -> None:
    """Accents, punctuation, legal forms, store numbers and brackets do not count."""
    assert read_name(raw) == Name(normalised)


@pytest.mark.parametrize("mark", ["dba", "d/b/a", "D.B.A.", "t/a", "aka"])
def test_the_trading_name_counts_and_the_legal_one_is_kept(mark: str) -> None:
    """People know the trading name; contracts name the other."""
    assert read_name(f"Smith Foods LLC {mark} Joe's Pizza") == Name(
        "joes pizza", "smith foods"
    )


@pytest.mark.parametrize("raw", ["Limited Inc", "Vendor 12", "The", "---", ""])
def test_a_name_of_which_nothing_is_left_stays_as_written(raw: str) -> None:
    """Else every company of such a name would be one, and each numbered vendor too."""
    assert read_name(raw).normalised == raw.lower()


def test_a_very_long_name_costs_no_time() -> None:
    """A pasted text is cut."""
    assert len(read_name("word, " * 100_000).normalised) < 400
