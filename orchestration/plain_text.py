"""A book as plain-text accounting, for hledger or beancount.

Here belongs: how each program writes accounts, amounts, names and entries. Not here:
what is read (books.py), where it is written to (exporting.py).

Names, numbers and memos are BILL's, so they are data: nothing in them may end a line or
a text, open a comment, set a tag or a date.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from orchestration.books import Account, Book, Entry

Program = Literal["hledger", "beancount"]
PROGRAMS: tuple[Program, ...] = get_args(Program)
CLASSES = {
    "asset": ("Assets", "A"),
    "liability": ("Liabilities", "L"),
    "equity": ("Equity", "E"),
    "revenue": ("Income", "R"),
    "other_income": ("Income", "R"),
    "cogs": ("Expenses", "X"),
    "expense": ("Expenses", "X"),
    "other_expense": ("Expenses", "X"),
}
"""Account types as root accounts, and as hledger's type codes."""

UNWRITABLE = re.compile(
    r"[\x00-\x20\x7f-\xa0\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+"
)
"""Spaces, control characters, line ends, turns of direction, half characters."""

MEANINGFUL = str.maketrans(';|"\\', ",/'/")
"""What opens a comment, parts payee from note, ends or escapes a text."""

MEANINGFUL_IN_TAGS = str.maketrans(",[]", " ()")
"""What ends a tag's value, and what hledger reads as the posting's date."""

NO_ENTRIES = date(1970, 1, 1)


def journal(book: Book, program: Program) -> Iterator[str]:
    """Yield the lines of a journal; equal books give equal journals."""
    accounts = {account.number: account_name(account) for account in book.accounts()}
    writer = WRITERS[program](accounts, party_names(book.parties()))
    yield f"; {book.basis} book, written by bill-ledger"
    yield from writer.head(book)
    for entry in book.entries():
        yield ""
        yield from writer.entry(entry)


def account_name(account: Account) -> str:
    """Return a name both programs accept: ``Assets:1010-Operating-Checking``."""
    text = f"{account.number}-{account.name}"
    words = "".join(letter if _is_plain(letter) else " " for letter in text).split()
    return f"{CLASSES[account.kind][0]}:{'-'.join(words)}"


def _is_plain(letter: str) -> bool:
    category = unicodedata.category(letter)
    return category.startswith("L") or category == "Nd"


def clean(text: str) -> str:
    """Return a text as one line in which no character means anything."""
    return UNWRITABLE.sub(" ", text.translate(MEANINGFUL)).strip()


def party_names(parties: Mapping[str, str]) -> dict[str, str]:
    """Return what to call each party: its name, with its id where names are equal."""
    names = {
        party: " ".join(clean(name).translate(MEANINGFUL_IN_TAGS).split())
        for party, name in parties.items()
    }
    counted = Counter(name.casefold() for name in names.values())
    return {
        party: name if name and counted[name.casefold()] == 1 else f"{name} ({party})"
        for party, name in names.items()
    }


def narration(entry: Entry) -> str:
    """Return what happened: the kind of event, the document's number, its text."""
    words = (entry.kind.replace("_", " "), entry.number, entry.memo)
    return clean(" ".join(word for word in words if word))


@dataclass(frozen=True)
class Hledger:
    """The journal format of hledger, which ledger reads too."""

    accounts: Mapping[str, str]
    parties: Mapping[str, str]

    def head(self, book: Book) -> Iterator[str]:
        """Declare the currency and each account with its type."""
        for currency in book.currencies():
            yield f"commodity {currency} 1000.00"
        for account in book.accounts():
            code = CLASSES[account.kind][1]
            yield f"account {self.accounts[account.number]}  ; type:{code}"

    def entry(self, entry: Entry) -> Iterator[str]:
        """Write date, code, payee and note, then a posting a line."""
        payee = self.parties.get(entry.party_id or "")
        note = narration(entry)
        yield f"{entry.day} ({entry.entry_id}) {f'{payee} | ' if payee else ''}{note}"
        for posting in entry.postings:
            party = self.parties.get(posting.party_id or "")
            yield (
                f"    {self.accounts[posting.account_number]}"
                f"  {entry.currency} {posting.amount}"
                f"{f'  ; party:{party}' if party else ''}"
            )


@dataclass(frozen=True)
class Beancount:
    """The format of beancount, where texts are quoted and a tag is metadata."""

    accounts: Mapping[str, str]
    parties: Mapping[str, str]

    def head(self, book: Book) -> Iterator[str]:
        """Ask for exact balances; open each account on the first day."""
        day = book.first_day() or NO_ENTRIES
        yield 'option "inferred_tolerance_default" "*:0"'
        for currency in book.currencies():
            yield f'option "operating_currency" "{currency}"'
            yield f"{day} commodity {currency}"
        for account in book.accounts():
            yield f"{day} open {self.accounts[account.number]}"

    def entry(self, entry: Entry) -> Iterator[str]:
        """Write date, payee and narration, the code, then a posting a line."""
        payee = self.parties.get(entry.party_id or "")
        yield f'{entry.day} * "{payee or ""}" "{narration(entry)}"'
        yield f'  code: "{entry.entry_id}"'
        for posting in entry.postings:
            yield (
                f"  {self.accounts[posting.account_number]}"
                f"  {posting.amount} {entry.currency}"
            )
            party = self.parties.get(posting.party_id or "")
            if party:
                yield f'    party: "{party}"'


WRITERS: Mapping[Program, type[Hledger] | type[Beancount]] = {
    "hledger": Hledger,
    "beancount": Beancount,
}
