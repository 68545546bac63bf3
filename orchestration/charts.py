"""Small line charts as SVG, for the Dagster UI: no library, no font cache, no files.

Here belongs turning points between 0 and 1 into a picture. What they are does not.
"""

from collections.abc import Sequence

from orchestration.plots import picture

WIDTH, HEIGHT, EDGE = 460, 300, 46
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
Point = Sequence[float]


def chart(
    title: str,
    across: str,
    up: str,
    points: Sequence[Point],
    *,
    diagonal: bool = False,
) -> str:
    """Return a chart of points (x, y, ...) as Markdown; `diagonal` is where x = y."""
    guide = [((0.0, 0.0), (1.0, 1.0))] if diagonal else []
    size = f'width="{WIDTH}" height="{HEIGHT}"'
    font = 'font-family="sans-serif" font-size="11"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font}>',
        f'<rect {size} fill="white"/>',
        *_grid(),
        *[_line(ends, "#999", "4 3") for ends in guide],
        _line(points, "#1f5fbf", ""),
        *[_dot(point) for point in points],
        _text(WIDTH / 2, 16, title, "middle"),
        _text(WIDTH / 2, HEIGHT - 8, across, "middle"),
        _text(6, 16, up, "start"),
        "</svg>",
    ]
    return picture(title, parts)


def _grid() -> list[str]:
    parts = []
    for tick in TICKS:
        parts += [
            _line(((0.0, tick), (1.0, tick)), "#ddd", ""),
            _line(((tick, 0.0), (tick, 1.0)), "#ddd", ""),
            _text(_x(tick), HEIGHT - EDGE + 16, f"{tick:g}", "middle"),
            _text(EDGE - 6, _y(tick) + 4, f"{tick:g}", "end"),
        ]
    return parts


def _line(points: Sequence[Point], colour: str, dashes: str) -> str:
    path = " ".join(f"{_x(p[0]):.1f},{_y(p[1]):.1f}" for p in points)
    return (
        f'<polyline points="{path}" fill="none" stroke="{colour}"'
        f' stroke-width="1.5" stroke-dasharray="{dashes}"/>'
    )


def _dot(point: Point) -> str:
    return (
        f'<circle cx="{_x(point[0]):.1f}" cy="{_y(point[1]):.1f}" r="3"'
        ' fill="#1f5fbf"/>'
    )


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'


def _x(share: float) -> float:
    return EDGE + share * (WIDTH - 2 * EDGE)


def _y(share: float) -> float:
    return HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE)
