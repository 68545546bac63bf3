"""How a question gets its answer: the shape every question of the books shares.

Here belongs: the type of what answers, a frame's rows, an exact sum. Not here: the
questions (beside), opening the file (published.py).
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas as pd

NOTHING = Decimal("0.00")


class Ask(Protocol):
    """Answers a query with a frame: money is `Decimal`, days are dates."""

    def __call__(self, query: str, values: Sequence[Any] = ()) -> "pd.DataFrame":
        """Return the rows of a query."""
        ...


def rows_of(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """Return a frame's rows by column name; what is absent is None."""
    whole = frame.astype(object).where(~frame.isna(), None)
    names = [str(name) for name in frame.columns]
    return [
        dict(zip(names, row, strict=True))
        for row in whole.itertuples(index=False, name=None)
    ]


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Return the exact sum; of nothing it is 0.00."""
    return sum(amounts, NOTHING)
