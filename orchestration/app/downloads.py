"""Tables as files to download: CSV and Excel that run nothing when opened.

Here belongs: both formats, cells that a spreadsheet would take for formulas, the two
buttons. Not here: exports of the whole ledger (exporting.py).
"""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:
    import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula's first character."""
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60


def offer(frame: "pd.DataFrame", name: str) -> None:
    """Draw two buttons that download a frame; files are made when they are pressed."""
    with st.container(horizontal=True):
        st.download_button(
            "CSV",
            lambda: csv_bytes(frame),
            f"{name}.csv",
            "text/csv",
            key=f"{name}_csv",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            "Excel",
            lambda: excel_bytes(frame),
            f"{name}.xlsx",
            EXCEL,
            key=f"{name}_xlsx",
            on_click="ignore",
            icon=":material/download:",
        )


def csv_bytes(frame: "pd.DataFrame") -> bytes:
    """Return a frame as CSV; text that begins like a formula gets an apostrophe."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([harmless(str(name)) for name in frame.columns])
    writer.writerows([harmless(value) for value in row] for row in _rows(frame))
    return file.getvalue().encode("utf-8-sig")


def excel_bytes(frame: "pd.DataFrame") -> bytes:
    """Return a frame as an Excel sheet: numbers are numbers, text is never a formula.

    Excel keeps fifteen digits of a number; an amount that has more is text.
    """
    import xlsxwriter

    file = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        looks = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "money": book.add_format({"num_format": "#,##0.00"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        for column, name in enumerate(map(str, frame.columns)):
            sheet.write_string(0, column, name, looks["head"])
            longest = max([len(name), *(len(str(v)) for v in frame.iloc[:, column])])
            sheet.set_column(column, column, min(longest + 2, WIDEST))
        for number, row in enumerate(_rows(frame), start=1):
            for column, value in enumerate(row):
                _write(sheet, number, column, value, looks)
        sheet.freeze_panes(1, 0)
    return file.getvalue()


def harmless(value: Any) -> Any:
    """Return a cell of a CSV file that no spreadsheet runs; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value


def _write(
    sheet: Any, row: int, column: int, value: Any, looks: dict[str, Any]
) -> None:
    from datetime import date, datetime

    if value is None:
        return
    if isinstance(value, Decimal) and _fits(value):
        sheet.write_number(row, column, value, looks["money"])
    elif isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    elif isinstance(value, date) and not isinstance(value, datetime):
        sheet.write_datetime(row, column, value, looks["day"])
    else:
        sheet.write_string(row, column, str(value))


def _fits(amount: Decimal) -> bool:
    """Whether a number of a spreadsheet holds this amount to the cent."""
    return len(amount.as_tuple().digits) <= 15  # noqa: PLR2004 - Excel's precision


def _rows(frame: "pd.DataFrame") -> Iterable[list[Any]]:
    """Yield a frame's rows; what is absent, of whatever type, is None."""
    absent = frame.isna()
    whole = frame.astype(object).where(~absent, None)
    return (list(row) for row in whole.itertuples(index=False, name=None))
