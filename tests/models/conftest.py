"""What the categorizer's tests share: the real chart, lines, and a made-up ledger."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
SEED = Path(__file__).parents[2] / "dbt_project" / "seeds" / "chart_of_accounts.csv"
Lines = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def accounts() -> pd.DataFrame:
    """The chart of accounts that the ledger is built with."""
    return pd.read_csv(SEED, dtype=str)


@pytest.fixture
def lines() -> Lines:
    """Build lines from (vendor, description) pairs and columns for all of them."""

    def build(*pairs: tuple[object, object], **columns: object) -> pd.DataFrame:
        rows = [
            {
                "org_id": "org",
                "source_entity": "bill",
                "document_id": f"bill-{number}",
                "line_id": f"line-{number}",
                "line_ordinal": 1,
                "direction": "ap",
                "party_id": f"party-{vendor}",
                "vendor_name": vendor,
                "description": description,
                "amount": Decimal("180.00"),
                "currency": "USD",
                "txn_date": date(2026, 6, 1),
                "doc_id": f"bill-{number}",
                "department": "",
                "item_name": "",
                "is_decided": False,
            }
            | columns
            for number, (vendor, description) in enumerate(pairs, start=1)
        ]
        columns_of_none = build(("x", "x")).columns if not rows else None
        return pd.DataFrame(rows, columns=columns_of_none)

    return build


@pytest.fixture
def nothing_labelled(lines: Lines) -> pd.DataFrame:
    """What people decided, before they decided anything."""
    return lines().assign(account_number=None, effective_at=None)


@pytest.fixture(scope="session")
def ledger() -> tuple[pd.DataFrame, list[str]]:
    """Two years of 60 made-up vendors, some of them booked to two accounts by size."""
    chance = np.random.default_rng(7)
    trades = ["paper", "repair", "travel", "rent", "power", "legal"]
    rows, labels = [], []
    for number in range(1500):
        vendor = int(chance.integers(60))
        amount = round(float(np.exp(chance.normal(4 + vendor % 3, 1))), 2)
        rows.append(
            {
                "vendor_name": f"{trades[vendor % 6].title()} House {chr(65 + vendor)}",
                "description": f"{trades[vendor % 6]} no. {number}",
                "amount": Decimal(str(amount)),
                "currency": "USD",
                "txn_date": date(2024, 1, 1) + timedelta(days=number // 2),
                "doc_id": str(number),
                "department": "",
            }
        )
        is_large = vendor % 4 == 0 and amount > 150
        labels.append("large" if is_large else trades[vendor % 6])
    return pd.DataFrame(rows), labels
