"""The lines behind a figure: an account's journal lines with its running balance.

Here belongs: lines of one or several accounts in a range of days, searched and paged.
Not here: one entry or document (documents.py), statements (statements.py).
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from orchestration.app.books.answers import Ask, rows_of
from orchestration.books import TABLES, Basis

if TYPE_CHECKING:
    import pandas as pd

PAGE = 100
"""Lines to a page."""
ACCOUNTS = """
select account_number, account_name
from accounts
where account_number in (select account_number from {book})
order by account_number
"""
CHOSEN = """
with book as (
    select
        *,
        cast(
            sum(amount) over (
                order by entry_date, entry_id, line_no, line_id
                rows between unbounded preceding and current row
            ) as decimal(18, 2)
        ) as balance
    from {book}
    where list_contains(?, account_number) and entry_date <= ?
),

chosen as (select * from book where entry_date >= ?)
"""
NAMED = """
select
    lines.line_id, lines.entry_id, lines.entry_date, entries.entry_type,
    entries.source_number, parties.display_name as party_name,
    coalesce(lines.description, entries.memo) as description,
    lines.account_number, lines.account_name, lines.debit, lines.credit,
    lines.balance, lines.line_no
from {rows} as lines
left join journal_entries as entries using (org_id, entry_id)
left join parties on lines.org_id = parties.org_id
    and lines.party_id = parties.party_id
"""
ORDER = "order by entry_date, entry_id, line_no, line_id"
PAGED = f"""
{CHOSEN},

page as (select * from chosen {ORDER} limit ? offset ?)

select * exclude (line_no) from ({NAMED.format(rows="page")}) as named {ORDER}
"""
FOUND = f"""
{CHOSEN},

found as (
    select *
    from ({NAMED.format(rows="chosen")}) as named
    where contains(
        lower(concat_ws(' ', party_name, description, source_number, entry_type)), ?
    )
)
"""
PAGED_FOUND = f"""
{FOUND}
select * exclude (line_no) from found {ORDER} limit ? offset ?
"""
SUMS = """
select
    count(*) as lines,
    cast(coalesce(sum(debit), 0) as decimal(18, 2)) as debits,
    cast(coalesce(sum(credit), 0) as decimal(18, 2)) as credits
"""
SUMMED = f"""
{SUMS}
from {{book}}
where list_contains(?, account_number) and entry_date <= ? and entry_date >= ?
"""
SUMMED_FOUND = f"{FOUND} {SUMS} from found"
OPENING = """
select cast(coalesce(sum(amount), 0) as decimal(18, 2)) as opening
from {book}
where list_contains(?, account_number) and entry_date < ?
"""


@dataclass(frozen=True)
class Range:
    """Which lines: a book, accounts, the first and the last day, words to look for."""

    basis: Basis
    accounts: Sequence[str]
    first: date
    last: date
    words: str = ""

    @property
    def marks(self) -> list[Any]:
        """What fills the marks of a query, words last where they are looked for."""
        found = [self.words.strip().lower()] if self.words else []
        return [list(self.accounts), self.last, self.first, *found]


@dataclass(frozen=True)
class Sums:
    """What the lines of a range add up to; the opening balance counts them all."""

    lines: int
    opening: Decimal
    debits: Decimal
    credits: Decimal

    @property
    def closing(self) -> Decimal:
        """The balance at the end, debits positive; only of a range without words."""
        return self.opening + self.debits - self.credits


def last_day(month: date) -> date:
    """Return the last day of a month."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def accounts(ask: Ask, basis: Basis) -> dict[str, str]:
    """Return number and name of each account that a book uses."""
    rows = rows_of(ask(ACCOUNTS.format(book=TABLES[basis])))
    return {row["account_number"]: row["account_name"] for row in rows}


def lines(ask: Ask, which: Range, page: int = 1, size: int = PAGE) -> "pd.DataFrame":
    """Return one page of a range's lines, oldest first, debits positive in balance.

    Words are looked for in all lines, hence with every name; else only a page is named.
    """
    query = PAGED_FOUND if which.words else PAGED
    values = [*which.marks, size, (page - 1) * size]
    return ask(query.format(book=TABLES[which.basis]), values)


def sums(ask: Ask, which: Range) -> Sums:
    """Return how many lines a range has and what they add up to."""
    book = TABLES[which.basis]
    query = SUMMED_FOUND if which.words else SUMMED
    (row,) = rows_of(ask(query.format(book=book), which.marks))
    before = ask(OPENING.format(book=book), [list(which.accounts), which.first])
    return Sums(opening=rows_of(before)[0]["opening"], **row)
