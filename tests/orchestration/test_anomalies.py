"""Anomaly checks find what is unusual and are silent about what is not."""

import base64
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree as ET

import duckdb
import pytest

from orchestration.anomalies import ANOMALIES, anomalies, pictured
from orchestration.plots import MOST_BARS, bars

TABLES = """
create schema ledger;
create table ledger.journal_entries (entry_date date);
create table ledger.bills
(bill_id text, party_id text, amount_home decimal(18, 2), bill_date date, posted bool);
create table ledger.category_predictions
(account_number text, amount_home decimal(18, 2), document_date date);
create table ledger.clearing_items
(account_number text, document_id text, amount decimal(18, 2), age_days int,
is_open bool);
create table ledger.ap_aging
(bucket text, open_home decimal(18, 2), days_past_due int, as_of date);
create table ledger.ar_aging as from ledger.ap_aging;
"""
TODAY = "2026-03-10"


@pytest.fixture
def ledger() -> Iterator[duckdb.DuckDBPyConnection]:
    """A ledger's tables, with the columns that are asked for."""
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        yield connection


def found(ledger: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """What the checks that found something found."""
    return {name: rows for name, rows in anomalies(ledger, TODAY).items() if rows}


def months(ledger: duckdb.DuckDBPyConnection, *entries: int) -> None:
    """Give the months up to February so many entries."""
    for back, count in enumerate(reversed(entries)):
        day = date(2026, 2, 15) - timedelta(days=30 * back)
        ledger.executemany(
            "insert into ledger.journal_entries values (?)", [[day]] * count
        )


def test_a_ledger_without_rows_is_not_unusual(
    ledger: duckdb.DuckDBPyConnection,
) -> None:
    """Every check is asked, none finds anything."""
    assert found(ledger) == {}
    assert set(anomalies(ledger, TODAY)) == set(ANOMALIES)


@pytest.mark.parametrize(("last", "is_unusual"), [(9, True), (10, False), (161, True)])
def test_a_month_with_far_fewer_or_more_entries_is_told(
    ledger: duckdb.DuckDBPyConnection, last: int, *, is_unusual: bool
) -> None:
    """A quarter, or four times, the median of six months."""
    months(ledger, 40, 40, 40, 40, 40, 40, last)
    told = found(ledger).get("a_month_is_as_busy_as_usual", [])

    assert told == ([f"2026-02: {last} entries, usually 40"] if is_unusual else [])


def test_a_short_history_has_no_usual(ledger: duckdb.DuckDBPyConnection) -> None:
    """Five months before are too few to say."""
    months(ledger, 40, 40, 40, 40, 40, 1)
    assert found(ledger) == {}


def test_a_bill_far_above_its_vendors_others_is_told(
    ledger: duckdb.DuckDBPyConnection,
) -> None:
    """Ten times the largest of at least three before, lately, and worth a look."""
    rows = [
        (f"{party}{n}", party, amount, f"2026-02-{n + 10}", True)
        for party, amounts in {
            "big": (150, 200, 100, 2000.01),
            "just": (150, 200, 100, 2000),
            "few": (150, 200, 9000),
            "small": (1, 1, 1, 900),
        }.items()
        for n, amount in enumerate(amounts)
    ]
    ledger.executemany("insert into ledger.bills values (?, ?, ?, ?, ?)", rows)

    assert found(ledger) == {
        "no_bill_is_out_of_line": ["big3: 2000.01, the largest before was 200.00"]
    }


def test_much_money_without_a_category_is_told(
    ledger: duckdb.DuckDBPyConnection,
) -> None:
    """A fifth is quiet, a cent more is not; old lines do not count."""
    add = "insert into ledger.category_predictions values (?, ?, ?)"
    ledger.executemany(
        add,
        [("6100", 80, TODAY), ("6999", -20, TODAY), ("6999", 500, "2025-01-01")],
    )
    assert found(ledger) == {}

    ledger.execute(add, ["4999", "0.01", TODAY])
    assert found(ledger) == {
        "most_money_is_categorized": ["20.01 of 100.01 in the last 90 days"]
    }


def test_an_old_open_clearing_item_is_told(ledger: duckdb.DuckDBPyConnection) -> None:
    """Eleven days and still open."""
    ledger.executemany(
        "insert into ledger.clearing_items values ('1050', ?, 99.5, ?, ?)",
        [("old", 11, True), ("young", 10, True), ("matched", 40, False)],
    )
    assert found(ledger) == {
        "clearing_accounts_are_settled": ["1050 old: 99.50 for 11 days"]
    }


def test_what_is_drawn_is_what_is_in_the_ledger(
    ledger: duckdb.DuckDBPyConnection,
) -> None:
    """The newest day's buckets in the order of their age."""
    ledger.execute(
        "insert into ledger.ap_aging values ('31-60', 7, 40, '2026-03-10'),"
        " ('current', 5, 0, '2026-03-10'), ('current', 1, 0, '2026-03-09'),"
        " ('unapplied', -2, null, '2026-03-10')"
    )
    months(ledger, 3)

    drawn = pictured(ledger)
    assert drawn["Entries by month"] == {"2026-02": Decimal(3)}
    assert list(drawn["Open bills by days past due"].items()) == [
        ("current", Decimal(5)),
        ("31-60", Decimal(7)),
        ("unapplied", Decimal(-2)),
    ]


def test_a_picture_is_an_image_with_a_bar_for_each_value() -> None:
    """The largest bar is full height; text of the ledger cannot become markup."""
    values = {"<b>&": Decimal(50), "c": Decimal("-100.00")}
    svg = picture(bars("Rows & more", values))

    heights = [int(bar.attrib["height"]) for bar in svg.iter(f"{NAMESPACE}rect")]
    assert heights == [80, 160]
    assert [title.text for title in svg.iter(f"{NAMESPACE}title")] == [
        "<b>&: 50",
        "c: -100.00",
    ]


def test_a_picture_shows_the_newest_bars() -> None:
    """A history of years stays a picture."""
    svg = picture(bars("Rows", {f"{n:03}": Decimal(n) for n in range(100)}))
    labels = [title.text for title in svg.iter(f"{NAMESPACE}title")]

    assert len(labels) == MOST_BARS
    assert labels[-1] == "099: 99"


NAMESPACE = "{http://www.w3.org/2000/svg}"


def picture(markdown: str) -> ET.Element:
    """The image inside a Markdown value."""
    data = markdown.removesuffix(")").split("base64,")[1]
    return ET.fromstring(base64.b64decode(data))  # noqa: S314 - ours
