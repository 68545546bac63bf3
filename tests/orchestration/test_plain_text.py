"""A book as plain text: whatever BILL's texts hold, programs read the same entries.

Here belongs: single entries, names and order. Not here: the statements that come of
them (tests/dbt_project/test_oracle.py), files and exit statuses (test_sync.py).
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from oracle import hledger, needs_hledger

from orchestration.books import Book
from orchestration.failures import LedgerError
from orchestration.plain_text import Program, journal

TABLES = """
create table accounts (
    account_number varchar, account_name varchar, account_type varchar
);
insert into accounts values
    ('2000', 'Accounts Payable', 'liability'),
    ('6440', 'Dues, Licenses & Business Taxes', 'expense'),
    ('1011', 'Girokonto Übersee; 日本 "¾"', 'asset');
create table parties (party_id varchar, display_name varchar);
create table journal_entries (
    org_id varchar, entry_id varchar, party_id varchar, entry_type varchar,
    source_number varchar, memo varchar, currency varchar
);
create table journal_lines (
    org_id varchar, line_id varchar, entry_id varchar, party_id varchar,
    account_number varchar, line_no integer, amount decimal(18, 2), entry_date date
);
create table journal_lines_cash as from journal_lines;
"""
NASTY = [
    "Acme, Inc.; and sons",
    'The "Quoted" \\ Company',
    "two\nlines\r\nand\ttabs",
    "  spaces   inside  ",
    "pipe | pays | twice",
    "[2020-01-01]",
    "x, date:2020-01-01",
    "date:2020-01-01",
    "= 2020-01-01",
    "! pending",
    "(code) (again)",
    "$100.00  USD 5.00",
    "include /etc/passwd",
    "\x00\x1b[31mred\x7f\x85\u2028next\u2029",
    "\u202eevil\u202c",
    "Жук и сын",
    "株式会社 例",
    "شركة المثال",
    "👩‍🌾 farm",
    ";",
    "#tag ^link {cost} @ price",
    "A" * 10_000,
]
DAY = date(2026, 1, 31)
BEAN, HLEDGER = "beancount", "hledger"


@pytest.fixture
def ledger() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty published ledger, as far as books are read from it."""
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        yield connection


@pytest.fixture
def add(ledger: duckdb.DuckDBPyConnection) -> Callable[..., None]:
    """Add a party with a bill whose number and memo are as nasty as its name."""

    def add_bill(party: str, name: str, amount: str = "12.34") -> None:
        ledger.execute("insert into parties values (?, ?)", [party, name])
        entry = f"e{party}"
        ledger.execute(
            "insert into journal_entries values ('o', ?, ?, 'bill', ?, ?, 'USD')",
            [entry, party, name, name],
        )
        lines = (("2000", 1, -Decimal(amount)), ("6440", 2, Decimal(amount)))
        for account, number, value in lines:
            ledger.execute(
                "insert into journal_lines values ('o', ?, ?, ?, ?, ?, ?, ?)",
                [f"{entry}-{number}", entry, party, account, number, value, DAY],
            )

    return add_bill


def written(ledger: duckdb.DuckDBPyConnection, program: Program) -> str:
    """The accrual book as a program's journal."""
    return "".join(f"{line}\n" for line in journal(Book(ledger, "accrual"), program))


@needs_hledger
def test_hledger_reads_any_text_as_text(
    ledger: duckdb.DuckDBPyConnection, add: Callable[..., None], tmp_path: Path
) -> None:
    """Every entry keeps its day, code and amount, every party a balance of its own."""
    for position, name in enumerate(NASTY):
        add(f"p{position:02}", name, f"{position + 1}.01")
    file = tmp_path / "book.journal"
    file.write_text(written(ledger, HLEDGER), encoding="utf-8", newline="\n")

    hledger(file, "check")
    rows = hledger(file, "reg", "acct:^Expenses", "-O", "csv").splitlines()[1:]
    assert len(rows) == len(NASTY)
    for position, row in enumerate(rows):
        assert row.split(",")[1:3] == [f'"{DAY}"', f'"ep{position:02}"']
        assert f'"USD {position + 1}.01"' in row
    owed = hledger(file, "bal", "--pivot", "party", "-N", "acct:^Liab", "-O", "csv")
    assert len(owed.splitlines()) == len(NASTY) + 1


