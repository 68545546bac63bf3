"""Curves say what single figures hide, in numbers checked by hand."""

import numpy as np

from models.curves import curves
from models.metrics import Predictions


def test_curves_of_four_rows_are_what_paper_says() -> None:
    """The surest half is right, the rest half so; accounts count hits and namings."""
    matrix = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.55, 0.45]])
    truths = np.array(["rent", "fuel", "fuel", "rent"], dtype=object)

    found = curves(
        Predictions(np.array(["rent", "fuel"], dtype=object), matrix, truths)
    )

    assert found["coverage"] == [[0.25, 1.0], [0.5, 1.0], [0.75, 0.6667], [1.0, 0.75]]
    assert found["reliability"] == [
        [0.55, 1.0, 1],
        [0.6, 0.0, 1],
        [0.8, 1.0, 1],
        [0.9, 1.0, 1],
    ]
    assert found["accounts"] == [
        {
            "account": "fuel",
            "rows": 2,
            "found": 0.5,
            "named": 1,
            "right_when_named": 1.0,
        },
        {
            "account": "rent",
            "rows": 2,
            "found": 1.0,
            "named": 3,
            "right_when_named": 0.6667,
        },
    ]
