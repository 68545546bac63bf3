"""Columns written as words: the small language the lists are described in.

Here belongs: reading the words, and groups of words that several lists share. Not
here: which list has which columns, or the known values themselves (vocabulary.py).
"""

from bill_source.entities.entity import Column, snake
from bill_source.entities.vocabulary import KNOWN

TIMES = " createdTime:instant updatedTime:instant"
ADDRESS = "line1 line2 city stateOrProvince zipOrPostalCode country countryName"
CODING = (
    " classifications.chartOfAccountId classifications.accountingClassId"
    " classifications.departmentId classifications.locationId classifications.itemId"
)
LINE_CODING = CODING + " classifications.jobId"
PARTY_CODING = " classifications.employeeId classifications.customerId"
HEADER_CODING = (
    " classifications.accountingClassId classifications.departmentId"
    " classifications.jobId classifications.locationId"
)


def columns(text: str) -> tuple[Column, ...]:
    """Parse words such as ``id dueDate:date status@bill_status vendor_id=``.

    A word is ``[name=]path[:kind][@values]``: the path in BILL's JSON, from which the
    name is made unless given; the kind, text by default; the name of a known set of
    values. An empty path is the id of the parent that the list was asked for.
    """
    return tuple(_column(word) for word in text.split())


def _column(word: str) -> Column:
    rest, _, known = word.partition("@")
    place, _, kind = rest.partition(":")
    name, is_named, path = place.rpartition("=")
    keys = tuple(path.split(".")) if path else ()
    return Column(
        name if is_named else "_".join(snake(key) for key in keys),
        keys,
        kind or "text",  # type: ignore[arg-type]
        KNOWN[known] if known else frozenset(),
    )


def address(prefix: str) -> str:
    """Column words of one postal address below ``prefix``."""
    return "".join(f" {prefix}.{part}" for part in ADDRESS.split())
