"""What the server needs of the rows it serves, wherever they come from.

Here belongs: one served row and the interface of a set of lists. Not here: the
generated company (books.py) or served files (files.py), which provide it.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bill_source.sandbox.answers import Body, row_text
from bill_source.sandbox.switches import Switches


@dataclass
class Row:
    """One record: its JSON body, what BILL would not show, and its text as served.

    ``raw`` is the text of a served file, which goes out as it is.
    """

    id: str
    body: Body
    hidden: dict[str, Any] = field(default_factory=dict)
    raw: bytes | None = None
    _text: tuple[tuple[Any, ...], bytes] | None = None

    def text(
        self,
        optional: tuple[str, ...],
        switches: Switches,
        hidden: frozenset[str] = frozenset(),
    ) -> bytes:
        """Return the record's JSON under these switches, encoded at most once."""
        if self.raw is not None:
            return self.raw
        style = (hidden, *_style(switches))
        if self._text is None or self._text[0] != style:
            self._text = style, row_text(self.body, optional, switches, hidden)
        return self._text[1]

    def forget_text(self) -> None:
        """Encode anew next time, because the body changed."""
        self._text = None


def _style(switches: Switches) -> tuple[Any, ...]:
    """Return the switches a row's text depends on."""
    return (
        switches.empty_fields,
        switches.timestamp_zone,
        switches.timestamp_precision,
        switches.payment_amounts,
        switches.unknown_values,
    )


class Store(Protocol):
    """A set of lists by name (catalog.py), and one organization."""

    def rows(self, name: str) -> Sequence[Row]:
        """Return a list's rows, in no promised order."""

    def find(self, name: str, row_id: str) -> Row | None:
        """Return one row by its id."""

    def children(self, name: str, parent_id: str) -> Sequence[Row] | None:
        """Return a list's rows below one parent; None when there is no such parent."""

    def version(self, name: str) -> Hashable:
        """Return a value that changes whenever the list does."""

    def organization(self) -> Row | None:
        """Return the organization's record, None when there is none to show."""

    def rates(self) -> Body:
        """Return what BILL charges for paying by card."""
