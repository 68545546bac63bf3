"""What the review app's pages about the books say, against statements worked by hand.

Here belongs: the questions of `orchestration.app.books` and each page drawn over a
company that dbt built and the publisher published. Not here: whether the ledger is
right (test_scenario.py), pages that decide (tests/orchestration/app).
"""

import shutil
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
from made_ledger import connected
from streamlit.testing.v1 import AppTest

from orchestration.app.books import (
    account_lines,
    aging,
    coverage,
    documents,
    spending,
    statements,
)
from orchestration.app.books.account_lines import PAGE, Range
from orchestration.app.books.answers import rows_of, total
from orchestration.app.books.documents import Document
from orchestration.app.published import ask as ask_published
from orchestration.publish import Publisher
from orchestration.settings import ConnectionFolder, Home
from orchestration.store import Store

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
MARCH = tomllib.loads((HERE / "scenario" / "2026-03.toml").read_text())["expected"]
FIRST, LAST = date(2026, 1, 1), date(2026, 3, 1)
END = date(2026, 3, 31)
NOW = datetime(2026, 9, 10, 12, tzinfo=UTC)
CLOSED = "amount_changed"
"""A company that closed January and got a dearer bill for it in March."""
OTHER_COMPANIES = """
select 'delete from ' || schema_name || '.' || table_name || ' where org_id <> ?'
from duckdb_columns()
inner join duckdb_tables() using (schema_name, table_name)
where column_name = 'org_id' and schema_name in ('ledger', 'intermediate')
"""
PAGES = (
    "profit_and_loss",
    "balance_sheet",
    "trial_balance",
    "account_lines",
    "aging",
    "vendor_spend",
    "cash",
    "document",
    "coverage",
)


def published(home: Home, warehouse: Path, org_id: str) -> ConnectionFolder:
    """Publish one company of a built warehouse as a connection of its name."""
    folder = connected(home, org_id.replace("_", "-"))
    folder.path.mkdir(parents=True)
    shutil.copy(warehouse, folder.warehouse)
    with duckdb.connect(str(folder.warehouse)) as connection:
        for (delete,) in connection.execute(OTHER_COMPANIES).fetchall():
            connection.execute(delete, [org_id])
    facts = {"as_of": NOW.isoformat()}
    Publisher(folder, org_id).publish(Store(folder.store), facts, "first", NOW)
    return folder


