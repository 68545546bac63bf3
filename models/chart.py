"""The chart of accounts as the categorizer sees it: what may be chosen, and for what.

Here belongs reading the accounts frame and which account fits which direction. What
points to an account (words, vendors, history) does not belong here.
"""

from dataclasses import dataclass

import pandas as pd

from models.errors import CategorizerError
from models.features import DIRECTIONS

REQUIRED = ("account_number", "account_name", "is_categorizable", "applies_to")
# Choosing one of these would be abstaining with extra steps.
UNCATEGORIZED = frozenset({"4999", "6999"})


@dataclass(frozen=True)
class Account:
    """One account that lines may be put in."""

    number: str
    name: str
    directions: frozenset[str]
    hints: tuple[str, ...]


class Chart:
    """The accounts that may be chosen, in the order of their numbers."""

    def __init__(self, accounts: tuple[Account, ...]) -> None:
        self.accounts = tuple(sorted(accounts, key=lambda account: account.number))
        self.numbers = [account.number for account in self.accounts]
        self._by_number = {account.number: account for account in self.accounts}

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> "Chart":
        """Read a chart of accounts.

        Args:
            frame: account_number, account_name, is_categorizable and applies_to (ap, ar
                or both), with keyword_hints (parted by |) where there are any.

        Raises:
            CategorizerError: a column is missing, or nothing may be chosen.
        """
        missing = [name for name in REQUIRED if name not in frame.columns]
        if missing:
            raise CategorizerError(
                f"Cannot read the chart of accounts: columns {missing} are missing. "
                "Pass the chart with account_number, account_name, is_categorizable "
                "and applies_to."
            )
        rows = frame.to_dict(orient="records")
        accounts = tuple(
            _account(row) for row in rows if _is_true(row["is_categorizable"])
        )
        kept = tuple(a for a in accounts if a.number not in UNCATEGORIZED)
        if not kept:
            raise CategorizerError(
                "Cannot categorize: no account in the chart is categorizable. Check "
                "is_categorizable in the chart of accounts."
            )
        return cls(kept)

    def allows(self, number: str, direction: str) -> bool:
        """Return whether lines of this direction may be put in the account."""
        account = self._by_number.get(number)
        if account is None:
            return False
        return direction not in DIRECTIONS or direction in account.directions

    def label(self, number: str) -> str:
        """Return number and name, as people read accounts."""
        account = self._by_number.get(number)
        return number if account is None else f"{number} {account.name}"


def _account(row: dict[object, object]) -> Account:
    applies_to = str(row["applies_to"] or "").strip().lower()
    directions = DIRECTIONS if applies_to == "both" else (applies_to,)
    hints = row.get("keyword_hints")
    words = hints.split("|") if isinstance(hints, str) else []
    return Account(
        number=str(row["account_number"]).strip(),
        name=str(row["account_name"]).strip(),
        directions=frozenset(directions),
        hints=tuple(word.strip() for word in words if word.strip()),
    )


def _is_true(value: object) -> bool:
    return str(value).strip().lower() in {"true", "1", "t", "yes"}
