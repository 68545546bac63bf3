"""What a person is told of a running load, and whether one started it."""

import pytest

from bill_source import Progress
from orchestration.assets.ingest import pace


@pytest.mark.parametrize(
    ("step", "seconds", "words"),
    [
        (Progress("bills", 1200), 1, "1,200 rows"),
        (Progress("bills", 1200), 4, "1,200 rows, 300 a second"),
        (
            Progress("bills", 1200, total=3000),
            4,
            "1,200 of about 3,000 rows, 300 a second, 0:00:06 left",
        ),
        (
            Progress("bills", 3100, total=3000),
            10,
            "3,100 of about 3,000 rows, 310 a second, 0:00:00 left",
        ),
    ],
)
def test_a_lists_pace_is_told(step: Progress, seconds: float, words: str) -> None:
    """Rows at once; how fast and how long still, once that can be known."""
    assert pace(step, seconds) == words
