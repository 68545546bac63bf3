"""How soon an organization's own ways show on vendors it has not met yet.

Prints, for the made-up lines of tests/models/unseen, how many of those kept back are
right by the first suggestion, how many are decided, and how many of these are right,
after so many decisions: where people agree with the chart's ways, and where they put
five accounts' lines in five others.
"""

import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

from models import categorize

ROOT = Path(__file__).parents[2]
LINES = ROOT / "tests" / "models" / "unseen" / "small_companies.txt"
CHART = ROOT / "dbt_project" / "seeds" / "chart_of_accounts.csv"
NOW = datetime(2026, 6, 30, tzinfo=UTC)
SIZES, SEEDS, ASKED_FROM = (0, 50, 150, 300), range(4), 350
MOVED = {"6400": "6410", "6230": "6330", "6000": "6430", "6350": "6340", "6310": "6300"}


def read() -> tuple[pd.DataFrame, np.ndarray]:
    """Return the lines, and the account of each."""
    written = LINES.read_text(encoding="utf-8").splitlines()
    pairs = [line.split(" -> ") for line in written if line and line[0] != "#"]
    rows = []
    for number, (said, _) in enumerate(pairs):
        vendor, text, side = (part.strip() for part in said.split("|"))
        rows.append(
            {
                "source_entity": "bill" if side == "ap" else "invoice",
                "document_id": f"d{number}",
                "line_id": f"l{number}",
                "direction": side,
                "vendor_name": vendor,
                "description": text,
                "amount": Decimal("180.00"),
            }
        )
    return pd.DataFrame(rows), np.array([account for _, account in pairs])


def main() -> None:
    """Print a line for each number of decisions."""
    lines, usual = read()
    accounts = pd.read_csv(CHART, dtype=str)
    moved = np.array([MOVED.get(account, account) for account in usual])
    for name, truth in (("as the chart", usual), ("moved", moved)):
        for size in SIZES:
            found = []
            for seed in SEEDS:
                order = np.random.default_rng(seed).permutation(len(lines))
                known, asked = order[:size], order[ASKED_FROM:]
                labelled = lines.iloc[known].assign(
                    account_number=truth[known], effective_at=NOW - timedelta(days=2)
                )
                given = categorize(lines.iloc[asked], labelled, accounts, now=NOW)
                table = given.categories
                is_decided = (table["decided_by"] != "abstain").to_numpy()
                is_right = (table["suggestion_1"] == truth[asked]).to_numpy()
                found.append(
                    (is_right.mean(), is_decided.mean(), is_right[is_decided].mean())
                )
            shown = " ".join(f"{value:.3f}" for value in np.mean(found, axis=0))
            sys.stdout.write(f"{name}, {size} decisions: {shown}\n")


if __name__ == "__main__":
    main()
