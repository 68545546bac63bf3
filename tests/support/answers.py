"""What the categorizer says of one line, at the instant its tests ask at."""

from datetime import UTC, datetime

import pandas as pd

from models import categorize

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


def first_answer(
    asked: pd.DataFrame, decided: pd.DataFrame, accounts: pd.DataFrame
) -> pd.Series:
    """Return what is said of the first line asked about."""
    return categorize(asked, decided, accounts, now=NOW).categories.iloc[0]
