"""Listings go on to their end, and not beyond it."""

import pytest

from bill_source.answers import Page
from bill_source.entities import BY_TABLE
from bill_source.errors import BillResponseError
from bill_source.paging import MOST_RESTARTS, Place


def rows(first: int, count: int) -> tuple[bytes, ...]:
    """As many records, each its own."""
    return tuple(b'{"n": %d}' % number for number in range(first, first + count))


@pytest.mark.parametrize(
    ("table", "parameter"), [("bills", "page"), ("spend_transactions", "nextPage")]
)
def test_a_token_brings_the_next_page(table: str, parameter: str) -> None:
    """The token goes where the list takes it, and the first page needs none."""
    place = Place(BY_TABLE[table], 2)
    assert place.asked == {}
    assert place.move_on(Page(rows(0, 2), "t1"))
    assert place.asked == {parameter: "t1"}
    assert not place.move_on(Page(rows(2, 2)))


def test_an_empty_page_with_a_token_is_not_the_end() -> None:
    """Only a missing token ends a list of tokens."""
    assert Place(BY_TABLE["bills"], 2).move_on(Page((), "t1"))


def test_a_token_given_twice_is_an_error() -> None:
    """A list that goes in a circle is given up, however long the circle."""
    place = Place(BY_TABLE["bills"], 2)
    assert place.move_on(Page(rows(0, 2), "t1"))
    assert place.move_on(Page(rows(2, 2), "t2"))
    with pytest.raises(BillResponseError, match="same page token twice"):
        place.move_on(Page(rows(4, 2), "t1"))


def test_an_offset_counts_the_rows_so_far() -> None:
    """A full page is followed by the rows behind it, a shorter one by none."""
    place = Place(BY_TABLE["vendor_audit_trail"], 3)
    assert place.move_on(Page(rows(0, 3)))
    assert place.asked == {"start": "3"}
    assert place.move_on(Page(rows(3, 3)))
    assert place.asked == {"start": "6"}
    assert not place.move_on(Page(rows(6, 2)))
    assert place.asked == {}


def test_an_offset_without_effect_is_an_error() -> None:
    """The same full page again means that BILL does not look at the offset."""
    place = Place(BY_TABLE["vendor_audit_trail"], 3)
    place.move_on(Page(rows(0, 3)))
    with pytest.raises(BillResponseError, match="same rows"):
        place.move_on(Page(rows(0, 3)))


def test_a_listing_begins_again_a_few_times() -> None:
    """After a refused token the tokens of before are new again, but not for ever."""
    place = Place(BY_TABLE["bills"], 2)
    for _ in range(MOST_RESTARTS):
        assert place.move_on(Page(rows(0, 2), "t1"))
        assert place.restart()
        assert place.asked == {}
    assert not place.restart()
