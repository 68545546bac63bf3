"""Small pictures for Dagster's pages: bars as SVG inside a metadata value.

Here belongs: drawing bars, putting a drawing into Markdown. Not here: what is counted
(anomalies.py), curves (charts.py).

A picture is a few kilobytes of text in the event log and needs no library.
"""

import base64
from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape

BAR, GAP, HEIGHT, MARGIN = 28, 8, 160, 44
COLOUR = "#4f6bed"
MOST_BARS = 24
OPENING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
    ' font-family="sans-serif" font-size="11" fill="#555">'
)


def bars(title: str, values: Mapping[str, Decimal]) -> str:
    """Return a bar chart as Markdown that shows it; newest bars where there are many.

    A negative value is drawn as its size; its label has the sign.
    """
    shown = list(values.items())[-MOST_BARS:]
    top = max((abs(value) for _, value in shown), default=Decimal()) or Decimal(1)
    width = max(len(shown) * (BAR + GAP) + 2 * MARGIN, 7 * len(title) + 2 * MARGIN)
    parts = [
        OPENING.format(width=width, height=HEIGHT + 2 * MARGIN),
        f'<text x="{MARGIN}" y="18" font-size="13">{escape(title)}</text>',
    ]
    for place, (label, value) in enumerate(shown):
        parts.append(_bar(place, label, value, int(HEIGHT * abs(value) / top)))
    return picture(title, [*parts, "</svg>"])


def picture(title: str, parts: Sequence[str]) -> str:
    """Return the parts of an SVG as Markdown that shows it."""
    data = base64.b64encode("".join(parts).encode()).decode()
    return f"![{title}](data:image/svg+xml;base64,{data})"


def _bar(place: int, label: str, value: Decimal, height: int) -> str:
    left = MARGIN + place * (BAR + GAP)
    foot = HEIGHT + MARGIN
    return (
        f'<rect x="{left}" y="{foot - height}" width="{BAR}" height="{height}"'
        f' fill="{COLOUR}"><title>{escape(f"{label}: {value:,}")}</title></rect>'
        f'<text x="{left}" y="{foot - height - 4}">{_short(value)}</text>'
        f'<text transform="translate({left + 8},{foot + 10}) rotate(40)">'
        f"{escape(label)}</text>"
    )


def _short(value: Decimal) -> str:
    """Return a number in a few signs: 950, 12k, 3M."""
    for unit, sign in ((Decimal(1_000_000), "M"), (Decimal(1_000), "k")):
        if abs(value) >= unit:
            return f"{value / unit:.0f}{sign}"
    return f"{value:.0f}"