def test_beancount_reads_any_text_as_text(
    ledger: duckdb.DuckDBPyConnection, add: Callable[..., None], tmp_path: Path
) -> None:
    """Every entry keeps its day, code and amount, every party its own name."""
    from beancount import loader

    for position, name in enumerate(NASTY):
        add(f"p{position:02}", name, f"{position + 1}.01")
    file = tmp_path / "book.beancount"
    file.write_text(written(ledger, BEAN), encoding="utf-8", newline="\n")

    entries, errors, _ = loader.load_file(str(file))

    assert errors == []
    bills: list[Any] = [entry for entry in entries if hasattr(entry, "postings")]
    found = {
        entry.meta["code"]: (entry.date, entry.postings[1].units.number)
        for entry in bills
    }
    assert found == {
        f"ep{position:02}": (DAY, Decimal(f"{position + 1}.01"))
        for position in range(len(NASTY))
    }
    assert len({entry.postings[0].meta["party"] for entry in bills}) == len(NASTY)


@pytest.mark.parametrize("program", [HLEDGER, BEAN])
def test_parties_of_one_name_stay_two(
    ledger: duckdb.DuckDBPyConnection, add: Callable[..., None], program: Program
) -> None:
    """Where names are equal once cleaned, the id stands beside them; else not."""
    add("p1", "Acme, Inc.")
    add("p2", "ACME  Inc.")
    add("p3", "Other")
    text = written(ledger, program)

    assert "Acme Inc. (p1)" in text
    assert "ACME Inc. (p2)" in text
    assert "(p3)" not in text


def test_accounts_are_named_by_number_letters_and_digits(
    ledger: duckdb.DuckDBPyConnection,
) -> None:
    """Root by type, then number and name joined by dashes; hledger learns the type."""
    declared = [
        line for line in written(ledger, HLEDGER).splitlines() if "account" in line
    ]
    assert declared == [
        "account Assets:1011-Girokonto-Übersee-日本  ; type:A",
        "account Liabilities:2000-Accounts-Payable  ; type:L",
        "account Expenses:6440-Dues-Licenses-Business-Taxes  ; type:X",
    ]


def test_an_entry_looks_as_documented(
    ledger: duckdb.DuckDBPyConnection, add: Callable[..., None]
) -> None:
    """Code is the entry's id, the amount follows its currency, party is a tag."""
    add("p1", "Acme")
    assert written(ledger, HLEDGER).partition("\n\n")[2] == (
        "2026-01-31 (ep1) Acme | bill Acme Acme\n"
        "    Liabilities:2000-Accounts-Payable  USD -12.34  ; party:Acme\n"
        "    Expenses:6440-Dues-Licenses-Business-Taxes  USD 12.34  ; party:Acme\n"
    )


@pytest.mark.parametrize("program", [HLEDGER, BEAN])
def test_a_book_without_entries_is_still_a_journal(
    ledger: duckdb.DuckDBPyConnection, program: Program
) -> None:
    """A company that has posted nothing yet gets its accounts."""
    assert "6440-Dues" in written(ledger, program)


@pytest.mark.parametrize("program", [HLEDGER, BEAN])
def test_order_of_rows_does_not_matter(
    ledger: duckdb.DuckDBPyConnection, add: Callable[..., None], program: Program
) -> None:
    """The same content in another order gives the same file."""
    for position, name in enumerate(NASTY):
        add(f"p{position:02}", name)
    before = written(ledger, program)
    for table in ("accounts", "parties", "journal_entries", "journal_lines"):
        ledger.execute(
            f"create or replace table {table} as from {table} order by all desc"
        )
    assert written(ledger, program) == before


def test_a_ledger_without_a_cash_book_says_what_to_do(
    ledger: duckdb.DuckDBPyConnection,
) -> None:
    """One that an earlier release published has to be synced once."""
    ledger.execute("drop table journal_lines_cash")
    with pytest.raises(LedgerError, match="Sync the connection"):
        Book(ledger, "cash")
