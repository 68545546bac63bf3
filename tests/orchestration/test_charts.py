"""Charts are whole pictures inside Markdown, and name what they show."""

from base64 import b64decode
from xml.etree import ElementTree as ET

from orchestration.charts import chart


def test_a_chart_is_an_image_with_its_points_and_words() -> None:
    """The picture parses as SVG; each point has its dot, higher ones further up."""
    text = chart(
        "Reliability", "sure", "right", [(0.2, 0.1), (0.8, 0.9)], diagonal=True
    )

    head, _, coded = text.removesuffix(")").partition("base64,")
    picture = ET.fromstring(b64decode(coded))  # noqa: S314 - our own text
    name = "{http://www.w3.org/2000/svg}"
    dots = [dict(dot.attrib) for dot in picture.iter(f"{name}circle")]
    words = {word.text for word in picture.iter(f"{name}text")}
    assert head == "![Reliability](data:image/svg+xml;"
    assert {"Reliability", "sure", "right"} <= words
    assert [float(dot["cx"]) for dot in dots] == [119.6, 340.4]
    assert float(dots[0]["cy"]) > float(dots[1]["cy"])
