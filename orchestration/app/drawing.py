"""How the pages about the books draw: statements, and tables that can be clicked.

Here belongs: what several of these pages draw alike. Not here: single values and
columns (formats.py), charts (pictures.py), files (downloads.py).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from orchestration.app import downloads
from orchestration.app.books import statements
from orchestration.app.books.answers import NOTHING
from orchestration.app.formats import in_words, money_column, text_column
from orchestration.app.leading import MONTH_FORMAT

if TYPE_CHECKING:
    import pandas as pd
    from pandas.io.formats.style import Styler

INDENT = "\u2003"
DASH = "\u2013"
LABEL_WIDTH = 215
FIGURE_WIDTH = 170
CODES = frozenset(
    {
        "cause",
        "change",
        "check_name",
        "decided_by",
        "document_type",
        "element",
        "entry_type",
        "kind",
        "reason",
        "reasons",
    }
)
"""Columns of codes, which are shown as words."""
STRONG = "font-weight: 600"
LOOKS = {"line": STRONG, "account": "", "total": f"{STRONG}; background-color: #8882"}


def table(frame: "pd.DataFrame", columns: Mapping[str, Any], name: str) -> None:
    """Draw a table with its downloads; what has no column is only in the files."""
    st.dataframe(_readable(frame, columns), key=name, **_looks(columns, name))
    downloads.offer(frame, name)


def clicked_row(
    frame: "pd.DataFrame",
    columns: Mapping[str, Any],
    name: str,
    *,
    file: "Callable[[], pd.DataFrame] | None" = None,
    height: "int | Literal['auto', 'content']" = "auto",
) -> int | None:
    """Draw a table whose rows lead somewhere, with its downloads.

    Args:
        frame: The rows; what has no entry in ``columns`` is only in the files.
        columns: How each column looks, in order.
        name: What the table is called, in files too.
        file: Makes the frame to download, where that is more than is shown.
        height: As of `st.dataframe`.

    Returns:
        The place of the row that was clicked, if one was.
    """
    cell = _clicked(_readable(frame, columns), columns, name, height)
    downloads.offer(file or frame, name)
    return cell[0] if cell else None


def statement(
    rows: Sequence[statements.Row],
    months: Sequence[date],
    name: str,
    *,
    is_summed: bool,
) -> tuple[statements.Row, date | None] | None:
    """Draw a statement with its downloads.

    Returns:
        The row that was clicked and the month, none for their sum; if one was.
    """
    frame = statements.frame_of(rows, months, is_summed=is_summed)
    shown = frame.mask(frame == NOTHING, None)
    shown["Account"] = [
        f"{INDENT * 2 if row.kind == 'account' else ''}{row.name}" for row in rows
    ]
    columns = {
        "Account": text_column("", pinned=True, width=LABEL_WIDTH),
        **{column: money_column(column) for column in frame.columns[1:]},
    }
    looks = [LOOKS[row.kind] for row in rows]
    styled = shown.style.apply(lambda _: looks, axis="index")
    cell = _clicked(styled, columns, name, "content")
    downloads.offer(frame, name)
    if cell is None:
        return None
    by_label = {f"{month:{MONTH_FORMAT}}": month for month in months}
    return rows[cell[0]], by_label.get(cell[1])


def figures(values: Mapping[str, str]) -> None:
    """Draw the figures that matter most, side by side; on phones below each other."""
    with st.container(horizontal=True, gap="small"):
        for name, value in values.items():
            st.metric(name, value, border=True, width=FIGURE_WIDTH)


def facts(values: Mapping[str, Any]) -> None:
    """Draw what is known of one thing, name above value; nothing for what is not."""
    with st.container(horizontal=True, gap="medium"):
        for name, value in values.items():
            if value:
                with st.container(width="content", gap=None):
                    st.caption(name)
                    st.text(str(value))


def _readable(frame: "pd.DataFrame", columns: Mapping[str, Any]) -> "pd.DataFrame":
    """Return what is shown of a frame: codes as words, nothing and zero as a dash."""
    shown = frame[list(columns)].copy()
    for column in shown.columns:
        if column in CODES:
            shown[column] = [in_words(code) for code in shown[column].fillna("")]
        elif shown[column].dtype == "str":
            shown[column] = shown[column].fillna("")
        elif shown[column].dtype == "object":
            shown[column] = shown[column].mask(shown[column] == NOTHING, None)
    return shown


def _clicked(
    frame: "pd.DataFrame | Styler",
    columns: Mapping[str, Any],
    name: str,
    height: "int | Literal['auto', 'content']",
) -> tuple[int, str] | None:
    event = st.dataframe(
        frame,
        height=height,
        key=name,
        on_select="rerun",
        selection_mode="single-cell",
        **_looks(columns, name),
    )
    cells = event.selection.cells
    return (int(cells[0][0]), str(cells[0][1])) if cells else None


def _looks(columns: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return what every table has in common."""
    return {
        "hide_index": True,
        "column_config": dict(columns),
        "column_order": list(columns),
        "placeholder": DASH,
        "alt": name.replace("_", " "),
    }
