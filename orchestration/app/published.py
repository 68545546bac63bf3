"""Asking the published ledger, for pages.

Here belongs: a query's answer as a frame, kept until a newer ledger is published. Not
here: how the file is opened (reading.py), what pages ask.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from orchestration.app import picked
from orchestration.reading import PublishedLedger
from orchestration.settings import ConnectionFolder

if TYPE_CHECKING:
    import pandas as pd

KEPT_ANSWERS = 200


def ask(
    query: str, values: Sequence[Any] = (), *, folder: ConnectionFolder | None = None
) -> "pd.DataFrame":
    """Return what the chosen connection's ledger answers.

    The file is open only while the query runs. Amounts are `Decimal`, dates `date`,
    absent values `None`; a `list` among the values fills one mark, as an array.

    Args:
        query: DuckDB SQL, with a ``?`` for each value.
        values: What fills the marks.
        folder: Another connection's folder instead.

    Raises:
        LedgerError: Nothing has been published yet, or the file is damaged.
    """
    place = folder or picked.folder()
    return _answer(place, stamp(place), query, tuple(values))


def records(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """Return a frame's rows by column name."""
    return [dict(zip(frame.columns, row, strict=True)) for row in frame.to_numpy()]


def stamp(folder: ConnectionFolder) -> tuple[int, int]:
    """Return what changes whenever a ledger is published; zeros before the first."""
    try:
        facts = folder.ledger.stat()
    except FileNotFoundError:
        return (0, 0)
    return (facts.st_ino, facts.st_mtime_ns)


@st.cache_data(max_entries=KEPT_ANSWERS, show_spinner=False)
def _answer(
    folder: ConnectionFolder,
    published: tuple[int, int],
    query: str,
    values: tuple[Any, ...],
) -> "pd.DataFrame":
    """Ask once; ``published`` is part of what the answer is kept under."""
    del published
    with PublishedLedger(folder).open() as connection:
        answer = connection.execute(query, list(values)).to_arrow_table()
    frame: pd.DataFrame = answer.to_pandas(integer_object_nulls=True)
    return frame