@pytest.fixture(scope="module")
def firm(whole_ledger: Any, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home folder with two companies, the one of the scenario first."""
    home = Home(tmp_path_factory.mktemp("firm") / "home")
    for org_id in ("scenario", CLOSED):
        published(home, whole_ledger.path, org_id)
    return home


@pytest.fixture
def ask(firm: Home) -> Callable[..., Any]:
    """What answers questions about the scenario."""
    return partial(ask_published, folder=firm.connection("scenario"))


@pytest.fixture
def ask_closed(firm: Home) -> Callable[..., Any]:
    """What answers questions about the company that closed January."""
    return partial(ask_published, folder=firm.connection(CLOSED.replace("_", "-")))


@pytest.fixture
def draw(firm: Home, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Draw a page with an address."""
    monkeypatch.setenv("BILL_LEDGER_HOME", str(firm.path))

    def drawn(page: str, connection: str = "scenario", **address: Any) -> AppTest:
        script = f"from orchestration.app.pages import {page}\n{page}.show()\n"
        test = AppTest.from_string(script, default_timeout=60)
        test.session_state["connection"] = connection
        for key, words in address.items():
            test.query_params[key] = words
        return test.run()

    return drawn


def by_hand(table: str) -> dict[str, Decimal]:
    """The first amount of each row of a table worked by hand, where it is not zero."""
    rows = (line.split() for line in table.strip().splitlines())
    found = {row[0]: Decimal(row[1]) for row in rows}
    return {key: amount for key, amount in found.items() if amount}


def amounts_of(rows: list[statements.Row], month: date) -> dict[str, Decimal]:
    """What each row with a single account says of a month, by that account."""
    found = {
        row.accounts[0]: row.amounts[month]
        for row in rows
        if row.kind != "total" and len(row.accounts) == 1 and month in row.amounts
    }
    return {account: amount for account, amount in found.items() if amount}


def named(rows: list[statements.Row], name: str) -> statements.Row:
    """The row of a statement with a name."""
    return next(row for row in rows if row.name == name)


@pytest.mark.parametrize("basis", ["accrual", "cash"])
def test_profit_and_loss_is_as_worked_out(ask: Any, basis: Any) -> None:
    """Each account in March, and net income of the quarter."""
    rows = statements.profit_and_loss(ask, basis, FIRST, LAST)

    assert amounts_of(rows, LAST) == by_hand(MARCH["profit_and_loss"][basis])
    earned = by_hand(MARCH["balance_sheet"][basis])["net_income"]
    assert statements.sum_of(named(rows, "Net income")) == earned


def test_subtotals_of_profit_and_loss_are_as_worked_out(ask: Any) -> None:
    """Contra accounts are taken off, cost is taken from income, to the cent."""
    rows = statements.profit_and_loss(ask, "accrual", LAST, LAST)
    said = {row.name: row.amounts[LAST] for row in rows if row.kind != "account"}

    assert said["Revenue"] == Decimal("220.00")  # 250 - 25 - 5
    assert said["Gross profit"] == Decimal("222.00")  # discounts of 2 on purchases
    running = Decimal("475.58")  # 139 + 100 + 125 + 57.58 + 54
    assert said["Total operating expenses"] == running
    assert said["Operating income"] == said["Net income"] == 222 - running


@pytest.mark.parametrize("basis", ["accrual", "cash"])
def test_the_balance_sheet_is_as_worked_out(ask: Any, basis: Any) -> None:
    """Each account at the end of March, and both sides of the sheet."""
    rows = statements.balance_sheet(ask, basis, FIRST, LAST)
    expected = by_hand(MARCH["balance_sheet"][basis])

    assert amounts_of(rows, LAST) == expected
    owned = total(amount for key, amount in expected.items() if key.startswith("1"))
    assert named(rows, "Total assets").amounts[LAST] == owned
    assert named(rows, "Total liabilities and equity").amounts[LAST] == owned


@pytest.mark.parametrize("basis", ["accrual", "cash"])
def test_the_trial_balance_is_as_worked_out(ask: Any, basis: Any) -> None:
    """What moved since January leads from nothing to the balances of March."""
    rows = rows_of(statements.trial_balance(ask, basis, FIRST, LAST))

    closing = {row["account_number"]: row["closing"] for row in rows if row["closing"]}
    assert closing == by_hand(MARCH["trial_balance"][basis])
    assert all(
        row["opening"] + row["debits"] - row["credits"] == row["closing"]
        for row in rows
    )
    assert {row["opening"] for row in rows} == {Decimal("0.00")}


def test_a_range_begins_where_the_months_before_it_ended(ask: Any) -> None:
    """Opening balances of March are the closing ones of February."""
    february = statements.trial_balance(ask, "accrual", FIRST, date(2026, 2, 1))
    march = statements.trial_balance(ask, "accrual", LAST, LAST)
    before = {r["account_number"]: r["closing"] for r in rows_of(february)}

    opening = {r["account_number"]: r["opening"] for r in rows_of(march)}
    assert {key: opening[key] for key in before} == before


@pytest.mark.parametrize("side", ["payable", "receivable"])
def test_aging_is_as_worked_out(ask: Any, side: Any) -> None:
    """Each open document below its party, and buckets that add up."""
    parties = rows_of(aging.by_party(ask, side, END))
    found = [
        (row["document_id"], row["bucket"], row["days_past_due"], row["open_home"])
        for party in parties
        for row in rows_of(aging.of_party(ask, side, END, party["party_id"]))
    ]
    table = MARCH["aging"]["ap" if side == "payable" else "ar"].strip().splitlines()

    assert sorted(
        [document, bucket, "-" if days is None else str(days), str(open_home)]
        for document, bucket, days, open_home in found
    ) == sorted(line.rsplit(maxsplit=3) for line in table)
    for party in parties:
        assert total(party[bucket] for bucket in aging.BUCKETS) == party["total"]


def test_the_lines_of_an_account_lead_to_its_balance(ask: Any) -> None:
    """Line by line, in pages, from any day on, and in either book."""
    whole = Range("accrual", ["2000"], FIRST, END)
    frame = account_lines.lines(ask, whole)
    sums = account_lines.sums(ask, whole)

    assert sums.lines == len(frame) < PAGE
    assert sums.opening == 0
    assert frame["balance"].iloc[-1] == sums.closing == Decimal("-1600.00")
    march = account_lines.sums(ask, Range("accrual", ["2000"], LAST, END))
    assert march.closing == Decimal("-1600.00")
    bank = account_lines.sums(ask, Range("cash", ["1010"], LAST, END))
    assert bank.closing == Decimal("-2030.58")
    assert not len(account_lines.lines(ask, whole, page=2))


def test_lines_are_found_by_words(ask: Any) -> None:
    """By party, in any case; the balance is still that of every line."""
    whole = Range("accrual", ["2000"], FIRST, END)
    every = rows_of(account_lines.lines(ask, whole))
    name = every[0]["party_name"]
    found = rows_of(
        account_lines.lines(ask, Range("accrual", ["2000"], FIRST, END, name.upper()))
    )

    assert found == [row for row in every if row["party_name"] == name]
    assert 0 < len(found) < len(every)


def test_a_document_is_shown_with_all_that_happened_to_it(ask: Any) -> None:
    """A bill that was paid, the payment voided: it is open, and both cancel out."""
    bill = Document("bill", "b-late")
    facts = bill.facts(ask)
    applied = rows_of(bill.applications(ask))

    assert facts["open_home"] == Decimal("90.00")
    assert facts["amount_home"] - total(r["amount_home"] for r in applied) == 90
    entries = rows_of(bill.entries(ask))
    assert {row["entry_type"] for row in entries} == {"adjusting"}  # it came late
    entry = documents.entry(ask, entries[0]["entry_id"])
    assert documents.source_of(entry) == bill
    lines = rows_of(documents.entry_lines(ask, entry["entry_id"], "accrual"))
    assert total(r["debit"] for r in lines) == total(r["credit"] for r in lines) > 0


def test_cash_is_what_the_bank_accounts_hold(ask: Any) -> None:
    """At the end of March, and as the sum of every month's change."""
    months = spending.burn(spending.cash(ask, FIRST, LAST))

    held = Decimal("-2030.58") + Decimal("110.01")
    assert months[-1].closing == total(month.net for month in months) == held
    used = (-held / 3).quantize(Decimal("0.01"))
    assert spending.monthly_burn(months) == used


def test_spend_by_vendor_is_spend_by_month_and_account(ask: Any) -> None:
    """Each vendor's months add up to it, and searching finds it alone."""
    vendors = rows_of(spending.vendors(ask, "accrual", FIRST, LAST))
    rent = next(row for row in vendors if row["billed"] == Decimal("2400.00"))
    months = rows_of(spending.vendor(ask, rent["party_id"], FIRST, LAST))

    billed = [row for row in months if row["billed"]]
    assert {row["account_number"] for row in billed} == {"6200"}
    assert total(row["billed"] for row in months) == Decimal("2400.00")
    found = spending.vendors(ask, "cash", FIRST, LAST, rent["party_name"].upper())
    assert rows_of(found) == [rent]


def test_every_document_is_posted_or_said_not_to_be(ask: Any) -> None:
    """As many documents as the reasons count, and those of one reason alone."""
    reasons = rows_of(coverage.not_posted(ask))
    refused = rows_of(coverage.refused(ask))

    assert sum(row["documents"] for row in reasons) == len(refused) > 0
    one = reasons[0]["reason"]
    assert {row["reason"] for row in rows_of(coverage.refused(ask, one))} == {one}


def test_what_changed_since_the_close_is_said(ask_closed: Any) -> None:
    """The dearer bill of January is an adjusting entry; no balance has moved."""
    close = coverage.last_close(ask_closed)
    assert close is not None
    assert close.lock_date == date(2026, 1, 31)
    (change,) = rows_of(coverage.changes(ask_closed, close))
    assert (change["change"], change["cause"]) == ("adjusting", "amount_changed")
    (entry,) = rows_of(coverage.changed(ask_closed, close))
    assert entry["total"] == Decimal("30.00")
    assert not len(coverage.moved(ask_closed, close))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_draws(page: str, draw: Callable[..., AppTest]) -> None:
    """Without an error, and with a title."""
    drawn = draw(page)
    assert not drawn.exception
    assert len(drawn.title) == 1


@pytest.mark.parametrize(
    "view",
    [
        "Lists",
        "Not posted",
        "Against BILL",
        "Clearing",
        "Findings",
        "Changes",
        "Categories",
    ],
)
def test_each_view_of_coverage_draws(view: str, draw: Callable[..., AppTest]) -> None:
    """It has a table, or says that there is nothing to do."""
    for connection in ("scenario", "amount-changed"):
        drawn = draw("coverage", connection, view=view)
        assert not drawn.exception
        assert drawn.dataframe or drawn.success


def test_the_address_says_what_is_shown(draw: Callable[..., AppTest]) -> None:
    """Book, accounts and days; what it says wrongly is not heeded."""
    drawn = draw(
        "account_lines",
        basis="cash",
        accounts="1010 Operating Checking",
        first_day="2026-03-01",
        last_day="yesterday",
    )
    assert drawn.multiselect[0].value == ["1010 Operating Checking"]
    closing = next(one for one in drawn.metric if one.label == "Closing balance")
    assert closing.value == "-2,030.58"
    drawn.date_input(key="last_day").set_value(date(2026, 3, 30)).run()
    assert drawn.query_params["last_day"] == "2026-03-30"
    assert drawn.query_params["basis"] == "cash"


def test_choosing_cash_shows_the_cash_book(draw: Callable[..., AppTest]) -> None:
    """Net income of the quarter, on the page as by hand."""
    drawn = draw("profit_and_loss", **{"from": "Jan 2026"}, to="Mar 2026")
    net = {one.label: one.value for one in drawn.metric}["Net income"]
    assert net == "-3,198.57"
    drawn.segmented_control(key="basis").set_value("cash").run()
    net = {one.label: one.value for one in drawn.metric}["Net income"]
    assert net == "-2,015.57"


def test_aging_as_of_any_day_is_shown(draw: Callable[..., AppTest]) -> None:
    """What was open on a day of the address: the payables of March by hand."""
    drawn = draw("aging", as_of="2026-03-31")
    said = {one.label: one.value for one in drawn.metric}
    assert said["Open"] == "1,600.00"
    assert said["Unapplied"] == "-50.00"
    assert said["Past due"] == "1,580.00"  # 160 + 90 + 1,200 + 130


def test_a_document_page_shows_entry_and_source(
    ask: Any, draw: Callable[..., AppTest]
) -> None:
    """From an entry: its document with lines, what settled it, and both sides."""
    entries = rows_of(Document("bill", "b-late").entries(ask))
    drawn = draw("document", entry=entries[0]["entry_id"])
    assert not drawn.exception
    assert drawn.title[0].value.startswith("Bill")
    heads = [one.value for one in drawn.subheader]
    assert "Lines" in heads
    assert "Journal entries" in heads
    gone = draw("document", kind="bill", id="nowhere")
    assert "Open this page from a line" in gone.info[0].value
