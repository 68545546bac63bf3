"""Few-shot figures of the newest rows from many draws instead of three.

`python tests/benchmarks/more_draws.py DRAWS FILE...` prints what `bill-ledger evaluate
--protocol few-shot` prints for parquet files in the shape that it takes, from as many
draws, none of which is one of its three.
"""

import sys

import pandas as pd

from models.evaluation import SEEN, evaluate, table
from models.protocols import SEEDS


def main(draws: int, paths: list[str]) -> None:
    """Print the figures of each file."""
    seeds = range(len(SEEDS), len(SEEDS) + draws)
    for path in paths:
        rows = pd.read_parquet(path, columns=[*SEEN, "label"])
        figures = evaluate(rows, ["few-shot"], seeds=seeds)["few-shot"]
        sys.stdout.write(f"{path}\n{table(figures)}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
