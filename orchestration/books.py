"""A published ledger's books, entry by entry.

Here belongs: reading entries with their lines, accounts and parties of one book, in an
order that depends on content only. Not here: how another program wants them written
(plain_text.py), the tables themselves (dbt_project).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, get_args

from orchestration.failures import LedgerError

if TYPE_CHECKING:
    import duckdb

Basis = Literal["accrual", "cash"]
BASES: tuple[Basis, ...] = get_args(Basis)
TABLES = {"accrual": "journal_lines", "cash": "journal_lines_cash"}
ACCOUNTS = """
select account_number, account_name, account_type from accounts order by account_number
"""
PARTIES = "select party_id, display_name from parties order by party_id"
CURRENCIES = "select distinct currency from journal_entries order by currency"
LINES = """
select
    lines.entry_id, lines.entry_date, entries.party_id, entries.entry_type,
    entries.source_number, entries.memo, entries.currency,
    lines.account_number, lines.amount, lines.party_id
from {table} as lines
inner join journal_entries as entries using (org_id, entry_id)
order by lines.entry_date, lines.entry_id, lines.line_no, lines.line_id
"""
BATCH = 10_000


@dataclass(frozen=True)
class Account:
    """An account of the chart."""

    number: str
    name: str
    kind: str


@dataclass(frozen=True)
class Posting:
    """One line of an entry, debits positive."""

    account_number: str
    amount: Decimal
    party_id: str | None


@dataclass(frozen=True)
class Entry:
    """One entry with its lines; texts are as BILL has them."""

    entry_id: str
    day: date
    party_id: str | None
    kind: str
    number: str | None
    memo: str | None
    currency: str
    postings: tuple[Posting, ...]


@dataclass(frozen=True)
class Book:
    """One book of an open published ledger.

    Raises:
        LedgerError: The ledger was published before this book existed.
    """

    connection: "duckdb.DuckDBPyConnection"
    basis: Basis

    def __post_init__(self) -> None:
        tables = {name for (name,) in self._rows("show tables")}
        if self._table not in tables:
            raise LedgerError(
                f"The published ledger has no {self.basis} book: an earlier release"
                " made it. Sync the connection, then export again."
            )

    @property
    def _table(self) -> str:
        return TABLES[self.basis]

    def accounts(self) -> list[Account]:
        """Return every account, used or not."""
        return [Account(*row) for row in self._rows(ACCOUNTS)]

    def parties(self) -> dict[str, str]:
        """Return the name of each party."""
        return dict(self._rows(PARTIES))

    def currencies(self) -> list[str]:
        """Return the currency entries balance in; none while there are no entries."""
        return [currency for (currency,) in self._rows(CURRENCIES)]

    def first_day(self) -> date | None:
        """Return the day of the first entry."""
        ((day,),) = self._rows(f"select min(entry_date) from {self._table}")
        return day  # type: ignore[no-any-return]

    def entries(self) -> Iterator[Entry]:
        """Yield the entries by date; the ledger may be larger than memory."""
        cursor = self.connection.cursor()
        ((catalog,),) = self._rows("select current_catalog()")
        cursor.execute(f'use "{catalog}"')  # a cursor begins in the default one
        cursor.execute(LINES.format(table=self._table))
        batches = iter(lambda: cursor.fetchmany(BATCH), [])
        rows = (row for batch in batches for row in batch)
        for _, lines in groupby(rows, key=lambda row: row[0]):
            parts = list(lines)
            entry_id, day, party_id, kind, number, memo, currency = parts[0][:7]
            postings = tuple(Posting(*line[7:]) for line in parts)
            yield Entry(entry_id, day, party_id, kind, number, memo, currency, postings)

    def _rows(self, query: str) -> list[Any]:
        return self.connection.execute(query).fetchall()
