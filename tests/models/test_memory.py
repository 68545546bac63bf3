"""What memory counts: every row of a vendor, or of a large one less."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from models.features import clean, with_keys
from models.memory import NAMES, Memory

DAY = date(2026, 1, 1)
AT = {name: NAMES.index(name) for name in ("all", "size", "known", "vendor")}


def rows_of(vendors: list[str], days: int = 0) -> pd.DataFrame:
    """Build rows with their keys, of which the same account is known beforehand."""
    rows = {
        "vendor_name": vendors,
        "amount": 10,
        "txn_date": DAY + timedelta(days=days),
        "doc_id": "",
    }
    return with_keys(clean(pd.DataFrame(rows))).assign(
        **{"#known": np.uint64(7), "#phrase": np.uint64(1)}
    )


def counted(memory: Memory, level: str) -> float:
    """Return what is counted for class 0 under the key of a line of vendor Small."""
    return float(memory.of_classes(rows_of(["Small"]), AT[level], 1)[0, 0])


@pytest.mark.parametrize(
    ("level", "expected"),
    [("all", 4.0), ("size", 4.0), ("known", 2.0), ("vendor", 1.0)],
)
def test_a_large_vendor_counts_less_for_others(level: str, expected: float) -> None:
    """Nine rows of one vendor count as three, or one, beside a small vendor's row."""
    memory = Memory()
    memory.learn(rows_of(["Large"] * 9 + ["Small"]), np.zeros(10, dtype=int), 1.0)

    assert counted(memory, level) == pytest.approx(expected)


@pytest.mark.parametrize("weight", [1.0, 3.0])
@pytest.mark.parametrize("level", AT)
def test_rows_learned_one_by_one_count_as_all_at_once(
    level: str, weight: float
) -> None:
    """Corrections that come singly are what a training on all of them counts."""
    vendors = ["Large"] * 5 + ["Small"] * 2
    at_once, singly = Memory(), Memory()
    at_once.learn(rows_of(vendors), np.zeros(7, dtype=int), weight)
    for vendor in vendors:
        singly.learn(rows_of([vendor]), np.zeros(1, dtype=int), weight)

    assert counted(singly, level) == pytest.approx(counted(at_once, level))


def test_a_steady_vendor_counts_like_one_that_is_new() -> None:
    """Where a vendor counts once, that is its newest row, however old its first is."""
    memory = Memory()
    for month in range(120):
        memory.learn(rows_of(["Steady"], 30 * month), np.zeros(1, dtype=int), 1.0)
    memory.learn(rows_of(["Small"], 30 * 119), np.zeros(1, dtype=int), 1.0)

    assert counted(memory, "known") == pytest.approx(2.0)
    rows = 1.0 / (1.0 - 0.5 ** (30 / 300))
    assert counted(memory, "all") == pytest.approx(1.0 + np.sqrt(rows), rel=1e-3)


def test_rows_without_a_vendor_are_of_one_each() -> None:
    """Strangers are no large vendor."""
    memory = Memory()
    memory.learn(rows_of([""] * 9), np.zeros(9, dtype=int), 1.0)

    assert counted(memory, "all") == pytest.approx(9.0)


def test_a_row_counts_half_after_ten_months() -> None:
    """Of rows 300 days apart the older one counts half."""
    memory = Memory()
    memory.learn(rows_of(["Small"]), np.zeros(1, dtype=int), 1.0)
    memory.learn(rows_of(["Small"], days=300), np.zeros(1, dtype=int), 1.0)

    assert counted(memory, "vendor") == pytest.approx(1.5)
