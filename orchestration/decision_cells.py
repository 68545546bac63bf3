"""What one cell of a decisions file may hold.

Here belongs: checks of a single value, and what the chart of accounts allows. Not here:
which column has which check (decision_kinds.py), what several cells say together
(decision_rules.py).
"""

import csv
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache

from orchestration.settings import DBT_PROJECT
from orchestration.store import instant_text

Check = Callable[[str], str]
"""Returns the cleaned text of one cell, or raises ValueError with the reason."""

SUB_ACCOUNT = re.compile(r"(\d{4})-[A-Za-z0-9]{1,8}")
AMOUNT_LIMIT = 10**13
"""Amounts have 16 digits before the point: this leaves room for their sums."""
COMPUTED = frozenset({"3900", "4990", "6990"})
"""Net income of earlier years, and the cash book's own: the reports compute them."""
SETTLEMENT = frozenset({"4910", "5900", "6850"})
"""What a write-off or a discount may be booked to, beside the categories."""


def text(value: str) -> str:
    """Accept any text."""
    return value.strip()


def one_of(*values: str, **synonyms: str) -> Check:
    """Accept one of some words; a synonym is replaced by the word it stands for."""

    def check(value: str) -> str:
        word = synonyms.get(value.strip(), value.strip())
        if word not in values:
            raise ValueError(f"{value!r} is none of: {', '.join(values)}")
        return word

    return check


def instant(value: str) -> str:
    """Accept an ISO 8601 date or instant; without an offset it is UTC."""
    try:
        parsed = datetime.fromisoformat(value.strip())
    except ValueError:
        raise ValueError(f"{value!r} is no ISO 8601 date or instant") from None
    try:
        return instant_text(parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC))
    except OverflowError:
        raise ValueError(f"{value!r} is beyond the years there are") from None


def day(value: str) -> str:
    """Accept a date as yyyy-mm-dd."""
    try:
        return (
            datetime.strptime(value.strip(), "%Y-%m-%d")
            .replace(tzinfo=UTC)
            .date()
            .isoformat()
        )
    except ValueError:
        raise ValueError(f"{value!r} is no date (yyyy-mm-dd)") from None


def money(value: str) -> str:
    """Accept an exact amount with at most two decimals."""
    try:
        amount = Decimal(value.strip())
    except InvalidOperation:
        raise ValueError(f"{value!r} is no amount") from None
    if not amount.is_finite() or amount.copy_abs() >= AMOUNT_LIMIT:
        raise ValueError(f"{value!r} is no amount below {AMOUNT_LIMIT:,}")
    if amount != round(amount, 2):
        raise ValueError(f"{value!r} is no amount with at most two decimals")
    return f"{abs(amount) if amount == 0 else amount:.2f}"


def money_not_negative(value: str) -> str:
    """Accept an amount that is zero or more."""
    amount = money(value)
    if amount.startswith("-"):
        raise ValueError(f"{value!r} is negative")
    return amount


def one_side(value: str) -> str:
    """Accept a debit or a credit; nothing is written for zero."""
    amount = money_not_negative(value)
    return "" if Decimal(amount) == 0 else amount


def whole_number(value: str) -> str:
    """Accept a whole number of at most nine digits."""
    if not value.strip().lstrip("-").isdecimal() or len(value.strip()) > 9:  # noqa: PLR2004 - fits an INTEGER
        raise ValueError(f"{value!r} is no whole number")
    return str(int(value))


def true_or_false(value: str) -> str:
    """Accept true or false in any case."""
    return one_of("true", "false")(value.lower())


@cache
def chart_of_accounts() -> Mapping[str, Mapping[str, str]]:
    """Return the shipped chart of accounts by account number."""
    path = DBT_PROJECT / "seeds" / "chart_of_accounts.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["account_number"]: row for row in csv.DictReader(file)}


def category(value: str) -> str:
    """Accept the number of an account that a line may be booked to."""
    account = _account(value)
    if account["is_categorizable"] != "true":
        raise ValueError(
            f"{value} {account['account_name']} is kept by the posting rules and cannot"
            " be chosen as a category"
        )
    return value.strip()


def bank_account(value: str) -> str:
    """Accept a bank or card account, or a sub-account of one such as 1010-2."""
    account = _account(value)
    if not _is_bank(account):
        raise ValueError(
            f"{value} {account['account_name']} is no bank or card account"
        )
    return value.strip()


def settlement_account(value: str) -> str:
    """Accept what an open document may be settled to: see decision_rules.py."""
    account = _account(value)
    is_category = account["is_categorizable"] == "true"
    if not (is_category or value.strip() in SETTLEMENT or _is_bank(account)):
        raise ValueError(
            f"{value} {account['account_name']} is kept by the posting rules and cannot"
            " settle a document"
        )
    return value.strip()


def ledger_account(value: str) -> str:
    """Accept an account that a person may post to by hand."""
    account = _account(value)
    if value.strip() in COMPUTED:
        raise ValueError(
            f"{value} {account['account_name']} is computed and never posted to by hand"
        )
    return value.strip()


def is_bank_account(number: str) -> bool:
    """Tell whether an account, already checked, holds money or card debt."""
    return _is_bank(_account(number))


def _account(value: str) -> Mapping[str, str]:
    """Return the account of a number; of a bank sub-account, its main account."""
    number = value.strip()
    sub_account = SUB_ACCOUNT.fullmatch(number)
    account = chart_of_accounts().get(sub_account[1] if sub_account else number)
    if account is None or (sub_account and not _is_bank(account)):
        raise ValueError(f"{value!r} is no account of the chart of accounts")
    return account


def _is_bank(account: Mapping[str, str]) -> bool:
    return account["account_subtype"] in {"bank", "credit_card"}
