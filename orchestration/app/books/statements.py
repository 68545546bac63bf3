"""Profit and loss, balance sheet and trial balance, laid out as accountants read them.

Here belongs: the three questions, subtotals by statement line, totals. Not here: the
lines behind a figure (account_lines.py), how it is drawn (pages/).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from orchestration.app.books.answers import NOTHING, Ask, rows_of, total

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["line", "account", "total"]
MONTHS = """
select distinct cast(date_trunc('month', month_end) as date) as month
from trial_balance
order by month
"""
PROFIT_AND_LOSS = """
select
    account_number, account_name, account_type as part, statement_line,
    month, amount
from profit_and_loss
where basis = ? and month between ? and ?
order by account_number, month
"""
BALANCE_SHEET = """
select
    account_number, account_name, section as part, statement_line,
    cast(date_trunc('month', month_end) as date) as month, amount
from balance_sheet
where basis = ? and month_end between ? and last_day(cast(? as date))
order by account_number, month
"""
TRIAL_BALANCE = """
with months as (
    select
        account_number, account_name, opening, debits, credits, closing,
        month_end = min(month_end) over () as is_first,
        month_end = max(month_end) over () as is_last
    from trial_balance
    where basis = ? and month_end between ? and last_day(cast(? as date))
)

select
    account_number, account_name,
    cast(sum(opening) filter (where is_first) as decimal(18, 2)) as opening,
    cast(sum(debits) as decimal(18, 2)) as debits,
    cast(sum(credits) as decimal(18, 2)) as credits,
    cast(sum(closing) filter (where is_last) as decimal(18, 2)) as closing
from months
group by account_number, account_name
having bool_or(opening <> 0 or debits <> 0 or credits <> 0 or closing <> 0)
order by account_number
"""
YEAR_BEGAN = """
select min(month) as month
from profit_and_loss
where fiscal_year = (select max(fiscal_year) from profit_and_loss where month = ?)
"""
RETAINED, EARNED = "3900", "net_income"
"""The rows of the balance sheet that are computed, not summed from lines."""
SHARED_LINE = "Other income and expense"
"""The one statement line that has both income and cost: shown apart."""
SHARED_NAMES = {"other_income": "Other income", "other_expense": "Other expense"}


@dataclass(frozen=True)
class Account:
    """What one account says in each month."""

    number: str
    name: str
    part: str
    line: str
    amounts: Mapping[date, Decimal]


@dataclass(frozen=True)
class Row:
    """One row of a statement, and the accounts whose lines make it up."""

    kind: Kind
    name: str
    amounts: Mapping[date, Decimal]
    accounts: tuple[str, ...]


def months(ask: Ask) -> list[date]:
    """Return the first day of each month the books have, oldest first."""
    return [row["month"] for row in rows_of(ask(MONTHS))]


def profit_and_loss(ask: Ask, basis: str, first: date, last: date) -> list[Row]:
    """Return income and cost by month, from the month ``first`` to ``last``."""
    accounts = _accounts(ask(PROFIT_AND_LOSS, [basis, first, last]))
    income = _part(accounts, "revenue")
    direct = _part(accounts, "cogs")
    running = _part(accounts, "expense")
    more = _part(accounts, "other_income")
    less = _part(accounts, "other_expense")
    gross = _total("Gross profit", income, direct)
    return [
        *_lines(income),
        *_lines(direct),
        *([gross] if direct else []),
        *_lines(running),
        _total("Total operating expenses", running),
        _total("Operating income", income, [*direct, *running]),
        *_lines(more),
        *_lines(less),
        _total("Net income", [*income, *more], [*direct, *running, *less]),
    ]


def balance_sheet(ask: Ask, basis: str, first: date, last: date) -> list[Row]:
    """Return what is owned, what is owed and what is left at each month end."""
    accounts = _accounts(ask(BALANCE_SHEET, [basis, first, last]))
    parts = {
        part: _part(accounts, part) for part in ("assets", "liabilities", "equity")
    }
    rows: list[Row] = []
    for part, own in parts.items():
        rows += [*_lines(own), _total(f"Total {part}", own)]
    owed = [*parts["liabilities"], *parts["equity"]]
    return [*rows, _total("Total liabilities and equity", owed)]


def trial_balance(ask: Ask, basis: str, first: date, last: date) -> "pd.DataFrame":
    """Return each account that moved or stands, from one month to another."""
    return ask(TRIAL_BALANCE, [basis, first, last])


def earned(ask: Ask, number: str, month: date) -> tuple[date, date]:
    """Return the months whose profit a computed row of the balance sheet is.

    Net income is of the fiscal year to the month; retained earnings of all before.
    """
    (row,) = rows_of(ask(YEAR_BEGAN, [month]))
    began = row["month"] or month
    if number == EARNED:
        return began, month
    known = months(ask)
    before = [one for one in known if one < began]
    return (known[0], before[-1]) if before else (began, began)


def sum_of(row: Row) -> Decimal:
    """Return a row's sum over its months."""
    return total(row.amounts.values())


def frame_of(
    rows: Iterable[Row], periods: Sequence[date], *, is_summed: bool
) -> "pd.DataFrame":
    """Return a statement as a frame: a column per month, and their sum if asked."""
    import pandas as pd

    lines = []
    for row in rows:
        amounts = [row.amounts.get(period, NOTHING) for period in periods]
        summed = {"Total": total(amounts)} if is_summed else {}
        names = [f"{period:%b %Y}" for period in periods]
        lines.append(
            {"Account": row.name, **dict(zip(names, amounts, strict=True)), **summed}
        )
    return pd.DataFrame(lines)


def _part(accounts: Iterable[Account], part: str) -> list[Account]:
    return [account for account in accounts if account.part == part]


def _lines(accounts: Iterable[Account]) -> list[Row]:
    """Return each statement line with its sum, and its accounts below it.

    A line that is one account of the same name stands for it.
    """
    lines: dict[str, list[Account]] = {}
    for account in accounts:
        is_shared = account.line == SHARED_LINE
        line = SHARED_NAMES[account.part] if is_shared else account.line
        lines.setdefault(line, []).append(account)
    rows: list[Row] = []
    for line, own in lines.items():
        rows.append(_row("line", line, own))
        if [one.name.casefold() for one in own] != [line.casefold()]:
            rows += [_row("account", f"{one.number} {one.name}", [one]) for one in own]
    return rows


def _total(name: str, added: Sequence[Account], taken: Sequence[Account] = ()) -> Row:
    return _row("total", name, added, taken)


def _row(
    kind: Kind, name: str, added: Sequence[Account], taken: Sequence[Account] = ()
) -> Row:
    every = [*added, *taken]
    periods = {period for account in every for period in account.amounts}
    amounts = {
        period: total(one.amounts.get(period, NOTHING) for one in added)
        - total(one.amounts.get(period, NOTHING) for one in taken)
        for period in periods
    }
    return Row(kind, name, amounts, tuple(account.number for account in every))


def _accounts(frame: "pd.DataFrame") -> list[Account]:
    """Return the accounts that are not zero in every month."""
    found = []
    for number, rows in groupby(rows_of(frame), key=lambda row: row["account_number"]):
        own = list(rows)
        one = own[0]
        amounts = {row["month"]: row["amount"] for row in own}
        if any(amounts.values()):
            named = (one["account_name"], one["part"], one["statement_line"])
            found.append(Account(number, *named, amounts))
    return found
