"""Frames of transactions as the columns everything else here reads.

COLUMNS is the input contract: what a caller's frame may hold. Here belongs making any
such frame complete and clean (missing columns, NaN, Decimal, dates of any kind). What
is learned from the columns does not belong here.
"""

import math
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

import numpy as np
import pandas as pd

from models.counting import BLANK, hashed, hashed_numbers, joined
from models.errors import CategorizerError
from models.wording import text_key, vendor_key

COLUMNS = (
    "vendor_name",
    "description",
    "amount",
    "currency",
    "txn_date",
    "doc_id",
    "department",
)
# `coded_as` is the account that a line has in BILL, where that may be looked at.
OPTIONAL_COLUMNS = ("direction", "item_name", "source_entity", "coded_as")
TEXT_COLUMNS = (
    "vendor_name",
    "description",
    "currency",
    "doc_id",
    "department",
    "direction",
    "item_name",
    "source_entity",
    "coded_as",
)
DIRECTIONS = ("ap", "ar")
UNKNOWN_DAY = -1
# A day from here on is a slip of the pen: as the newest day it would let every row that
# was ever learned count for nothing.
NEVER_REACHED = np.datetime64("2100-01-01", "D").astype(np.int64)
# The largest of these hundredths that divides an amount says how round it is.
ROUND_TO = (100_000, 10_000, 1_000, 500, 100, 50, 5)


def clean(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with every column present and typed, in the same order.

    Args:
        frame: rows with any of COLUMNS and OPTIONAL_COLUMNS; others are ignored.

    Returns:
        Text columns as str ("" when unknown), `amount` as float (NaN when unknown: it
        weighs evidence, it is never posted) and `day` as days since 1970 (-1: unknown).

    Raises:
        CategorizerError: the frame has no vendor_name and no description.
    """
    if not {"vendor_name", "description"} & set(frame.columns):
        raise CategorizerError(
            "Cannot read the rows: neither vendor_name nor description is among their "
            f"columns {sorted(map(str, frame.columns))}. Give at least one of them."
        )
    # As objects: text of pandas' own kind is slow to get out of.
    columns = {
        name: np.array(_texts(frame, name), dtype=object) for name in TEXT_COLUMNS
    }
    columns["amount"] = _amounts(frame)
    columns["day"] = _days(frame)
    made = {
        name: pd.Series(values, dtype=values.dtype) for name, values in columns.items()
    }
    return pd.DataFrame(made)


def with_keys(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the keys that memory counts under: names and texts, and all of them hashed.

    A key of nothing is `BLANK`; `is_nobody` tells rows that name no vendor.
    """
    vendors = _mapped(rows["vendor_name"], vendor_key)
    keyed = {
        "vendor": [f"{d}:{v}" for d, v in zip(rows["direction"], vendors, strict=True)],
        "text": _mapped(rows["description"], text_key),
        "series": _mapped(rows["doc_id"], document_series),
        "department": rows["department"].tolist(),
        "direction": rows["direction"].tolist(),
        "coded_as": rows["coded_as"].tolist(),
    }
    hashes = {f"#{name}": hashed(values) for name, values in keyed.items()}
    amounts = rows["amount"].to_numpy()
    is_known = np.isfinite(amounts)
    known = np.where(is_known, amounts, 0.0)
    size = np.sign(known) * np.log2(np.abs(known) + 1.0)
    of_amounts = {
        "#bucket": np.round(size * 2),
        "#step": np.round(size * 6),
        "#roundness": roundness(known),
        "#cents": np.round(known * 100),
    }
    for name, values in of_amounts.items():
        hashes[name] = np.where(is_known, hashed_numbers(values), BLANK)
    hashes["#weekday"] = hashed_numbers(rows["day"].to_numpy() % 7)
    is_nobody = np.array([not vendor for vendor in vendors], dtype=bool)
    hashes["#document"] = _documents(rows, is_nobody, hashes["#vendor"])
    texts = {n: pd.Series(keyed[n], rows.index, object) for n in ("vendor", "text")}
    # Put on all at once: one by one they cost a correction a fifth of its time.
    others = {"size": size, "is_nobody": is_nobody}
    keys = pd.DataFrame({**texts, **hashes, **others}, index=rows.index)
    return pd.concat([rows, keys], axis=1)


def _documents(
    rows: pd.DataFrame, is_nobody: np.ndarray, of_vendor: np.ndarray
) -> np.ndarray:
    """Return which rows are of one document, as hashes.

    Where documents have no number, what a vendor asks for on one day is one. Rows of
    which that is not known either are alone.
    """
    days, numbers = rows["day"].to_numpy(), rows["doc_id"].to_numpy()
    has_number = numbers != ""
    is_alone = ~has_number & (is_nobody | (days < 0))
    named = np.where(has_number, hashed(numbers.tolist()), hashed_numbers(days))
    alone = hashed_numbers(np.arange(len(rows)))
    return np.where(is_alone, alone, joined(of_vendor, named))


def document_series(number: str) -> str:
    """Return which run of numbers a document is from: how it starts, how long it is."""
    return f"{number[:2]}:{len(number)}" if number else ""


def roundness(amounts: np.ndarray) -> np.ndarray:
    """Return per amount the largest round step that it is a multiple of."""
    cents = np.round(np.abs(amounts) * 100)
    divides = [cents % step == 0 for step in ROUND_TO]
    return np.select(divides, list(ROUND_TO), 1)


def _texts(frame: pd.DataFrame, name: str) -> list[str]:
    if name not in frame.columns:
        return [""] * len(frame)
    return [
        value.strip() if isinstance(value, str) else _text(value)
        for value in frame[name].tolist()
    ]


def _text(value: object) -> str:
    unknown = value is None or value is pd.NA or value is pd.NaT
    if unknown or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value)


def _amounts(frame: pd.DataFrame) -> np.ndarray:
    if "amount" not in frame.columns:
        return np.full(len(frame), np.nan)
    return np.array([_number(value) for value in frame["amount"].tolist()], dtype=float)


def _number(value: object) -> float:
    try:
        number = float(value if isinstance(value, Decimal) else Decimal(str(value)))
    except (InvalidOperation, OverflowError, ValueError):
        return float("nan")
    return number if math.isfinite(number) else float("nan")


def _days(frame: pd.DataFrame) -> np.ndarray:
    if "txn_date" not in frame.columns:
        return np.full(len(frame), UNKNOWN_DAY, dtype=np.int64)
    instants = pd.to_datetime(
        pd.Series(frame["txn_date"].tolist(), dtype=object), errors="coerce", utc=True
    )
    # In days, as pandas' own unit holds some 300 years only. What is no date is far
    # before 1970.
    days = instants.dt.tz_localize(None).to_numpy().astype("datetime64[D]")
    numbers = days.astype(np.int64)
    is_known = ~np.isnat(days) & (numbers > UNKNOWN_DAY) & (numbers < NEVER_REACHED)
    return np.asarray(np.where(is_known, numbers, UNKNOWN_DAY))


def _mapped(values: pd.Series, key: Callable[[str], str]) -> list[str]:
    texts = values.tolist()
    known = {text: key(text) for text in set(texts)}
    return [known[text] for text in texts]
