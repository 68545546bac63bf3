"""Values are read exactly, or refused with their place and reason."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bill_source.answers import decode
from bill_source.values import UnreadableError, read_value


def read(kind: Any, text: str) -> Any:
    """Read JSON text as BILL sends it."""
    return read_value(kind, ("amount",), decode(text.encode()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1", Decimal("0.10")),
        ("12", Decimal("12.00")),
        ("12.340", Decimal("12.34")),
        ("1000000000.99", Decimal("1000000000.99")),
        ("9999999999999999.99", Decimal("9999999999999999.99")),
        ("-0.01", Decimal("-0.01")),
        ("1e2", Decimal("100.00")),
        ('"12.50"', Decimal("12.50")),
    ],
)
def test_amounts_are_exact(text: str, expected: Decimal) -> None:
    """An amount has the value its text has, to the cent."""
    assert read("money", text) == expected


@given(st.decimals(-(10**15), 10**15, places=2, allow_nan=False))
def test_any_amount_survives(amount: Decimal) -> None:
    """Every amount of two decimals comes through unchanged."""
    assert read("money", str(amount)) == amount


@pytest.mark.parametrize(
    "text",
    ["12.345", "1e999999", "99999999999999999", "true", '"twelve"', '""', "[]", "{}"],
)
def test_other_amounts_are_refused(text: str) -> None:
    """What is no exact amount of cents is refused, with the field's name."""
    with pytest.raises(UnreadableError, match=r"^amount: "):
        read("money", text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.8361234567", Decimal("0.83612346")),
        ("0.836", Decimal("0.83600000")),
        ("3", Decimal(3)),
    ],
)
def test_rates_have_eight_decimals(text: str, expected: Decimal) -> None:
    """A rate is rounded half-even at the eighth decimal."""
    assert read("rate", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"2026-12-30T23:15:23.127+00:00"', (23, 127_000)),
        ('"2026-12-30T23:15:23.127Z"', (23, 127_000)),
        ('"2026-12-30T23:15:23.127+0000"', (23, 127_000)),
        ('"2026-12-31T00:15:23+01:00"', (23, 0)),
        ('"2026-12-30T23:15:23"', (23, 0)),
    ],
)
def test_instants_are_read_in_every_shape(text: str, expected: tuple[int, int]) -> None:
    """BILL's three spellings, other offsets and none give the same instant in UTC."""
    second, micro = expected
    instant = datetime(2026, 12, 30, 23, 15, second, micro, tzinfo=UTC)
    assert read("instant", text) == instant


@pytest.mark.parametrize("text", ['"2026-02-28"', '"2026-02-28T00:00:00.000Z"'])
def test_dates_keep_their_day(text: str) -> None:
    """A date has no zone; midnight in UTC means its date part."""
    assert read("date", text) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("date", '"2026-02-30"'),
        ("date", '"20260228"'),
        ("date", '"02/28/2026"'),
        ("date", "20260228"),
        ("instant", '"yesterday"'),
        ("instant", "1767225600"),
        ("boolean", '"true"'),
        ("boolean", "1"),
        ("integer", "1.5"),
        ("integer", "1e30"),
    ],
)
def test_changed_types_are_refused(kind: Any, text: str) -> None:
    """A value of another type or shape than documented is not guessed at."""
    with pytest.raises(UnreadableError):
        read(kind, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [('"A"', "A"), ("12.50", "12.50"), ('{"a":1}', '{"a":1}'), ("true", "true")],
)
def test_text_takes_anything(text: str, expected: str) -> None:
    """A text column keeps the JSON text of what is not text."""
    assert read("text", text) == expected
