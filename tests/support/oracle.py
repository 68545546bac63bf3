"""Published statements against hledger and beancount, which know nothing of us.

Here belongs: what each program makes of an exported book, as cells named like the
published ones, and the cells that differ. Not here: how books are exported, who asks.
"""

import csv
import io
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

Cell = tuple[str, str, date, str]
"""Table, column, last day of the month, account."""

Cells = dict[Cell, Decimal]
NOTHING = Decimal(0)
PUBLISHED = {
    "trial_balance": "month_end",
    "profit_and_loss": "cast(month + interval 1 month - interval 1 day as date)",
    "balance_sheet": "month_end",
}
COLUMNS = {
    "trial_balance": ("opening", "debits", "credits", "closing"),
    "profit_and_loss": ("amount", "ytd"),
    "balance_sheet": ("amount",),
}
needs_hledger = pytest.mark.skipif(
    shutil.which("hledger") is None,
    reason="hledger is not installed (Debian: apt-get install hledger)",
)


@dataclass(frozen=True)
class Calendar:
    """The months a ledger spans, and where its fiscal years begin."""

    months: tuple[date, ...]
    start_month: int = 1

    def next_day(self) -> date:
        """The day after the last month."""
        return self.months[-1] + timedelta(days=1)

    def years(self) -> dict[date, list[date]]:
        """The month ends of each fiscal year by its first day."""
        years = defaultdict(list)
        for month in self.months:
            year = month.year - (month.month < self.start_month)
            years[date(year, self.start_month, 1)].append(month)
        return years


def calendar_of(ledger: duckdb.DuckDBPyConnection, start_month: int) -> Calendar:
    """The calendar of a published ledger."""
    rows = ledger.execute("select distinct month_end from trial_balance order by 1")
    return Calendar(tuple(day for (day,) in rows.fetchall()), start_month)


def published_cells(ledger: duckdb.DuckDBPyConnection, basis: str) -> Cells:
    """Every published cell of the statements of a book that is not zero."""
    cells = {}
    for table, month in PUBLISHED.items():
        for column in COLUMNS[table]:
            rows = ledger.execute(
                f"select {month}, account_number, {column} from {table}"  # noqa: S608
                f" where basis = ? and {column} <> 0",
                [basis],
            )
            for day, account, value in rows.fetchall():
                cells[table, column, day, account] = value
    return cells


def differences(ours: Cells, theirs: Cells) -> dict[Cell, tuple[Decimal, Decimal]]:
    """Cells in which either side has what the other has not."""
    return {
        cell: (ours.get(cell, NOTHING), theirs.get(cell, NOTHING))
        for cell in ours.keys() | theirs.keys()
        if ours.get(cell, NOTHING) != theirs.get(cell, NOTHING)
    }


Balances = Mapping[tuple[date, str], Decimal]
"""Amounts by month end and account name, debits positive."""


@dataclass(frozen=True)
class Reports:
    """What a program reports, from which statements are put together."""

    debited: Balances
    credited: Balances
    closing: Balances
    earned: Balances
    earned_this_year: Balances


def statement_cells(reports: Reports, calendar: Calendar) -> Cells:
    """The cells our statements would have if they said what a program reports."""
    parts = (
        trial_balance_cells(reports, calendar),
        profit_and_loss_cells(reports),
        balance_sheet_cells(reports, calendar),
    )
    return {cell: value for part in parts for cell, value in part.items() if value}


def trial_balance_cells(reports: Reports, calendar: Calendar) -> Cells:
    """Movements and balances; a month opens with what the one before closed with."""
    following = dict(zip(calendar.months, calendar.months[1:], strict=False))
    opening = {
        (following[day], name): value
        for (day, name), value in reports.closing.items()
        if day in following
    }
    credited = {key: -value for key, value in reports.credited.items()}
    columns = {
        "opening": opening,
        "debits": reports.debited,
        "credits": credited,
        "closing": reports.closing,
    }
    return {
        ("trial_balance", column, day, number(name)): value
        for column, balances_ in columns.items()
        for (day, name), value in balances_.items()
    }


def profit_and_loss_cells(reports: Reports) -> Cells:
    """Income counts credits, cost debits."""
    columns = {"amount": reports.earned, "ytd": reports.earned_this_year}
    return {
        ("profit_and_loss", column, day, number(name)): (
            -value if name.startswith("Income") else value
        )
        for column, balances_ in columns.items()
        for (day, name), value in balances_.items()
    }


