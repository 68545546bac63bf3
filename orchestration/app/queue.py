"""The review queue, asked for in pages: what is in it now, filtered and searched.

Here belongs: the queries of page Review. Not here: how lines are ranked (dbt_project),
how they look (pages/review.py).

Lines that waiting decisions are about are left out: they are done.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from orchestration.app.deciding import Waiting
from orchestration.app.published import ask
from orchestration.rule_preview import moved
from orchestration.settings import ConnectionFolder

if TYPE_CHECKING:
    import pandas as pd

PAGE = 50
MOST_AT_ONCE = 5_000
REASONS = {
    "unplaced": "Nobody could place it",
    "on_balance_sheet": "Booked on the balance sheet",
    "perhaps_capital": "Perhaps an asset",
    "perhaps_no_expense": "Perhaps no expense",
    "doubt": "In doubt",
}
KEY = ("source_entity", "document_id", "line_id")
LEFT = """
from review_queue as queue
anti join
    (
        select unnest(
            from_json(
                cast(? as json),
                '[{"source_entity": "VARCHAR", "document_id": "VARCHAR",'
                || ' "line_id": "VARCHAR"}]'
            ),
            recursive := true
        )
    ) as decided
    on decided.source_entity = queue.source_entity
    and decided.document_id = queue.document_id
    and decided.line_id in ('', queue.line_id)
"""
UNMOVED = """
anti join
    ({moved}) as moved
    on moved.source_entity = queue.source_entity
    and moved.document_id = queue.document_id
    and moved.line_id = queue.line_id
"""
SEARCHED = """
where (? = '' or contains(
    lower(concat_ws(' ', party_name, description, document_id)), lower(?)
))
and (? = '' or review_reason = ?)
and (? = '' or account_number = ?)
"""
COUNT = "select count(*) as lines, coalesce(sum(money_at_risk), 0) as at_risk"
LINES = """
select
    source_entity, document_id, line_id, party_id, party_name, description, amount,
    document_date, account_number, account_name, suggestion_1, suggestion_2,
    suggestion_3, confidence, review_reason, explanation, money_at_risk
"""
ACCOUNTS = """
select account_number, account_name from accounts
where is_categorizable order by account_number
"""
DECIDED_BEFORE = """
select account_number, account_name, category_source, count(*) as lines,
    max(document_date) as last_date
from category_predictions
where party_id = ? and category_source in ('user', 'rule')
group by all
order by lines desc, account_number
limit 3
"""


@dataclass(frozen=True)
class Wanted:
    """What of the queue is wanted; empty is everything."""

    search: str = ""
    reason: str = ""
    account: str = ""

    @property
    def marks(self) -> tuple[str, ...]:
        """What fills the marks of `SEARCHED`."""
        pairs = (self.search.strip(), self.reason, self.account)
        return tuple(value for value in pairs for _ in range(2))


@dataclass(frozen=True)
class Queue:
    """The queue of one connection without what waiting decisions are about."""

    folder: ConnectionFolder
    waiting: Sequence[Waiting]
    wanted: Wanted

    def size(self) -> tuple[int, Decimal]:
        """Return how many lines there are, and the money at risk in them."""
        answer = self._ask(COUNT).iloc[0]
        return int(answer["lines"]), Decimal(answer["at_risk"])

    def page(self, number: int) -> "pd.DataFrame":
        """Return a page of lines, the first being 1."""
        return self._ask(LINES, "order by review_rank limit ? offset ?", PAGE, number)

    def suggested(self) -> "pd.DataFrame":
        """Return every line that has a suggestion, as far as one import takes them."""
        return self._ask(
            "select source_entity, document_id, line_id, suggestion_1",
            f"and suggestion_1 is not null order by review_rank limit {MOST_AT_ONCE}",
        )

    def _ask(
        self, head: str, tail: str = "", size: int | None = None, number: int = 1
    ) -> "pd.DataFrame":
        rules = any(one.kind == "category_rules" for one in self.waiting)
        query, values = moved(self.folder) if rules else ("", ())
        past = UNMOVED.format(moved=query) if rules else ""
        window = () if size is None else (size, size * (number - 1))
        return ask(
            f"{head} {LEFT} {past} {SEARCHED} {tail}",
            (self._decided(), *values, *self.wanted.marks, *window),
            folder=self.folder,
        )

    def _decided(self) -> str:
        return json.dumps(
            [
                dict(zip(KEY, one.target, strict=True))
                for one in self.waiting
                if one.kind == "category_overrides" and not one.is_undo
            ]
        )


def accounts(folder: ConnectionFolder) -> dict[str, str]:
    """Return the accounts a line may be booked to, by number, with number and name."""
    rows = ask(ACCOUNTS, folder=folder)
    return {
        str(number): f"{number} {name}"
        for number, name in zip(
            rows["account_number"], rows["account_name"], strict=True
        )
    }


def decided_before(folder: ConnectionFolder, party_id: Any) -> "pd.DataFrame":
    """Return what people and rules decided about a party's other lines."""
    return ask(DECIDED_BEFORE, (party_id,), folder=folder)
