"""How values look: money, dates, shares, and text that is only text.

Here belongs: values as text, and columns of tables. Not here: values in files
(downloads.py), which values a page shows.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import streamlit as st

FACT_WIDTH = 150
MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=@/\"'])")


def plain(value: Any) -> str:
    """Return a value for a place where Streamlit reads Markdown, as the text it is.

    Names and descriptions come from BILL: whoever sends a bill chooses them.
    """
    line = " ".join(str("" if value is None else value).split())
    return MARKUP.sub(r"\\\1", line)


def money(amount: Decimal | int | None) -> str:
    """Return an amount with its cents and thousands: ``-1,234.50``."""
    return "" if amount is None else f"{amount:,.2f}"


def count(number: int | None, noun: str = "") -> str:
    """Return a number with thousands, and what is counted: ``1,234 lines``."""
    ending = "" if number == 1 or not noun else "s"
    return f"{number or 0:,} {noun}{ending}".strip()


def share(part: Decimal | float | None) -> str:
    """Return a share of one in percent, without decimals."""
    return "" if part is None else f"{part:.0%}"


def day(value: date | None) -> str:
    """Return a day as it stands in files: ``2026-03-31``."""
    return "" if value is None else value.strftime("%Y-%m-%d")


def instant(value: datetime | str | None) -> str:
    """Return an instant to the minute, in UTC; as text it comes from the store."""
    if not value:
        return ""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.strftime("%Y-%m-%d %H:%M UTC")


def facts(values: Iterable[tuple[str, str]]) -> None:
    """Draw labels and, below each, its value as plain text; two in a row on a phone."""
    with st.container(horizontal=True):
        for label, value in values:
            with st.container(gap=None, width=FACT_WIDTH):
                st.caption(label)
                st.text(value)


def text_column(label: str, **how: Any) -> Any:
    """Return a column of text."""
    return st.column_config.TextColumn(label, **how)


def money_column(label: str, **how: Any) -> Any:
    """Return a column of amounts: cents, thousands, right-aligned."""
    return st.column_config.NumberColumn(
        label, format="%,.2f", alignment="right", **how
    )


def count_column(label: str, **how: Any) -> Any:
    """Return a column of whole numbers, right-aligned."""
    return st.column_config.NumberColumn(label, format="%,d", alignment="right", **how)


def share_column(label: str, **how: Any) -> Any:
    """Return a column of shares of one, in percent, right-aligned."""
    return st.column_config.NumberColumn(
        label, format="percent", alignment="right", **how
    )


def day_column(label: str, **how: Any) -> Any:
    """Return a column of days."""
    return st.column_config.DateColumn(label, format="YYYY-MM-DD", **how)