def balance_sheet_cells(reports: Reports, calendar: Calendar) -> Cells:
    """Accounts, what this fiscal year earned, and what the earlier ones did."""
    cells: Cells = {}
    ever = dict.fromkeys(calendar.months, NOTHING)
    year = dict.fromkeys(calendar.months, NOTHING)
    for (day, name), value in reports.closing.items():
        if is_earned(name) or number(name) == "3900":
            ever[day] -= value
        else:
            side = value if name.startswith("Assets") else -value
            cells["balance_sheet", "amount", day, number(name)] = side
    for (day, _), value in reports.earned_this_year.items():
        year[day] -= value
    for day in calendar.months:
        cells["balance_sheet", "amount", day, "net_income"] = year[day]
        cells["balance_sheet", "amount", day, "3900"] = ever[day] - year[day]
    return cells


def is_earned(name: str) -> bool:
    """Whether an account is one of income or cost."""
    return name.startswith(("Income", "Expenses"))


def number(name: str) -> str:
    """The account's number in ``Assets:1010-2-Operating-Checking``; 2 may lack."""
    found = re.match(r"[^:]+:(\d+(?:-\d+)?)-", name)
    assert found, name
    return found[1]


def hledger(journal: Path, *words: str) -> str:
    """Run hledger on a journal, strictly; return what it prints."""
    program = shutil.which("hledger")
    assert program, "a test that asks hledger is marked `needs_hledger`"
    return subprocess.run(
        [program, "--strict", "-f", str(journal), *words],
        capture_output=True,
        text=True,
        check=True,
        env={"LANG": "C.UTF-8"},
    ).stdout


def hledger_cells(journal: Path, calendar: Calendar) -> Cells:
    """Ask hledger for each of our statements."""

    def monthly(*words: str) -> Balances:
        return balances(journal, "-e", str(calendar.next_day()), *words)

    this_year: dict[tuple[date, str], Decimal] = {}
    for start, months in calendar.years().items():
        end = str(months[-1] + timedelta(days=1))
        span = ("-b", str(start), "-e", end, "type:RX", "--cumulative")
        this_year |= {
            (day, name): value
            for (day, name), value in balances(journal, *span).items()
            if day in months
        }
    begin = ("-b", str(calendar.months[0].replace(day=1)))
    reports = Reports(
        debited=monthly("amt:>0"),
        credited=monthly("amt:<0"),
        closing=monthly(*begin, "--historical", "type:ALERX"),
        earned=monthly("type:RX"),
        earned_this_year=this_year,
    )
    return statement_cells(reports, calendar)


def balances(journal: Path, *words: str) -> dict[tuple[date, str], Decimal]:
    """A balance report by month, as hledger prints it."""
    form = ("--monthly", "--flat", "--no-total", "--layout=tidy", "-O", "csv")
    rows = csv.DictReader(io.StringIO(hledger(journal, "bal", *form, *words)))
    return {
        (date.fromisoformat(row["end_date"]), row["account"]): Decimal(row["value"])
        for row in rows
        if row["value"] != "0"
    }


def beancount_cells(journal: Path, calendar: Calendar) -> Cells:
    """Sum what beancount's loader has read, after its own checks."""
    from beancount import loader

    entries, errors, _ = loader.load_file(str(journal))
    assert errors == []
    amounts: dict[str, defaultdict[tuple[date, str], Decimal]] = {
        report.name: defaultdict(Decimal) for report in fields(Reports)
    }
    year_of = {
        month: start for start, months in calendar.years().items() for month in months
    }
    for day, name, amount in postings(entries):
        later = [end for end in calendar.months if day <= end]
        side = "debited" if amount > 0 else "credited"
        amounts[side][later[0], name] += amount
        for end in later:
            amounts["closing"][end, name] += amount
        if is_earned(name):
            amounts["earned"][later[0], name] += amount
            for end in later:
                if year_of[end] == year_of[later[0]]:
                    amounts["earned_this_year"][end, name] += amount
    return statement_cells(Reports(**amounts), calendar)


def postings(entries: list[Any]) -> Iterator[tuple[date, str, Decimal]]:
    """Day, account and amount of every posting beancount has read."""
    for entry in entries:
        for posting in getattr(entry, "postings", ()):
            yield entry.date, posting.account, posting.units.number


CELLS_OF = {"hledger": hledger_cells, "beancount": beancount_cells}
