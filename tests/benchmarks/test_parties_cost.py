"""What finding parties costs, beside grouping the same records by their names."""

import time
from collections.abc import Callable

import pandas as pd
import pytest
from suppliers import labelled

from models.parties import resolve
from models.party_names import read_name

EMPTY = pd.DataFrame(
    columns=[
        *("action", "source_entity", "source_id", "into_entity", "into_id"),
        *("name", "effective_at", "party_id"),
    ]
)


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the CPU time this process spends on the work."""
    before = time.process_time()
    work()
    return time.process_time() - before


@pytest.mark.parametrize("records", [2_000, 50_000])
def test_parties_of_many_records(records: int) -> None:
    """Fifty thousand vendors and customers are resolved in a minute of one core."""
    known = labelled(9, records * 3 // 4, records // 4).records
    names = known["raw_name"].tolist()
    baseline = cpu_seconds(lambda: pd.Series(map(read_name, names)).nunique())
    cost = cpu_seconds(lambda: resolve(known, EMPTY, EMPTY))

    print(
        f"\n{records:6} records: {cost:5.1f} CPU-s; names alone {baseline:4.1f} CPU-s"
    )
    assert cost < 60
