"""How DuckDB joins what the models join: by key, never every row with every row.

Here belongs: what makes a model's cost grow with the square of its rows. Not here: what
a build costs (tests/benchmarks/test_ledger_cost.py).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

pytestmark = pytest.mark.slow

EVERY_ROW_WITH_EVERY_ROW = {"BLOCKWISE_NL_JOIN", "NESTED_LOOP_JOIN"}
SMALL = {
    "int_locks_in_force": "locks with locks",
    "int_snapshots": "locks with settings",
    "int_records_linked": "entries that people wrote with seven kinds of documents",
    "int_lines_categorized": "the chart of accounts with two directions",
}
"""Models that may do it, since one side never grows."""


def operators(plan: Mapping[str, Any]) -> Iterator[str]:
    """The names of a plan's operators."""
    yield plan["name"].strip()
    for child in plan["children"]:
        yield from operators(child)


def test_no_model_meets_every_row_with_every_row(whole_ledger: Any) -> None:
    """A condition on one side of an outer join stands inside its key: see key_if."""
    compiled = (whole_ledger.compiled / "models").rglob("*.sql")
    models = [path for path in compiled if path.parent.suffix != ".yml"]
    plans = {
        path.stem: json.loads(
            whole_ledger.query(f"explain (format json) {path.read_text()}")[0][1]
        )
        for path in models
    }

    assert "int_cash_united" in plans
    quadratic = {
        name
        for name, plan in plans.items()
        if EVERY_ROW_WITH_EVERY_ROW & {op for part in plan for op in operators(part)}
    }
    assert quadratic <= set(SMALL)
