"""How the categorizer does on older windows, on which its design may be chosen.

`python tests/benchmarks/older_windows.py PROTOCOL FILE...` prints the figures of
`bill-ledger evaluate` for parquet files in the shape that it takes, on up to four
windows of each: no row that `evaluate` scores is in one. Few-shot comes with the
baselines.
"""

import sys
from collections.abc import Iterator

import numpy as np
import pandas as pd

from models.evaluation import NEWEST_ROWS, SEEN, evaluate, table

ROWS, WINDOWS = 20_000, 4


def windows(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield windows, the newest first, whose newest fifths share no row."""
    ordered = rows.sort_values("txn_date", kind="stable").reset_index(drop=True)
    scored = len(ordered) - min(NEWEST_ROWS, len(ordered)) // 5
    days = ordered["txn_date"].to_numpy()
    older = ordered[: np.searchsorted(days, days[scored])]
    size = min(ROWS, len(older) * 4 // 5)
    ends = range(len(older), size - 1, -max(size // 4, 1))
    for end in [*ends][:WINDOWS]:
        yield older[max(end - ROWS, 0) : end].reset_index(drop=True)


def main(protocol: str, paths: list[str]) -> None:
    """Print the mean of each file's windows, then the mean over the files."""
    means = []
    for path in paths:
        found = [
            evaluate(rows, [protocol], with_baselines=protocol == "few-shot")[protocol]
            for rows in windows(pd.read_parquet(path, columns=[*SEEN, "label"]))
        ]
        frame = pd.DataFrame([row for rows in found for row in rows])
        means.append(_mean(frame))
        sys.stdout.write(f"{path}, {len(found)} windows\n{_shown(means[-1])}\n")
    sys.stdout.write(f"mean of {len(paths)} files\n{_shown(_mean(pd.concat(means)))}\n")


def _mean(frame: pd.DataFrame) -> pd.DataFrame:
    named = [name for name in ("name", "setting") if name in frame]
    return frame.groupby(named, sort=False).mean().reset_index()


def _shown(frame: pd.DataFrame) -> str:
    return table(frame.astype(object).where(frame.notna(), None).to_dict("records"))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
