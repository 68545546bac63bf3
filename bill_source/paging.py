"""Where a listing stands between two pages, and proof that it moves on.

Here belongs: page tokens and offsets, and the guards against a list without an end.
Not here: asking for a page (client.py), cutting one into records (answers.py).
"""

from dataclasses import dataclass, field

from bill_source.answers import Page
from bill_source.entities import START, Entity
from bill_source.errors import BillResponseError

MOST_RESTARTS = 5
"""Listings begun again because BILL refused a page token of its own."""


@dataclass
class Place:
    """One listing's place: what to ask for next."""

    entity: Entity
    size: int
    token: str = ""
    restarts: int = 0
    _passed: set[str] = field(default_factory=set)
    _last: tuple[bytes, ...] = ()

    @property
    def asked(self) -> dict[str, str]:
        """The parameter that brings the next page; none for the first."""
        return {self.entity.next_parameter: self.token} if self.token else {}

    def restart(self) -> bool:
        """Go back to the first page; return whether that is worth trying."""
        self.token, self._last = "", ()
        self._passed.clear()
        self.restarts += 1
        return self.restarts <= MOST_RESTARTS

    def move_on(self, page: Page) -> bool:
        """Go behind a page; return whether there is more.

        Raises:
            BillResponseError: BILL gave the same place twice.
        """
        if self.entity.next_parameter == START:
            self.token = self._behind(page)
        else:
            self.token = page.next_token
        if self.token in self._passed:
            raise self._endless("the same page token")
        self._passed.add(self.token)
        return bool(self.token)

    def _behind(self, page: Page) -> str:
        """Return the offset behind a page; a page that is not full is the last."""
        if len(page.records) < self.size:
            return ""
        if page.records == self._last:
            raise self._endless("the same rows for another offset")
        self._last = page.records
        return str(int(self.token or "0") + len(page.records))

    def _endless(self, what: str) -> BillResponseError:
        return BillResponseError(
            f"Could not read {self.entity.table}: BILL gave {what} twice, so the list"
            " would never end."
        )
