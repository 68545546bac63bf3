"""The charts of the review app, in Streamlit's own colours for light and dark.

Here belongs: drawing bars and lines from frames. Not here: the figures (books/), what
Dagster shows (plots.py, charts.py).

A length on a screen may be a float; figures beside it are exact.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from orchestration.app.books.spending import Burn

HEIGHT = 280
WITH_LEGEND = 360
SHORT = "~s"
EXACT = ",.2f"
MOST_KINDS = 7
"""Kinds of cost with a colour of their own; the others share one."""
OTHER = "Other"
GAIN, LOSS = "#2a9d74", "#d9654a"
"""Told apart on white and on black, and by people who see no red or green."""


def buckets(sums: Mapping[str, Decimal]) -> "alt.Chart":
    """Return open amounts by age."""
    import altair as alt

    frame = _frame({"bucket": list(sums), "open": _lengths(sums.values())})
    chart: alt.Chart = (
        alt.Chart(frame, height=HEIGHT - 60)
        .mark_bar(cornerRadiusEnd=3)
        .encode(
            x=alt.X("bucket:N", sort=list(sums), title=None, axis=_flat()),
            y=alt.Y("open:Q", title=None, axis=alt.Axis(format=SHORT)),
            tooltip=[
                alt.Tooltip("bucket:N", title="Age"),
                alt.Tooltip("open:Q", title="Open", format=EXACT),
            ],
        )
    )
    return chart


def over_time(cost: "pd.DataFrame") -> "alt.Chart":
    """Return cost by month, the largest kinds apart."""
    import altair as alt

    frame = _frame(
        {
            "month": [f"{month:%Y-%m}" for month in cost["month"]],
            "kind": list(cost["statement_line"]),
            "amount": _lengths(cost["amount"]),
        }
    )
    largest = frame.groupby("kind")["amount"].sum().nlargest(MOST_KINDS).index
    frame["kind"] = frame["kind"].where(frame["kind"].isin(largest), OTHER)
    chart: alt.Chart = (
        alt.Chart(frame, height=WITH_LEGEND)
        .mark_bar()
        .encode(
            x=alt.X("yearmonth(month):O", title=None, axis=_flat(format="%b %y")),
            y=alt.Y("sum(amount):Q", title=None, axis=alt.Axis(format=SHORT)),
            color=alt.Color(
                "kind:N",
                title=None,
                sort=[*largest, OTHER],
                legend=alt.Legend(orient="bottom", columns=2),
            ),
            tooltip=[
                alt.Tooltip("yearmonth(month):T", title="Month", format="%b %Y"),
                alt.Tooltip("kind:N", title="Kind"),
                alt.Tooltip("sum(amount):Q", title="Cost", format=EXACT),
            ],
        )
    )
    return chart


def top(vendors: "pd.DataFrame", measure: str) -> "alt.Chart":
    """Return the vendors of a frame as bars, in its order."""
    import altair as alt

    names = list(vendors["party_name"])
    frame = _frame({"vendor": names, "amount": _lengths(vendors[measure])})
    chart: alt.Chart = (
        alt.Chart(frame, height=WITH_LEGEND)
        .mark_bar(cornerRadiusEnd=3)
        .encode(
            x=alt.X("amount:Q", title=None, axis=alt.Axis(format=SHORT)),
            y=alt.Y("vendor:N", sort=names, title=None, axis=_flat(labelLimit=150)),
            tooltip=[
                alt.Tooltip("vendor:N", title="Vendor"),
                alt.Tooltip("amount:Q", title=measure.capitalize(), format=EXACT),
            ],
        )
    )
    return chart


def burn(months: "Sequence[Burn]") -> "alt.Chart":
    """Return cash gained or used up by month."""
    import altair as alt

    frame = _frame(
        {
            "month": [f"{one.month:%Y-%m}" for one in months],
            "net": _lengths(one.net for one in months),
            "way": ["Gained" if one.net >= 0 else "Used up" for one in months],
        }
    )
    colours = alt.Scale(domain=["Gained", "Used up"], range=[GAIN, LOSS])
    legend = alt.Legend(orient="bottom")
    chart: alt.Chart = (
        alt.Chart(frame, height=HEIGHT)
        .mark_bar(cornerRadiusEnd=3)
        .encode(
            x=alt.X("yearmonth(month):O", title=None, axis=_flat(format="%b %y")),
            y=alt.Y("net:Q", title=None, axis=alt.Axis(format=SHORT)),
            color=alt.Color("way:N", title=None, scale=colours, legend=legend),
            tooltip=[
                alt.Tooltip("yearmonth(month):T", title="Month", format="%b %Y"),
                alt.Tooltip("net:Q", title="Change", format=EXACT),
            ],
        )
    )
    return chart


def cash(months: "Sequence[Burn]") -> "alt.Chart":
    """Return what the bank accounts held at the end of each month."""
    import altair as alt

    frame = _frame(
        {
            "month": [f"{one.month:%Y-%m}" for one in months],
            "held": _lengths(one.closing for one in months),
        }
    )
    chart: alt.Chart = (
        alt.Chart(frame, height=HEIGHT)
        .mark_area(line=True, point=True, opacity=0.35)
        .encode(
            x=alt.X("yearmonth(month):O", title=None, axis=_flat(format="%b %y")),
            y=alt.Y("held:Q", title=None, axis=alt.Axis(format=SHORT)),
            tooltip=[
                alt.Tooltip("yearmonth(month):T", title="Month", format="%b %Y"),
                alt.Tooltip("held:Q", title="Cash", format=EXACT),
            ],
        )
    )
    return chart


def _frame(columns: Mapping[str, Sequence[Any]]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(columns)


def _lengths(amounts: Any) -> list[float]:
    return [float(amount) for amount in amounts]


def _flat(**how: Any) -> "alt.Axis":
    """Return an axis whose labels lie flat where there is room."""
    import altair as alt

    return alt.Axis(labelOverlap=True, labelAngle=0, **how)
