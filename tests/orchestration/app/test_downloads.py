"""Downloads: spreadsheets run nothing, and amounts are exact."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from orchestration.app.downloads import csv_bytes, excel_bytes

EVIL = ["=1+1", "+1", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1"]


def cells(data: bytes) -> list[list[str]]:
    """The cells of a CSV file below its header."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[1:]


@pytest.mark.parametrize("text", EVIL)
def test_text_is_never_a_formula(text: str) -> None:
    """Not in a cell, not in a header, in neither format."""
    frame = pd.DataFrame({text: [text]})

    assert cells(csv_bytes(frame)) == [[f"'{text}"]]
    assert csv_bytes(frame).decode("utf-8-sig").lstrip('"').startswith("'")
    with zipfile.ZipFile(io.BytesIO(excel_bytes(frame))) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_numbers_stay_numbers() -> None:
    """Negative amounts, whole numbers, days and gaps are what they were."""
    frame = pd.DataFrame(
        {
            "amount": [Decimal("-1234.50"), None],
            "lines": [3, 4],
            "day": [date(2026, 3, 31), None],
        }
    )

    assert cells(csv_bytes(frame)) == [["-1234.50", "3", "2026-03-31"], ["", "4", ""]]
    with zipfile.ZipFile(io.BytesIO(excel_bytes(frame))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    assert b"<v>-1234.50</v>" in sheet
    assert b"<v>3</v>" in sheet


def test_an_amount_too_long_for_excel_is_text() -> None:
    """Excel would drop the cents of sixteen digits."""
    long = Decimal("12345678901234.56")
    with zipfile.ZipFile(
        io.BytesIO(excel_bytes(pd.DataFrame({"amount": [long]})))
    ) as book:
        assert str(long).encode() in book.read("xl/sharedStrings.xml")


def test_an_empty_table_has_its_header() -> None:
    """A file without rows opens too."""
    frame = pd.DataFrame({"amount": []})
    assert csv_bytes(frame).decode("utf-8-sig") == "amount\r\n"
    assert excel_bytes(frame)[:2] == b"PK"
