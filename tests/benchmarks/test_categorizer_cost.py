"""What the categorizer costs, beside TF-IDF + SVM: `make bench categorizer`."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).with_name("categorizer.py")
ROWS = 25_000
OURS, BASELINE = "bill-ledger", "TF-IDF + SVM"


def measured(name: str) -> dict[str, Any]:
    """Run one predictor in a process of its own; peak memory is the process's."""
    command = [sys.executable, str(PROGRAM), name, str(ROWS)]
    # One thread: CPU-seconds must not hang on who else is busy.
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        found = json.loads(process.stdout.read())
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = status
    return {**found, "peak": used.ru_maxrss // 1024}


def line(name: str, found: dict[str, Any]) -> str:
    """Return a line of the table that is printed."""
    return (
        f"{name:14} train {found['train_cpu']:6.1f} CPU-s"
        f"  predict {found['rows_per_second']:7,.0f} rows/CPU-s"
        f"  peak {found['peak']:5} MiB  accuracy {found['accuracy']:.3f}"
    )


@pytest.mark.timeout(1800)
def test_the_categorizer_is_cheap() -> None:
    """25,000 rows in a minute and a gibibyte, 20,000 a second, 50 ms a correction."""
    ours, baseline = measured(OURS), measured(BASELINE)

    print(f"\n{ROWS:,} rows to learn, 200 accounts")
    print(line(OURS, ours), f" a correction {ours['correction_ms']:.1f} ms")
    print(line(BASELINE, baseline))
    assert ours["train_cpu"] < 60
    assert ours["peak"] < 1024
    assert ours["rows_per_second"] >= 20_000
    assert ours["correction_ms"] < 50
    assert ours["accuracy"] > baseline["accuracy"]
